import { z } from 'zod';
import { defineRecord, maybe, type ReadsOf, type RowOf } from './record.js';

/** One invitation to score a call; its id is the call's. Written once: an answer and a correction are rows of their own that name it. */
export const surveyRecord = defineRecord('survey', 1, {
  callId: z.string(),
  at: z.date(),
  method: z.enum(['keys', 'sms', 'web']),
  language: z.string(),
  queueId: maybe(z.string()),
  agentId: maybe(z.string()),
  /** The called service number, which decides whose caller it was. */
  called: maybe(z.string()),
  /** Only for an invitation by link: the keyed hash of the number, so that nobody is asked too often. */
  numberHash: maybe(z.string()),
});

/** An answer; `corrects` names the row that it takes the place of. Null: was asked and said nothing. */
export const surveyAnswerRecord = defineRecord('survey-answer', 1, {
  surveyId: z.string(),
  at: z.date(),
  /** 1 to 5; 5 is best. */
  score: z.number().nullable(),
  solved: z.boolean().nullable(),
  corrects: maybe(z.string()),
  /** `caller`, or the user id of a correction. */
  by: z.string(),
  reason: maybe(z.string()),
});

export type SurveyReads = ReadsOf<typeof surveyRecord>;
export type SurveyAnswerReads = ReadsOf<typeof surveyAnswerRecord>;
export type StoredAnswer = RowOf<typeof surveyAnswerRecord>;
