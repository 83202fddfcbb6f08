import { z } from 'zod';
import { visitOutcomes } from '../domain/figures/facts.js';
import { defineRecord, maybe, type ReadsOf, type RowOf } from './record.js';

/**
 * A caller's visit to a queue: written when it begins, closed once, then never changed. Its id is the call's with the place of the visit among
 * those of the call. Figures of queues are made of these rows and of nothing else.
 */
export const visitRecord = defineRecord('visit', 1, {
  callId: z.string(),
  queueId: z.string(),
  enteredAt: z.date(),
  /** Empty while the caller waits, as is all that follows from the end. */
  leftAt: maybe(z.date()),
  waitMs: maybe(z.int().nonnegative()),
  outcome: maybe(z.enum(visitOutcomes)),
  detail: maybe(z.string()),
  agentId: maybe(z.string()),
  offers: maybe(z.int().nonnegative()),
  /** The queue's target for answering, as set when the caller entered. */
  thresholdMs: z.int().nonnegative(),
  /** An agent of this queue had answered the call before: no new caller of the queue. */
  returned: z.boolean(),
  direction: z.enum(['inbound', 'outbound']),
  /** Test calls are no service: proof and practice calls. */
  class: z.enum(['service', 'test']),
  trunkId: z.string(),
  /** The number of ours. */
  called: z.string(),
  /** For whom the number was served when the caller entered. */
  clientUnit: maybe(z.string()),
  priority: z.int(),
  skills: z.record(z.string(), z.int()),
  /** When the row was written last: later than the end of the interval by more than a moment, it came late. */
  notedAt: z.date(),
});

export type StoredVisit = RowOf<typeof visitRecord>;
export type VisitReads = ReadsOf<typeof visitRecord>;
