import { CallCentreError } from '../shared/domain/failure.js';
import type { QueueId } from '../shared/domain/ids.js';
import { isPerson, PROOF_QUEUE } from '../shared/domain/proof.js';
import type { Queue } from './queue.js';

/** The queue of test calls stays as the product made it: with people in it, they would be rung by tones. */
export function refuseQueueOfTests(queueId: QueueId): void {
  if (queueId === PROOF_QUEUE) throw new CallCentreError('not-allowed', 'This queue is that of the test calls, and stays as it is.');
}

/** Refuses a queue whose callers would get to a seat of the system, where nobody talks. */
export function refuseSeatsOfSystem({ id, members, overflow }: Pick<Queue, 'id' | 'members' | 'overflow'>): void {
  refuseQueueOfTests(id);
  const details = [
    ...(members !== 'everyone' && !members.every(isPerson) ? [{ at: 'members', message: 'a seat of the system' }] : []),
    ...(overflow.to === 'queue' && overflow.queueId === PROOF_QUEUE
      ? [{ at: 'overflow.queueId', message: 'the queue of test calls' }]
      : []),
  ];
  if (details.length > 0) throw new CallCentreError('invalid-request', 'Callers would get to a seat where nobody talks.', { details });
}
