import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/records.js';
import type { Reads } from '../shared/records/reads.js';
import { surveyAnswerRecord, surveyRecord } from '../shared/records/survey.js';
import { SURVEY_ANSWERS, SURVEYS, type StoredAnswer, type StoredInvitation } from './adapters/mongo-surveys.js';

/** What other slices read of invitations to score a call, and of the answers. */
export const createSurveyReads = (mongo: Connection): Pick<Reads, 'surveys' | 'surveyAnswers'> => ({
  surveys: createReads<typeof surveyRecord, StoredInvitation>(mongo, SURVEYS, surveyRecord),
  surveyAnswers: createReads<typeof surveyAnswerRecord, StoredAnswer>(mongo, SURVEY_ANSWERS, surveyAnswerRecord),
});
