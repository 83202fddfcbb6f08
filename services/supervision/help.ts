import type { AgentHelp } from '../shared/contracts/queues/board.js';
import type { HelpEnd, HelpReason } from '../shared/domain/calls/help.js';
import { withinReach, type Reach } from '../shared/platform/reach/reach.js';
import type { CallId, QueueId, UserId } from '../shared/domain/ids.js';

interface Person {
  readonly userId: UserId;
  readonly name: string;
}

/** An agent's request for help; open until it has an end. */
export interface Help {
  readonly id: string;
  readonly agent: Person;
  readonly at: Date;
  readonly reason?: HelpReason | undefined;
  /** The call that the agent was in, with the queue and the service number that decide who reaches it. */
  readonly call?: { readonly callId: CallId; readonly queueId?: QueueId | undefined; readonly called: string } | undefined;
  /** The supervisor who was the first to say that they are coming. */
  readonly takenBy?: Person | undefined;
  readonly takenAt?: Date | undefined;
  readonly ended?: HelpEnd | undefined;
  readonly endedAt?: Date | undefined;
}

const shown = ({ id, at, reason, takenBy }: Help) => ({
  id,
  at,
  ...(reason === undefined ? {} : { reason }),
  ...(takenBy === undefined ? {} : { takenBy }),
});

/** The request as the agent's row on the board shows it. */
export const shownOnBoard = ({ id, at, reason, takenBy }: Help): AgentHelp => ({
  id,
  at: at.toISOString(),
  ...(reason === undefined ? {} : { reason }),
  ...(takenBy === undefined ? {} : { takenBy: takenBy.name }),
});

/** The request as the agent's own page shows it. */
export const shownToAgent = shown;

/** The request as shown to a supervisor who reaches the agent; the call only if it is within reach too. */
export function shownOpen(help: Help, reach: Reach) {
  const { agent, call } = help;
  const isOwn = call !== undefined && withinReach(reach, { ...call, agentId: agent.userId });
  return {
    ...shown(help),
    agent,
    ...(isOwn ? { callId: call.callId, ...(call.queueId === undefined ? {} : { queueId: call.queueId }) } : {}),
  };
}

interface EndedHelp extends Help {
  readonly ended: HelpEnd;
  readonly endedAt: Date;
}

export function shownEnded(help: EndedHelp) {
  const { agent, at, ended, endedAt, takenAt } = help;
  return {
    ...shown(help),
    agent,
    ended,
    endedAt,
    ...(takenAt === undefined ? {} : { waitedMs: takenAt.getTime() - at.getTime() }),
  };
}

/** The waits of requests: of those that somebody took, until that moment. A request that was taken by nobody has no wait. */
export function helpFigures(rows: readonly Pick<Help, 'at' | 'takenAt'>[]) {
  const waits = rows.flatMap(({ at, takenAt }) => (takenAt === undefined ? [] : [takenAt.getTime() - at.getTime()]));
  const isNone = waits.length === 0;
  return {
    asked: rows.length,
    taken: waits.length,
    meanMs: isNone ? null : Math.round(waits.reduce((sum, wait) => sum + wait, 0) / waits.length),
    longestMs: isNone ? null : Math.max(...waits),
  };
}

export const isOver = (help: Help): help is EndedHelp => help.ended !== undefined && help.endedAt !== undefined;
