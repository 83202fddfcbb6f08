import { z } from 'zod';
import { CallId, QueueId } from '../contracts/ids.js';
import { defineExtract, maybe, type ReadsOf } from './record.js';

/** What figures read of a callback that an agent promised at a seat. */
export const seatCallbackExtract = defineExtract('seat-callback', 1, {
  /** The call in which it was promised. */
  callId: CallId,
  queueId: maybe(QueueId),
  /** Promises of before December 2026 have none. */
  promisedAt: maybe(z.date()),
  dueAt: z.string(),
  state: z.enum(['cancelled', 'done', 'open']),
  /** Who makes the call. */
  agentId: maybe(z.string()),
  /** The calls out that were made for it. */
  tries: z.array(z.object({ callId: CallId })),
});

export type SeatCallbackReads = ReadsOf<typeof seatCallbackExtract>;
