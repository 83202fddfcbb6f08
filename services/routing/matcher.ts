import { agentStates, type AgentState } from '../shared/domain/agent-state.js';
import type { Agent } from './agent-machine.js';
import type { Queue } from './queue.js';
import type { Roster } from './roster.js';

/** A caller who waits. */
export interface WaitingCall {
  readonly callId: string;
  readonly queueId: string;
  /** Higher goes first. */
  readonly priority: number;
  /** Since the caller first entered a queue: a returned call keeps its place. */
  readonly waitingSinceMs: number;
  readonly queuedAtMs: number;
  readonly skills: Readonly<Record<string, number>>;
  readonly preferredAgentId?: string;
  /** Declined or missed this call before. */
  readonly avoid: readonly string[];
  /** Nobody is on the line: an agent calls the caller of this ended call back when its turn has come. */
  readonly callbackOf?: string;
}

export type SkipReason = 'not-ready' | 'no-sound' | 'skill-missing' | 'avoided' | 'waiting-for-preferred';

/** One agent in a decision: why chosen, or why not. */
export interface Considered {
  readonly agentId: string;
  readonly verdict: 'chosen' | 'ranked-lower' | 'skipped';
  /** Of a skipped one. */
  readonly reason?: SkipReason;
  /** What one who was not ready was doing. */
  readonly state?: AgentState;
  /** What the strategy compared, smaller is better; the tie-break is the agent's id. */
  readonly score?: number;
}

/** How many were skipped for each reason; those who were not ready by what they did: `not-ready:on-call`. */
export type SkipCounts = Readonly<Record<string, number>>;

export interface Decision {
  readonly callId: string;
  readonly queueId: string;
  readonly waitedMs: number;
  /** How far the asked levels were lowered by waiting. */
  readonly loweredBy: number;
  readonly chosen: readonly string[];
  /** Who was able first, best first; then those who were skipped. At most `LISTED`: `skipped` counts all. */
  readonly considered: readonly Considered[];
  readonly skipped: SkipCounts;
}

// Looked up, not put together: a decision may count ten thousand.
const NOT_READY = Object.fromEntries(agentStates.map((state) => [state, `not-ready:${state}`])) as Record<AgentState, string>;

/** More agents than this are not listed one by one in a decision. */
export const LISTED = 200;

/** The ring that waiting has reached: by how much the levels are lowered. */
export function loweredBy(queue: Pick<Queue, 'rings'>, waitedMs: number): number {
  let lowered = 0;
  for (const ring of queue.rings) if (waitedMs >= ring.afterMs) lowered = ring.lowerBy;
  return lowered;
}

interface Able {
  readonly agent: Agent;
  readonly score: number;
}

/**
 * Who gets this call, of those on the queue's roster. Pure and deterministic: the same facts give the same answer, and equal
 * scores are decided by the agent's id. Every member is accounted for: by name, or in the counts.
 */
export function decide(call: WaitingCall, queue: Queue, roster: Roster, nowMs: number): Decision {
  const waitedMs = nowMs - call.waitingSinceMs;
  const lowered = loweredBy(queue, waitedMs);
  const { members } = roster;
  const able: Able[] = [];
  const passedReady = new Map<number, SkipReason>();
  const skipped: Record<string, number> = {};
  const count = (what: string, by: number): number => (skipped[what] = (skipped[what] ?? 0) + by);
  const preferred = call.preferredAgentId === undefined ? undefined : roster.member(call.preferredAgentId);
  const waitsForPreferred = preferred !== undefined && waitedMs < queue.stickyForMs && mayComeFree(preferred);

  for (const place of roster.ready) {
    const agent = members[place];
    if (agent === undefined) continue;
    const reason = whyNot(agent, call, queue, lowered, waitsForPreferred);
    if (reason === undefined) able.push({ agent, score: score(queue, agent, place) });
    else {
      passedReady.set(place, reason);
      count(reason, 1);
    }
  }
  for (const [state, many] of roster.counts) if (state !== 'ready' && many > 0) count(NOT_READY[state], many);

  const before = (a: Able, b: Able): number =>
    preferredFirst(call, a.agent, b.agent) || a.score - b.score || (a.agent.agentId < b.agent.agentId ? -1 : 1);
  // A callback is one call out by one agent: it cannot ring everywhere.
  const everywhere = queue.strategy === 'ring-all' && call.callbackOf === undefined;
  const best = everywhere ? able.sort(before) : firstOf(able, LISTED, before);
  const chosen = everywhere ? best : best.slice(0, 1);
  const ranked = best.slice(0, LISTED).map(({ agent, score: compared }, rank): Considered => ({
    agentId: agent.agentId,
    verdict: rank < chosen.length ? 'chosen' : 'ranked-lower',
    score: compared,
  }));
  return {
    callId: call.callId,
    queueId: queue.id,
    waitedMs,
    loweredBy: lowered,
    chosen: chosen.map(({ agent }) => agent.agentId),
    considered: [...ranked, ...passedBy(members, passedReady, LISTED - ranked.length)],
    skipped,
  };
}

