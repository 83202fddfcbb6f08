import { agentStates, type AgentState } from '../../shared/domain/people/agent-state.js';
import type { Agent } from '../agents/agent-machine.js';
import { askedLevels, hasSkills, loweredBy, type Skills } from './ranking.js';
import { isFree, type Roster } from './roster.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** A waiting call. */
export interface WaitingCall {
  readonly callId: CallId;
  readonly queueId: QueueId;
  /** Higher goes first. */
  readonly priority: number;
  /** The place in line: since the caller first entered a queue; a returned call keeps it. */
  readonly waitingSinceMs: number;
  /** When this visit to the queue began: what the queue's rings and its wait for the preferred agent count from. */
  readonly queuedAtMs: number;
  /** Waiting time in earlier visits. */
  readonly waitedBeforeMs?: number;
  /**
   * An agent of this queue has answered this call before, or an agent waits for a colleague: the call does not count as another caller of
   * the queue.
   */
  readonly returned?: boolean;
  readonly skills: Readonly<Record<string, number>>;
  readonly preferredAgentId?: string;
  /** Agents who declined or missed this call before. */
  readonly avoid: readonly string[];
  /** When the last of them did so. */
  readonly avoidedAtMs?: number;
  /** The ended call whose caller is to be called back: nobody is on the line, and an agent calls when the turn comes. */
  readonly callbackOf?: string;
}

export type SkipReason = 'not-ready' | 'no-sound' | 'seat-busy' | 'skill-missing' | 'avoided' | 'waiting-for-preferred';

/** One agent in a decision: why chosen, or why not. */
export interface Considered {
  readonly agentId: AgentId;
  readonly verdict: 'chosen' | 'ranked-lower' | 'skipped';
  readonly reason?: SkipReason;
  /** What an agent who was not ready was doing. */
  readonly state?: AgentState;
  /** The value that the strategy compared, smaller is better; the tie-break is the agent's id. */
  readonly score?: number;
}

/** How many were skipped for each reason; those who were not ready are listed by state: `not-ready:on-call`. */
export type SkipCounts = Readonly<Record<string, number>>;

export interface Decision {
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly waitedMs: number;
  /** By how much waiting has lowered the required levels. */
  readonly loweredBy: number;
  readonly chosen: readonly string[];
  /** The agents who could take the call, best first; then those who were skipped. At most `LISTED`: `skipped` counts all. */
  readonly considered: readonly Considered[];
  readonly skipped: SkipCounts;
}

// Looked up instead of concatenated: a decision may count ten thousand agents.
const NOT_READY = Object.fromEntries(agentStates.map((state) => [state, `not-ready:${state}`])) as Record<AgentState, string>;

const passedReasons = ['no-sound', 'seat-busy', 'avoided', 'skill-missing', 'waiting-for-preferred'] as const;
const NOBODY: ReadonlySet<string> = new Set();

/** The most agents who are listed one by one in a decision. */
export const LISTED = 200;

/** The agents who could take a call, and how many of the free ones cannot. */
interface Candidates {
  readonly waitedMs: number;
  readonly lowered: number;
  readonly count: number;
  /** Free agents with the required levels, best first, including those who avoid the call. */
  readonly able: Iterable<Agent>;
  readonly avoided: ReadonlySet<string>;
  readonly preferred: Agent | undefined;
  readonly waitsForPreferred: boolean;
  readonly asked: Skills;
  readonly passed: Readonly<Record<Exclude<SkipReason, 'not-ready'>, number>>;
}

/** Agents are counted, not examined one by one: only those who avoid the call and the preferred one are looked up. */
function candidates(call: WaitingCall, roster: Roster, nowMs: number): Candidates {
  const { queue } = roster;
  const waitedMs = nowMs - call.queuedAtMs;
  const lowered = loweredBy(queue, waitedMs);
  const asked = askedLevels(queue.skills, call.skills, lowered);
  const able = roster.able(asked);
  const avoided = call.avoid.length === 0 ? NOBODY : new Set(call.avoid);
  const preferred = call.preferredAgentId === undefined ? undefined : roster.member(call.preferredAgentId);
  const waitsForPreferred = preferred !== undefined && waitedMs < queue.stickyForMs && mayComeFree(preferred);
  let [avoiding, ableButAvoiding] = [0, 0];
  for (const agentId of avoided) {
    const agent = roster.member(agentId);
    if (agent === undefined || !isFree(agent)) continue;
    avoiding += 1;
    if (hasSkills(agent, asked)) ableButAvoiding += 1;
  }
  const mayTakeIt = able.size - ableButAvoiding;
  const isFirst = preferred !== undefined && isFree(preferred) && hasSkills(preferred, asked) && !avoided.has(preferred.agentId);
  const count = waitsForPreferred ? Number(isFirst) : mayTakeIt;
  return {
    waitedMs,
    lowered,
    count,
    able,
    avoided,
    preferred: isFirst ? preferred : undefined,
    waitsForPreferred,
    asked,
    passed: {
      'no-sound': roster.silent,
      'seat-busy': (roster.counts.get('ready') ?? 0) - roster.silent - roster.free,
      avoided: avoiding,
      'skill-missing': roster.free - avoiding - mayTakeIt,
      'waiting-for-preferred': mayTakeIt - count,
    },
  };
}

