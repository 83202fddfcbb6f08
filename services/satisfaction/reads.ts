import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { surveyAnswerRecord, surveyRecord } from '../shared/records/survey.js';
import { SURVEY_ANSWERS, SURVEYS, type StoredAnswer, type StoredInvitation } from './adapters/mongo-surveys.js';

/** What other slices read of invitations to score a call, and of the answers. */
export const createSurveyReads = (mongo: Connection): Pick<Reads, 'surveys' | 'surveyAnswers'> => ({
  surveys: createReads(mongo, SURVEYS as CollectionOf<StoredInvitation>, surveyRecord),
  surveyAnswers: createReads(mongo, SURVEY_ANSWERS as CollectionOf<StoredAnswer>, surveyAnswerRecord),
});
