import { z } from 'zod';
import { TrunkId } from '../ids.js';

/** A leg to a number outside, as the end of its call tells it. Times in ISO 8601. */
export const ToldLeg = z.object({
  /** Its row among the attempts. */
  attemptId: z.string(),
  /** The trunk that carried it last. */
  trunkId: TrunkId,
  at: z.iso.datetime(),
  ringingAt: z.iso.datetime().optional(),
  answeredAt: z.iso.datetime().optional(),
  failure: z.string().optional(),
});
export type ToldLeg = z.infer<typeof ToldLeg>;
