import type { AgentState } from '../../shared/domain/people/agent-state.js';
import { countVisit, zeroFacts, type FactCount } from '../../shared/domain/figures/count.js';
import { figureOf, STANDARD_SERVICE_LEVEL } from '../../shared/domain/figures/registry.js';
import type { Queue } from '../queue.js';
import type { ReplayedCall, ReplayedDay, ReplayOutcome, Shift } from './replay.js';
import type { WaitEntry } from '../waits/wait-log.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** One change of an agent's state, as routing keeps it. */
export interface StateEntry {
  readonly entryId: string;
  readonly agentId: AgentId;
  readonly at: Date;
  readonly to: AgentState;
  readonly callId?: CallId;
}

const atWork: readonly AgentState[] = ['ready', 'offered', 'on-call', 'wrap-up'];

/** A stored day as a replay needs it: who called when, how long each call was talked on, and who was at work. */
export function dayOf(entries: readonly WaitEntry[], states: readonly StateEntry[], endMs: number): ReplayedDay {
  const talks = talksOf(states);
  const calls = new Map<string, ReplayedCall>();
  for (const entry of entries) {
    const { callId, queueId, at, waitedMs, what } = entry;
    const known = calls.get(callId);
    if (what === 'queued' && known === undefined) {
      const { priority = 0, skills = {}, preferredAgentId } = entry;
      const preferred = preferredAgentId === undefined ? {} : { preferredAgentId };
      calls.set(callId, { callId, queueId, atMs: at.getTime() - waitedMs, priority, skills, ...preferred });
    } else if (what === 'left' && known !== undefined && entry.outcome === 'abandoned') {
      calls.set(callId, { ...known, patienceMs: at.getTime() - known.atMs });
    }
  }
  return {
    calls: [...calls.values()].map((call) => {
      const handledMs = talks.get(call.callId);
      return handledMs === undefined ? call : { ...call, handledMs };
    }),
    shifts: shiftsOf(states, endMs),
  };
}

/** How long agents talked on each call, all agents of a call added up. */
function talksOf(states: readonly StateEntry[]): Map<string, number> {
  const talks = new Map<string, number>();
  const since = new Map<string, { readonly callId: CallId; readonly atMs: number }>();
  for (const { agentId, at, to, callId } of states) {
    const talk = since.get(agentId);
    if (talk !== undefined && (to !== 'on-call' || talk.callId !== callId)) {
      talks.set(talk.callId, (talks.get(talk.callId) ?? 0) + at.getTime() - talk.atMs);
      since.delete(agentId);
    }
    if (to === 'on-call' && callId !== undefined && since.get(agentId) === undefined) since.set(agentId, { callId, atMs: at.getTime() });
  }
  return talks;
}

function shiftsOf(states: readonly StateEntry[], endMs: number): Shift[] {
  const shifts: Shift[] = [];
  const since = new Map<string, number>();
  for (const { agentId, at, to } of states) {
    const fromMs = since.get(agentId);
    if (atWork.includes(to)) {
      if (fromMs === undefined) since.set(agentId, at.getTime());
    } else if (fromMs !== undefined) {
      since.delete(agentId);
      shifts.push({ agentId, fromMs, toMs: at.getTime() });
    }
  }
  for (const [agentId, fromMs] of since) shifts.push({ agentId, fromMs, toMs: endMs });
  return shifts.sort((a, b) => a.fromMs - b.fromMs || (a.agentId < b.agentId ? -1 : 1));
}

/** What really became of a day's calls. */
export function outcomesOf(entries: readonly WaitEntry[]): ReplayOutcome[] {
  const outcomes = new Map<string, ReplayOutcome>();
  for (const { what, callId, queueId, waitedMs, outcome, agentId } of entries) {
    if (what !== 'left') continue;
    const became = outcome === 'answered' || outcome === 'abandoned' ? outcome : outcome === 'ended' ? 'left-waiting' : 'overflowed';
    outcomes.set(callId, { callId, queueId, outcome: became, waitedMs, ...(agentId === undefined ? {} : { agentId }) });
  }
  return [...outcomes.values()];
}

/** The figures of one queue on one day. */
export interface ReplayFigures {
  readonly queueId: QueueId;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly overflowed: number;
  /** In percent, the standard service level; null without a call to judge. */
  readonly serviceLevelPercent: number | null;
  /** Mean over the answered callers; null when nobody was answered. */
  readonly meanWaitMs: number | null;
  readonly longestWaitMs: number;
}

export function figuresOf(outcomes: readonly ReplayOutcome[], queues: readonly Queue[]): ReplayFigures[] {
  return queues.flatMap((queue) => {
    const of = outcomes.filter(({ queueId }) => queueId === queue.id);
    if (of.length === 0) return [];
    const { thresholdMs } = queue.serviceLevel;
    const count = zeroFacts();
    for (const { outcome, waitedMs } of of)
      if (outcome === 'left-waiting') countVisit(count, { thresholdMs }, waitedMs);
      else countVisit(count, { outcome: outcome === 'overflowed' ? 'overflow' : outcome, waitMs: waitedMs, thresholdMs });
    return [
      {
        queueId: queue.id,
        offered: count.entered,
        answered: count.answered,
        abandoned: count.abandoned,
        overflowed: count.entered - count.answered - count.abandoned,
        serviceLevelPercent: figureOf(STANDARD_SERVICE_LEVEL, count).value,
        meanWaitMs: asaMs(count),
        longestWaitMs: Math.max(0, ...of.map(({ waitedMs }) => waitedMs)),
      },
    ];
  });
}

function asaMs(count: FactCount): number | null {
  const { value } = figureOf('asa', count);
  return value === null ? null : value * 1_000;
}

/** The two outcomes of one call, side by side. */
export interface ReplayDifference {
  readonly callId: CallId;
  readonly really?: ReplayOutcome;
  readonly asIs?: ReplayOutcome;
  readonly changed?: ReplayOutcome;
}

/** The calls for which the change matters most: first those with a different outcome, then by the largest difference in waiting. */
export function differencesOf(
  really: readonly ReplayOutcome[],
  asIs: readonly ReplayOutcome[],
  changed: readonly ReplayOutcome[],
  limit: number,
): ReplayDifference[] {
  const [before, truth] = [asIs, really].map((outcomes) => new Map(outcomes.map((outcome) => [outcome.callId, outcome])));
  const weight = (after: ReplayOutcome): number => {
    const was = before?.get(after.callId);
    return was === undefined || was.outcome !== after.outcome ? Number.MAX_SAFE_INTEGER : Math.abs(after.waitedMs - was.waitedMs);
  };
  return changed
    .map((after) => ({ after, by: weight(after) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by || (a.after.callId < b.after.callId ? -1 : 1))
    .slice(0, limit)
    .map(({ after }) => {
      const [was, real] = [before?.get(after.callId), truth?.get(after.callId)];
      return {
        callId: after.callId,
        changed: after,
        ...(was === undefined ? {} : { asIs: was }),
        ...(real === undefined ? {} : { really: real }),
      };
    });
}
