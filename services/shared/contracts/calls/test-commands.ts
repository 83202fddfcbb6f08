import { z } from 'zod';
import { ProofEcho, ProofWay, proofEnds, TrunkTest, TrunkTestOrder } from '../trunks/trunk-test.js';
import { TrunkId } from '../ids.js';

const callId = z.string().min(1).max(64);

/** The commands that trunk tests and test calls use. */
export const testCommands = {
  /**
   * A call of the system's own seat that tests a trunk: over this trunk only, of class `test`. `arrives`: within 30 s the call comes back
   * in by one of our trunks, to a number that is not in service, and goes to the seat of test calls. Refused with `wrong-state` when
   * callers use that number, and refused by the gate like any outbound call.
   */
  'call.dial-test': {
    owner: 'telephony',
    input: z.object({
      trunkId: TrunkId,
      number: z.string().regex(/^\+?[0-9]{1,24}$/),
      arrives: z.object({ trunkId: TrunkId, called: z.string() }).optional(),
    }),
    output: z.object({ callId, from: z.string() }),
  },
  /** The digits that the far end of a test call has pressed so far, as telephony heard them. */
  'call.test-keys': { owner: 'telephony', input: z.object({ callId }), output: z.object({ keys: z.string() }) },
  'trunk.test': {
    owner: 'cases',
    input: TrunkTestOrder,
    output: z.object({ testId: z.string() }),
  },
  'trunk.tests': { owner: 'cases', input: z.object({}), output: z.array(TrunkTest) },
  'proof.run': {
    owner: 'cases',
    /**
     * `trunkId`: the call leaves by this trunk. `end`: where it goes; without it, back in as in the trunk's last test, or to its echo number
     * when it was not tested so. Without a trunk: over the loopback of the machine.
     */
    input: z.object({ origin: z.string().max(20), trunkId: TrunkId.optional(), end: z.enum(proofEnds).optional() }),
    output: z.object({
      over: ProofWay.optional(),
      echo: ProofEcho.optional(),
      proofId: z.string(),
      at: z.iso.datetime(),
      callId: callId.optional(),
      ok: z.boolean(),
      totalMs: z.number(),
      stages: z.array(z.object({ name: z.string(), ok: z.boolean(), ms: z.number(), detail: z.string(), detailZh: z.string().optional() })),
      origin: z.string(),
      linesDown: z.array(z.string()).optional(),
    }),
  },
} as const;
