import { z } from 'zod';
import { visitOutcomes } from '../domain/figures/facts.js';
import { defineRecord, maybe, type ReadsOf, type RowOf } from './record.js';
import { CallId, QueueId, TrunkId } from '../contracts/ids.js';

/**
 * A caller's visit to a queue. The row is written when the visit begins, closed once, and never changed afterwards but for its result. Its
 * id is the id of the call with the place of the visit. All figures of queues are computed from these rows alone.
 */
export const visitRecord = defineRecord('visit', 2, {
  callId: CallId,
  queueId: QueueId,
  enteredAt: z.date(),
  /** Empty while the caller waits, like all fields that follow from the end. */
  leftAt: maybe(z.date()),
  waitMs: maybe(z.int().nonnegative()),
  outcome: maybe(z.enum(visitOutcomes)),
  detail: maybe(z.string()),
  agentId: maybe(z.string()),
  offers: maybe(z.int().nonnegative()),
  /** The queue's answering target at the moment when the caller entered. */
  thresholdMs: z.int().nonnegative(),
  /** An agent of this queue had already answered the call, so the caller is not new to the queue. */
  returned: z.boolean(),
  direction: z.enum(['inbound', 'outbound']),
  /** Test calls do not count as service. */
  class: z.enum(['service', 'test']),
  trunkId: TrunkId,
  /** Our number. */
  called: z.string(),
  /** The client unit that the number belonged to when the caller entered. */
  clientUnit: maybe(z.string()),
  priority: z.int(),
  skills: z.record(z.string(), z.int()),
  /** The result of the call (处理结果), the one that was given last: its codes with a slash between. Empty while there is none. */
  result: maybe(z.string()),
  resultAt: maybe(z.date()),
  /** When the row was last written. If that is clearly after the end of the interval, the row came late. */
  notedAt: z.date(),
});

export type StoredVisit = RowOf<typeof visitRecord>;
export type VisitReads = ReadsOf<typeof visitRecord>;
