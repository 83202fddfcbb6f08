import { z } from 'zod';
import { defineExtract, maybe, since, type ReadsOf } from './record.js';
import { CallId } from '../contracts/ids.js';

/** What figures read of an agent's entry about a call: its result (处理结果). services/workspace declares the rest. */
export const contactExtract = defineExtract('contact', 1, {
  callId: CallId,
  /** The way through the tree of results, by codes; empty where none was chosen. */
  disposition: since(z.array(z.string()), []),
  /** When the result was given, ISO 8601. */
  completedAt: maybe(z.string()),
});

export type ContactReads = ReadsOf<typeof contactExtract>;
