import { z } from 'zod';
import { complaintKinds, complaintSources } from '../domain/licence/complaint-kind.js';

/** A number of calendar days or working days. */
export const Time = z.object({ days: z.int().min(1).max(365), unit: z.enum(['calendar', 'working']) });
export type Time = z.infer<typeof Time>;

/**
 * The deadline of a kind of complaint. A missing condition matches everything. Of the rules that match, the one with the earliest deadline
 * decides.
 */
export const DeadlineRule = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** The short name: `河南`. */
  province: z.string().max(20).optional(),
  kind: z.enum(complaintKinds).optional(),
  source: z.enum(complaintSources).optional(),
  answer: Time,
  /** The site's own shorter target, which reminders use. */
  target: Time,
  /** The longest time for which the clock may be paused once, while facts are missing; without it, never. */
  pause: Time.optional(),
  /** The time by which the deadline may be extended once; without it, never. */
  extension: Time.optional(),
  /** The source, as shown in the case: `申诉办法 10(四)`. */
  basis: z.string().max(200),
  /** False while the authority has not confirmed this reading of the rule. */
  confirmed: z.boolean(),
});
export type DeadlineRule = z.infer<typeof DeadlineRule>;
