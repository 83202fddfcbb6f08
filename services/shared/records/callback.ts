import { z } from 'zod';
import { QueueId } from '../contracts/ids.js';
import { defineExtract, maybe, type ReadsOf } from './record.js';

/** What figures read of a callback that a caller was promised. Its id is that of the call in which it was asked for. */
export const callbackExtract = defineExtract('callback', 1, {
  queueId: QueueId,
  askedAt: z.date(),
  state: z.enum(['waiting', 'dialling', 'reached', 'not-reached', 'cancelled', 'joined']),
  /** Who called, or is calling. */
  agentId: maybe(z.string()),
});

export type CallbackReads = ReadsOf<typeof callbackExtract>;
