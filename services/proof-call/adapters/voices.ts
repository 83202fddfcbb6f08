import type { CallReads } from '../../shared/records/call.js';
import type { ProofVoices } from '../ports.js';

/** The relay's counts in the record of a call. */
export const createVoices = (calls: CallReads): ProofVoices => ({
  async legsOf(callId) {
    const found = await calls.one(callId, ['media']);
    return (found?.media ?? []).map(({ leg, packetsReceived, packetsLost, jitterMs, roundTripMs }) => {
      const lost = Math.max(0, packetsLost);
      const sent = packetsReceived + lost;
      return { leg, lossPercent: sent === 0 ? 0 : (100 * lost) / sent, jitterMs, roundTripMs };
    });
  },
});
