import type { SeatCallback } from '../../../../../services/shared/contracts/workspace.js';

/** What the agent reads after a promise: a person has one open callback of a client unit, which may have been promised before. */
export function callbackSaid(
  made: Pick<SeatCallback, 'callId' | 'agentId'>,
  callId: string,
  userId: string,
): 'saved' | 'joinedOwn' | 'joinedColleague' | 'joinedQueue' {
  if (made.callId === callId) return 'saved';
  if (made.agentId === userId) return 'joinedOwn';
  return made.agentId === undefined ? 'joinedQueue' : 'joinedColleague';
}
