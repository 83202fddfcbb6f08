import type { StoredCall } from '../../../services/shared/records/call.js';
import { storedCall } from './stored-call.js';

/** A call of an hour ago that is over, as the record of calls holds it: for tests that need one there and are not about how it came to be. */
export const callRow = (callId: string, more: Partial<StoredCall> & Pick<StoredCall, 'called' | 'queueId'>): StoredCall => {
  const invitedAt = new Date(Date.now() - 3_600_000);
  return storedCall({
    _id: callId,
    callerNumber: '13900000001',
    callerMasked: '139****0001',
    callerHash: `hash-${callId}`,
    invitedAt,
    answeredAt: invitedAt,
    endedAt: new Date(invitedAt.getTime() + 60_000),
    ...more,
  });
};
