import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { recordingExtract } from '../shared/records/recording.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { reviewRecord } from '../shared/records/review.js';
import { RECORDINGS, type StoredRecording } from './archive/adapters/mongo-recordings.js';
import { REVIEWS, type StoredReview } from './review/adapters/mongo-reviews.js';

/** What other slices read about archived recordings and quality reviews. */
export const createRecordingReads = (mongo: Connection): Pick<Reads, 'recordings' | 'reviews'> => ({
  recordings: createReads(mongo, RECORDINGS as CollectionOf<StoredRecording>, recordingExtract),
  reviews: createReads(mongo, REVIEWS as CollectionOf<StoredReview>, reviewRecord),
});
