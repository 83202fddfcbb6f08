import type { Connection } from 'mongoose';
import { z } from 'zod';
import type { ProofVoices } from '../ports.js';

const Legs = z.array(
  z.object({
    leg: z.string(),
    packetsReceived: z.number(),
    packetsLost: z.number(),
    jitterMs: z.number(),
    roundTripMs: z.number().nullish(),
  }),
);

/** The relay's counts in the record of a call, which the calls slice owns. */
export const createMongoVoices = (mongo: Connection): ProofVoices => ({
  async legsOf(callId) {
    const found = await mongo.collection<{ _id: string; media?: unknown }>('calls').findOne({ _id: callId }, { projection: { media: 1 } });
    return Legs.parse(found?.media ?? []).map(({ leg, packetsReceived, packetsLost, jitterMs, roundTripMs }) => {
      const lost = Math.max(0, packetsLost);
      const sent = packetsReceived + lost;
      return { leg, lossPercent: sent === 0 ? 0 : (100 * lost) / sent, jitterMs, roundTripMs: roundTripMs ?? undefined };
    });
  },
});
