import type { AgentSnapshot, QueueSnapshot } from '../shared/contracts/calls/commands.js';
import { boardFiguresOf } from '../shared/domain/figures/board.js';
import { isPerson } from '../shared/domain/proof.js';
import type { Agent } from './agents/agent-machine.js';
import type { DayFiguresKeeper } from './waits/day-figures.js';
import type { Desk } from './matching/desk.js';
import { waitedInAll } from './matching/matcher.js';
import type { Queue } from './queue.js';
import { expectedWaitMs, type createHandlingTimes } from './matching/expected-wait.js';
import type { QueueId } from '../shared/domain/ids.js';

export interface DeskFacts {
  readonly desk: Desk;
  readonly figures: DayFiguresKeeper;
  readonly handling: ReturnType<typeof createHandlingTimes>;
}

/** An agent as other roles see it. */
export function snapshotOf({ desk }: Pick<DeskFacts, 'desk'>, agent: Agent): AgentSnapshot {
  const { agentId, name, state, sinceMs, reason, untilMs, callId, next, owed, extendable, forced } = agent;
  const [undisposedCallId] = owed ?? [];
  return {
    agentId,
    name,
    state,
    since: new Date(sinceMs).toISOString(),
    queues: [...desk.queuesOf(agentId)],
    ...(reason === undefined ? {} : { reason }),
    ...(untilMs === undefined ? {} : { until: new Date(untilMs).toISOString() }),
    ...(callId === undefined ? {} : { callId }),
    ...(next === undefined ? {} : { nextState: next.state }),
    ...(forced === undefined ? {} : { forced }),
    ...(next?.forced === undefined ? {} : { nextForced: next.forced }),
    ...(undisposedCallId === undefined ? {} : { undisposedCallId }),
    ...(extendable === undefined ? {} : { extendable }),
  };
}

/** One row of the wallboard. */
export function boardRow({ desk, figures, handling }: DeskFacts, queueId: QueueId, nowMs: number): QueueSnapshot | undefined {
  const queue = desk.queue(queueId);
  if (queue === undefined) return undefined;
  const waiting = [...desk.waitingCalls()].filter((call) => call.queueId === queueId);
  const states: QueueSnapshot['states'] = {};
  for (const agent of desk.membersOf(queueId)) states[agent.state] = (states[agent.state] ?? 0) + 1;
  const counted = figures.of(queueId, nowMs);
  const expected = waitAt({ desk, handling }, queueId, waiting.length + 1);
  return {
    queueId,
    name: queue.name,
    ...(queue.members === 'everyone' ? {} : { members: queue.members.length }),
    internal: isInternal(queue),
    waiting: waiting.length,
    longestWaitMs: Math.max(0, ...waiting.map((call) => waitedInAll(call, nowMs))),
    states,
    today: boardFiguresOf(counted.today),
    lately: boardFiguresOf(counted.lately),
    serviceLevel: queue.serviceLevel,
    callbacks: waiting.filter(({ callbackOf }) => callbackOf !== undefined).length,
    ...(expected === undefined ? {} : { expectedWaitMs: expected }),
  };
}

const isInternal = ({ members }: Queue): boolean => members !== 'everyone' && members.length > 0 && !members.some(isPerson);

/** The expected wait that a caller at this place (from 1) of a queue is told. */
export function waitAt({ desk, handling }: Pick<DeskFacts, 'desk' | 'handling'>, queueId: QueueId, place: number): number | undefined {
  let [atWork, free] = [0, 0];
  for (const { state, mediaUp } of desk.membersOf(queueId)) {
    if (state === 'ready' && mediaUp) free += 1;
    if (state === 'ready' || state === 'offered' || state === 'on-call' || state === 'wrap-up') atWork += 1;
  }
  return expectedWaitMs({ place, handledMs: handling.of(queueId), atWork, free });
}

/** Whether an agent is signed in, in whatever state: somebody who is away for a moment comes back, somebody who has left is signed out. */
export const isSignedIn = ({ state }: Agent): boolean => state !== 'signed-out';
