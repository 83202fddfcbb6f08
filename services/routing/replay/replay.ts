import type { WrapUp } from '../agents/agent-machine.js';
import { Desk } from '../matching/desk.js';
import type { WaitingCall } from '../matching/matcher.js';
import type { Queue } from '../queue.js';
import { createTimeline } from '../timeline.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

/** A call of a stored day, as it came to its first queue. All times are milliseconds since the epoch. */
export interface ReplayedCall {
  readonly callId: CallId;
  readonly queueId: QueueId;
  readonly atMs: number;
  readonly priority: number;
  readonly skills: Readonly<Record<string, number>>;
  readonly preferredAgentId?: string;
  /** How long the caller waited before hanging up; undefined for a caller who stayed until the wait ended in some other way. */
  readonly patienceMs?: number;
  /** From the offer to the end of the talk; undefined when nobody talked with this caller: then the queue's usual time is used. */
  readonly handledMs?: number;
}

/** A period in which an agent took calls. */
export interface Shift {
  readonly agentId: AgentId;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ReplayedDay {
  readonly calls: readonly ReplayedCall[];
  readonly shifts: readonly Shift[];
}

/** The rules under which a day is replayed. */
export interface ReplayRules {
  readonly queues: readonly Queue[];
  readonly skills: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

export interface ReplayOutcome {
  readonly callId: CallId;
  /** The queue in which the wait ended. */
  readonly queueId: QueueId;
  readonly outcome: 'answered' | 'abandoned' | 'overflowed' | 'refused' | 'left-waiting';
  readonly waitedMs: number;
  readonly agentId?: AgentId;
}

/** Used for a queue that has no handled call to learn from. */
const USUAL_HANDLING_MS = 180_000;
const YIELD_EVERY = 500;

type Happening =
  | { readonly what: 'shift-begins' | 'shift-ends'; readonly agentId: AgentId }
  | { readonly what: 'arrives'; readonly call: ReplayedCall }
  | { readonly what: 'gives-up' | 'look'; readonly callId: CallId }
  | { readonly what: 'too-long'; readonly callId: CallId; readonly queueId: QueueId }
  | { readonly what: 'talk-ends'; readonly agentId: AgentId; readonly callId: CallId; readonly wrapUp: WrapUp }
  | { readonly what: 'clock'; readonly agentId: AgentId };

/**
 * COMPLEX Replays a day under the given rules with the desk and the matcher that route real calls; the same day and rules always give the
 * same result. It
 * yields now and then, so that a process can do other work in between.
 *
 * What cannot be known is assumed, equally for every set of rules: a caller who did not hang up would have waited on; an agent who is rung
 * answers at once and talks as long as the caller really talked, or else the median of the queue; an agent is there from the first
 * to the last moment at work between two absences.
 */
export function* replay(day: ReplayedDay, rules: ReplayRules): Generator<undefined, ReplayOutcome[]> {
  const desk = new Desk('replay');
  const timeline = createTimeline<Happening>();
  const outcomes: ReplayOutcome[] = [];
  const calls = new Map(day.calls.map((call) => [call.callId, call]));
  const usual = usualHandling(day.calls);
  desk.setQueues(rules.queues);
  for (const agentId of new Set(day.shifts.map((shift) => shift.agentId))) desk.signIn(agentId, agentId, 'replay', 0);
  desk.setQueues(rules.queues);
  desk.setSkills(rules.skills);

  for (const { agentId, fromMs, toMs } of day.shifts) {
    timeline.add(fromMs, { what: 'shift-begins', agentId });
    timeline.add(toMs, { what: 'shift-ends', agentId });
  }
  for (const call of day.calls) timeline.add(call.atMs, { what: 'arrives', call });

  const wait = createWait({ desk, timeline, outcomes, handledMsOf: (callId) => calls.get(callId)?.handledMs, usual });
  let count = 0;
  let endMs = 0;
  for (let next = timeline.next(); next !== undefined; next = timeline.next()) {
    endMs = next.atMs;
    happens(next.value, next.atMs, { desk, timeline, wait });
    count += 1;
    if (count % YIELD_EVERY === 0) yield;
  }
  for (const { callId } of [...desk.waitingCalls()]) wait.leave(callId, 'left-waiting', endMs);
  return outcomes;
}

interface Replayed {
  readonly desk: Desk;
  readonly timeline: ReturnType<typeof createTimeline<Happening>>;
  readonly wait: ReturnType<typeof createWait>;
}

/** How callers come into queues, move between them and leave them. */
function createWait({
  desk,
  timeline,
  outcomes,
  handledMsOf,
  usual,
}: Pick<Replayed, 'desk' | 'timeline'> & {
  readonly outcomes: ReplayOutcome[];
  readonly handledMsOf: (callId: CallId) => number | undefined;
  readonly usual: ReadonlyMap<string, number>;
}) {
  function leave(callId: CallId, outcome: ReplayOutcome['outcome'], nowMs: number, agentId?: AgentId): void {
    const call = desk.dequeue(callId);
    if (call === undefined) return;
    const waitedMs = nowMs - call.waitingSinceMs;
    outcomes.push({ callId, queueId: call.queueId, outcome, waitedMs, ...(agentId === undefined ? {} : { agentId }) });
  }

  function enter(call: WaitingCall, nowMs: number, came: ReadonlySet<string>): void {
    const queue = desk.queue(call.queueId);
    desk.enqueue(call);
    if (queue === undefined) {
      leave(call.callId, 'refused', nowMs);
      return;
    }
    if (desk.length(queue.id) > queue.maxLength) {
      overflow(call, queue, nowMs, came);
      return;
    }
    for (const { afterMs } of queue.rings) timeline.add(call.queuedAtMs + afterMs, { what: 'look', callId: call.callId });
    if (queue.stickyForMs > 0) timeline.add(call.queuedAtMs + queue.stickyForMs, { what: 'look', callId: call.callId });
    timeline.add(nowMs + queue.maxWaitMs, { what: 'too-long', callId: call.callId, queueId: queue.id });
    match(nowMs, [queue.id]);
  }

  function overflow(call: WaitingCall, queue: Queue, nowMs: number, came: ReadonlySet<string>): void {
    const { overflow: on } = queue;
    // A call must not circle for ever between full queues that overflow into each other.
    if (on.to !== 'queue' || came.has(on.queueId)) {
      leave(call.callId, 'overflowed', nowMs);
      return;
    }
    enter({ ...call, queueId: on.queueId, queuedAtMs: nowMs }, nowMs, new Set([...came, queue.id]));
  }

  function match(nowMs: number, queueIds: Iterable<string>): void {
    for (const { decision, offers } of desk.match(nowMs, queueIds)) {
      const [taken, ...others] = offers.map(({ agentId }) => agentId);
      if (taken === undefined) continue;
      const { callId, queueId } = decision;
      leave(callId, 'answered', nowMs, taken);
      for (const agentId of others) desk.move(agentId, { type: 'offer-ended', callId, outcome: 'withdrawn' }, nowMs);
      desk.move(taken, { type: 'connected', callId }, nowMs);
      const handledMs = handledMsOf(callId) ?? usual.get(queueId) ?? USUAL_HANDLING_MS;
      const wrapUp = desk.queue(queueId)?.wrapUp ?? { mode: 'none', ms: 0 };
      timeline.add(nowMs + handledMs, { what: 'talk-ends', agentId: taken, callId, wrapUp: { mode: wrapUp.mode, ms: wrapUp.ms } });
    }
  }

  return { enter, leave, overflow, match };
}

function happens(at: Happening, nowMs: number, { desk, timeline, wait }: Replayed): void {
  switch (at.what) {
    case 'shift-begins':
      desk.move(at.agentId, { type: 'media', up: true }, nowMs);
      desk.move(at.agentId, { type: 'chose', state: 'ready' }, nowMs);
      wait.match(nowMs, desk.queuesOf(at.agentId));
      return;
    case 'shift-ends':
      desk.move(at.agentId, { type: 'chose', state: 'away' }, nowMs);
      return;
    case 'arrives': {
      const { callId, queueId, atMs, priority, skills, patienceMs, preferredAgentId } = at.call;
      if (patienceMs !== undefined) timeline.add(atMs + patienceMs, { what: 'gives-up', callId });
      const preferred = preferredAgentId === undefined ? {} : { preferredAgentId };
      const times = { waitingSinceMs: atMs, queuedAtMs: atMs };
      wait.enter({ callId, queueId, priority, skills, ...times, avoid: [], ...preferred }, nowMs, new Set([queueId]));
      return;
    }
    case 'gives-up':
      wait.leave(at.callId, 'abandoned', nowMs);
      return;
    case 'look': {
      const waiting = desk.waiting(at.callId);
      if (waiting !== undefined) wait.match(nowMs, [waiting.queueId]);
      return;
    }
    case 'too-long': {
      const waiting = desk.waiting(at.callId);
      const queue = desk.queue(at.queueId);
      if (waiting?.queueId === at.queueId && queue !== undefined) wait.overflow(waiting, queue, nowMs, new Set([at.queueId]));
      return;
    }
    case 'talk-ends': {
      // Nobody does after-call work in a replay: a wrap-up that the agent would end takes no time.
      const wrapUp: WrapUp = at.wrapUp.mode === 'fixed' ? at.wrapUp : { mode: 'none', ms: 0 };
      const after = desk.move(at.agentId, { type: 'call-ended', callId: at.callId, wrapUp }, nowMs);
      if (after?.untilMs !== undefined) timeline.add(after.untilMs, { what: 'clock', agentId: at.agentId });
      wait.match(nowMs, desk.queuesOf(at.agentId));
      return;
    }
    case 'clock':
      desk.move(at.agentId, { type: 'clock' }, nowMs);
      wait.match(nowMs, desk.queuesOf(at.agentId));
      return;
  }
}

/** The median handling time of each queue's calls. */
function usualHandling(calls: readonly ReplayedCall[]): Map<string, number> {
  const times = new Map<string, number[]>();
  for (const { queueId, handledMs } of calls) if (handledMs !== undefined) times.set(queueId, [...(times.get(queueId) ?? []), handledMs]);
  return new Map([...times].map(([queueId, all]) => [queueId, all.sort((a, b) => a - b)[all.length >> 1] ?? USUAL_HANDLING_MS]));
}
