import { z } from 'zod';
import { asQueueId } from '../ids.js';

/** What happens to a caller who has waited for the longest time that a queue allows, or who finds the queue full. */
export const Overflow = z.discriminatedUnion('to', [
  z.object({ to: z.literal('hang-up') }),
  z.object({ to: z.literal('queue'), queueId: asQueueId(z.string().min(1).max(64)) }),
  /** The caller leaves a message, which is stored as the recording of the call. */
  z.object({ to: z.literal('message') }),
  /** The caller is called back, at the place that was held in this queue. */
  z.object({ to: z.literal('callback') }),
  z.object({ to: z.literal('number'), number: z.string().regex(/^\+?[0-9]{1,24}$/) }),
]);
export type Overflow = z.infer<typeof Overflow>;
