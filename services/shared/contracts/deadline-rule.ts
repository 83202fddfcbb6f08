import { z } from 'zod';
import { complaintKinds, complaintSources } from '../domain/licence/complaint-kind.js';

/** A number of days, of the calendar or of working days. */
export const Time = z.object({ days: z.int().min(1).max(365), unit: z.enum(['calendar', 'working']) });
export type Time = z.infer<typeof Time>;

/** Which time a complaint has. What is not named fits all; of the rules that fit, the one whose time ends first decides. */
export const DeadlineRule = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** By its short name: `河南`. */
  province: z.string().max(20).optional(),
  kind: z.enum(complaintKinds).optional(),
  source: z.enum(complaintSources).optional(),
  answer: Time,
  /** The own target, shorter; reminders go by it. */
  target: Time,
  /** For how long the clock may stand at most, once, while facts are waited for; never, when it is left out. */
  pause: Time.optional(),
  /** By how much the time may be extended, once; never, when it is left out. */
  extension: Time.optional(),
  /** Where it is written, shown in the case: `申诉办法 10(四)`. */
  basis: z.string().max(200),
  /** False while the reading of the rule is not confirmed by the authority. */
  confirmed: z.boolean(),
});
export type DeadlineRule = z.infer<typeof DeadlineRule>;
