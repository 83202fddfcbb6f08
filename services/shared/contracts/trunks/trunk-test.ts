import { z } from 'zod';
import { CallId, TrunkId, asTrunkId } from '../ids.js';
import { EchoNumber } from './trunk-sheet.js';

/** The checks of a trunk test, in order. */
export const trunkTestLines = ['options', 'registration', 'call', 'identity', 'sound', 'keys-out', 'keys-in', 'hold', 'quality'] as const;
export type TrunkTestLineName = (typeof trunkTestLines)[number];

/** `unknown`: this far end cannot show it. `skipped`: the trunk does not need it, or an earlier check prevented it. */
export const trunkTestVerdicts = ['good', 'bad', 'unknown', 'skipped'] as const;

const words = z.object({ en: z.string(), zh: z.string() });

export const TrunkTestLine = z.object({
  name: z.enum(trunkTestLines),
  verdict: z.enum(trunkTestVerdicts),
  /** What was seen: a figure or a reason. */
  seen: words,
  /** What to ask the carrier, or to fix here; only for a check that failed. */
  tell: words.optional(),
});
export type TrunkTestLine = z.infer<typeof TrunkTestLine>;

export const TrunkTest = z.object({
  testId: z.string(),
  trunkId: TrunkId,
  at: z.iso.datetime(),
  by: z.string(),
  byName: z.string(),
  /** The number that was called: the carrier's echo or test number, or one of ours. */
  number: z.string(),
  /** The trunk by which the call came back in; undefined when the carrier's number answered. */
  inBy: z.string().optional(),
  /** `broken-off`: the testing process ended before the test. */
  state: z.enum(['running', 'done', 'broken-off']),
  ok: z.boolean(),
  lines: z.array(TrunkTestLine),
  /** The record and the recording of the call, once it was dialled. */
  callId: CallId.optional(),
});
export type TrunkTest = z.infer<typeof TrunkTest>;

export const TrunkTestOrder = z.object({
  trunkId: asTrunkId(z.string().regex(/^[a-z0-9-]{1,40}$/)),
  /** Without it, the echo number on the trunk's sheet. */
  number: EchoNumber.optional(),
  inBy: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
  by: z.string().max(64),
  byName: z.string().max(120),
});
export type TrunkTestOrder = z.infer<typeof TrunkTestOrder>;

/** The trunks by which a proof call left and came back in. */
export const ProofWay = z.object({ trunkId: TrunkId, inBy: z.string() });
export type ProofWay = z.infer<typeof ProofWay>;

/** The trunk by which a proof call left, and the carrier's echo number that it reached. */
export const ProofEcho = z.object({ trunkId: TrunkId, number: z.string() });
export type ProofEcho = z.infer<typeof ProofEcho>;

/** Where a proof call over a trunk ends: at the carrier's echo number, or at a number of ours, in by another trunk. */
export const proofEnds = ['echo', 'trunk'] as const;
export type ProofEnd = (typeof proofEnds)[number];
