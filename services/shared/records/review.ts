import { z } from 'zod';
import { defineRecord, maybe, type ReadsOf } from './record.js';
import { AgentId, CallId } from '../contracts/ids.js';

/** A supervisor's score of a call by a review form. */
export const reviewRecord = defineRecord('review', 2, {
  callId: CallId,
  agentId: AgentId,
  queueId: maybe(z.string()),
  /** The service number that was called. */
  called: maybe(z.string()),
  formId: z.string(),
  formVersion: z.number(),
  /** Points by question; null means "does not apply". */
  answers: z.record(z.string(), z.number().nullable()),
  score: z.strictObject({ percent: z.number(), fatal: z.array(z.string()), critical: z.array(z.string()) }),
  comment: z.string(),
  by: z.string(),
  /** ISO 8601 text, which sorts by time. */
  at: z.string(),
  /** The time of the call. The agent is reviewed in the team of that moment. */
  callAt: maybe(z.string()),
  appeal: maybe(z.strictObject({ text: z.string(), at: z.string() })),
  appealAnswer: maybe(z.strictObject({ text: z.string(), by: z.string(), at: z.string(), upheld: z.boolean() })),
});

export type ReviewReads = ReadsOf<typeof reviewRecord>;
