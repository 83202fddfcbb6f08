import { z } from 'zod';
import { defineRecord, maybe, type ReadsOf, type RowOf } from './record.js';
import { CallId } from '../contracts/ids.js';

/**
 * One invitation to score a call. Its id is the id of the call. It is written once: answers and corrections are separate rows that name it.
 */
export const surveyRecord = defineRecord('survey', 1, {
  callId: CallId,
  at: z.date(),
  method: z.enum(['keys', 'sms', 'web']),
  language: z.string(),
  queueId: maybe(z.string()),
  agentId: maybe(z.string()),
  /** The service number that was called, which decides whose caller it was. */
  called: maybe(z.string()),
  /** Only for an invitation by link: the keyed hash of the number, so that nobody is asked too often. */
  numberHash: maybe(z.string()),
});

/** An answer. `corrects` names the row that it replaces. A null score means that the caller was asked and gave none. */
export const surveyAnswerRecord = defineRecord('survey-answer', 1, {
  surveyId: z.string(),
  at: z.date(),
  /** 1 to 5; 5 is best. */
  score: z.number().nullable(),
  solved: z.boolean().nullable(),
  corrects: maybe(z.string()),
  /** `caller`, or the id of the user who corrected it. */
  by: z.string(),
  reason: maybe(z.string()),
});

export type SurveyReads = ReadsOf<typeof surveyRecord>;
export type SurveyAnswerReads = ReadsOf<typeof surveyAnswerRecord>;
export type StoredAnswer = RowOf<typeof surveyAnswerRecord>;