/** The first `count` in order, without sorting all of them. */
function firstOf<T>(all: readonly T[], count: number, before: (a: T, b: T) => number): T[] {
  const first: T[] = [];
  for (const one of all) {
    const last = first[count - 1];
    if (last !== undefined && before(one, last) > 0) continue;
    let low = 0;
    for (let high = first.length; low < high;) {
      const middle = (low + high) >> 1;
      const other = first[middle];
      if (other !== undefined && before(other, one) < 0) low = middle + 1;
      else high = middle;
    }
    first.splice(low, 0, one);
    if (first.length > count) first.pop();
  }
  return first;
}

/** The first who were skipped, in the queue's order, each with the reason. */
function passedBy(members: readonly Agent[], ready: ReadonlyMap<number, SkipReason>, atMost: number): Considered[] {
  const passed: Considered[] = [];
  for (let place = 0; place < members.length && passed.length < atMost; place += 1) {
    const agent = members[place];
    if (agent === undefined) continue;
    const { agentId, state } = agent;
    const reason = ready.get(place);
    if (state !== 'ready') passed.push({ agentId, verdict: 'skipped', reason: 'not-ready', state });
    else if (reason !== undefined) passed.push({ agentId, verdict: 'skipped', reason });
  }
  return passed;
}

/** Why one who is ready does not get the call. */
function whyNot(agent: Agent, call: WaitingCall, queue: Queue, lowered: number, waitsForPreferred: boolean): SkipReason | undefined {
  if (!agent.mediaUp) return 'no-sound';
  if (call.avoid.includes(agent.agentId)) return 'avoided';
  if (!hasSkills(agent, queue.skills, lowered) || !hasSkills(agent, call.skills, lowered)) return 'skill-missing';
  return waitsForPreferred && agent.agentId !== call.preferredAgentId ? 'waiting-for-preferred' : undefined;
}

/** A level that is lowered to nothing is asked of nobody. */
function hasSkills(agent: Agent, asked: Readonly<Record<string, number>>, lowered: number): boolean {
  for (const skill in asked) {
    const level = (asked[skill] ?? 0) - lowered;
    if (level > 0 && (agent.skills[skill] ?? 0) < level) return false;
  }
  return true;
}

const mayComeFree = ({ state }: Agent): boolean => state === 'ready' || state === 'on-call' || state === 'wrap-up' || state === 'offered';

const preferredFirst = (call: WaitingCall, a: Agent, b: Agent): number =>
  Number(b.agentId === call.preferredAgentId) - Number(a.agentId === call.preferredAgentId);

/** What each strategy compares; docs/routing.md has the formulas. */
function score(queue: Queue, agent: Agent, order: number): number {
  switch (queue.strategy) {
    case 'longest-idle':
    case 'ring-all':
      return agent.idleSinceMs;
    case 'round-robin':
      return agent.lastOfferMs;
    case 'fewest-calls':
      return agent.calls;
    case 'least-talk-time':
      return agent.talkMs;
    case 'top-down':
      return order;
  }
}

/** Who is served first when several wait: the call's priority, then the queue's, then who came first, then the id. */
export function beforeInLine(a: WaitingCall, b: WaitingCall, queuePriority: (queueId: string) => number): number {
  return (
    b.priority - a.priority ||
    queuePriority(b.queueId) - queuePriority(a.queueId) ||
    a.waitingSinceMs - b.waitingSinceMs ||
    (a.callId < b.callId ? -1 : 1)
  );
}
