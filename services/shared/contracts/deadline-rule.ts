import { z } from 'zod';
import { complaintKinds, complaintSources } from '../domain/complaint-kind.js';

/** A number of days, of the calendar or of working days. */
export const Time = z.object({ days: z.int().min(1).max(365), unit: z.enum(['calendar', 'working']) });
export type Time = z.infer<typeof Time>;

/** Which time a complaint has. What is not named fits all; the rule that names more wins. */
export const DeadlineRule = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  province: z.string().max(20).optional(),
  kind: z.enum(complaintKinds).optional(),
  source: z.enum(complaintSources).optional(),
  answer: Time,
  /** The own target, shorter; reminders go by it. */
  target: Time,
  /** Where it is written, shown in the case: `申诉办法 10(四)`. */
  basis: z.string().max(200),
  /** False while the reading of the rule is not confirmed by the authority. */
  confirmed: z.boolean(),
});
export type DeadlineRule = z.infer<typeof DeadlineRule>;