/**
 * Which agent on the queue's roster gets this call. Pure and deterministic: the same facts give the same answer, and equal scores are
 * decided by the agent's id. Every member is accounted for, by name or in the counts.
 */
export function decide(call: WaitingCall, roster: Roster, nowMs: number): Decision {
  return decisionOf(call, roster, nowMs, candidates(call, roster, nowMs));
}

/** The same, but only when somebody can take the call; otherwise no decision is composed, because nobody would read it. */
export function decideIfAny(call: WaitingCall, roster: Roster, nowMs: number): Decision | undefined {
  const found = candidates(call, roster, nowMs);
  return found.count === 0 ? undefined : decisionOf(call, roster, nowMs, found);
}

function decisionOf(call: WaitingCall, roster: Roster, nowMs: number, found: Candidates): Decision {
  const { queue } = roster;
  // A callback is one outbound call by one agent: it cannot ring everywhere.
  const everywhere = queue.strategy === 'ring-all' && call.callbackOf === undefined;
  const best = firstOf(found, everywhere ? found.count : LISTED);
  const chosen = everywhere ? best : best.slice(0, 1);
  const ranked = best.slice(0, LISTED).map((agent, rank): Considered => ({
    agentId: agent.agentId,
    verdict: rank < chosen.length ? 'chosen' : 'ranked-lower',
    score: roster.score(agent),
  }));
  return {
    callId: call.callId,
    queueId: queue.id,
    waitedMs: found.waitedMs,
    loweredBy: found.lowered,
    chosen: chosen.map(({ agentId }) => agentId),
    considered: [...ranked, ...passedBy(roster, found, LISTED - ranked.length)],
    skipped: skippedOf(roster, found),
  };
}

/** The best agents, up to this many: the preferred agent, then the others in the strategy's order. */
function firstOf({ able, avoided, preferred, waitsForPreferred }: Candidates, atMost: number): Agent[] {
  const first = preferred === undefined ? [] : [preferred];
  if (waitsForPreferred) return first;
  for (const agent of able) {
    if (first.length >= atMost) break;
    if (agent.agentId !== preferred?.agentId && !avoided.has(agent.agentId)) first.push(agent);
  }
  return first;
}

/** The first skipped agents, in the queue's order, each with the reason. */
function passedBy({ members }: Roster, found: Candidates, atMost: number): Considered[] {
  const passed: Considered[] = [];
  for (const agent of members) {
    if (passed.length >= atMost) break;
    const { agentId, state } = agent;
    const reason = whyNot(agent, found);
    if (reason === 'not-ready') passed.push({ agentId, verdict: 'skipped', reason, state });
    else if (reason !== undefined) passed.push({ agentId, verdict: 'skipped', reason });
  }
  return passed;
}

/** Why an agent does not get the call. */
function whyNot(agent: Agent, { avoided, asked, preferred, waitsForPreferred }: Candidates): SkipReason | undefined {
  if (agent.state !== 'ready') return 'not-ready';
  if (!agent.mediaUp) return 'no-sound';
  if (!isFree(agent)) return 'seat-busy';
  if (avoided.has(agent.agentId)) return 'avoided';
  if (!hasSkills(agent, asked)) return 'skill-missing';
  return waitsForPreferred && agent.agentId !== preferred?.agentId ? 'waiting-for-preferred' : undefined;
}

function skippedOf({ counts }: Roster, { passed }: Candidates): SkipCounts {
  const skipped: Record<string, number> = {};
  for (const reason of passedReasons) if (passed[reason] > 0) skipped[reason] = passed[reason];
  for (const [state, many] of counts) if (state !== 'ready' && many > 0) skipped[NOT_READY[state]] = many;
  return skipped;
}

const mayComeFree = ({ state }: Agent): boolean => state === 'ready' || state === 'on-call' || state === 'wrap-up' || state === 'offered';

/** All waiting time up to now, without conversations. */
export const waitedInAll = ({ queuedAtMs, waitedBeforeMs = 0 }: WaitingCall, nowMs: number): number =>
  waitedBeforeMs + Math.max(0, nowMs - queuedAtMs);

/** Who is served first when several wait: by the call's priority, then the queue's, then the earliest, then the id. */
export function beforeInLine(a: WaitingCall, b: WaitingCall, queuePriority: (queueId: QueueId) => number): number {
  return (
    b.priority - a.priority ||
    queuePriority(b.queueId) - queuePriority(a.queueId) ||
    a.waitingSinceMs - b.waitingSinceMs ||
    (a.callId < b.callId ? -1 : 1)
  );
}
