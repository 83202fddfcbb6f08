import { z } from 'zod';
import { CallId, TrunkId, asTrunkId } from '../ids.js';

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
  number: z.string().regex(/^\+?[0-9]{3,20}$/),
  inBy: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
  by: z.string().max(64),
  byName: z.string().max(120),
});
export type TrunkTestOrder = z.infer<typeof TrunkTestOrder>;
