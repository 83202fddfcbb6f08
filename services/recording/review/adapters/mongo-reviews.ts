import { Schema, type Connection } from 'mongoose';
import { errorCode } from '../../../shared/platform/processes/error-code.js';
import type { ReviewForm } from '../../../shared/domain/review-form.js';
import { schemaOf } from '../../../shared/platform/stores/records.js';
import { reviewRecord } from '../../../shared/records/review.js';
import type { DrawnSample, Review, ReviewStore } from '../ports.js';

type StoredForm = ReviewForm & { readonly _id: string };
export type StoredReview = Omit<Review, 'reviewId'> & { readonly _id: string };
type StoredSample = Omit<DrawnSample, 'sampleId'> & { readonly _id: string };

export const REVIEWS = 'reviews';

const DUPLICATE_KEY = 11000;
const loose = (collection: string) => ({ collection, versionKey: false as const, strict: false as const, minimize: false });

const formSchema = new Schema<StoredForm>({ _id: { type: String, required: true } }, loose('review_forms'));
const reviewSchema = schemaOf(REVIEWS, reviewRecord)
  .index({ callId: 1 })
  .index({ agentId: 1, at: -1 })
  .index({ queueId: 1, at: -1 })
  .index({ at: -1 });
const sampleSchema = new Schema<StoredSample>({ _id: { type: String, required: true } }, loose('review_samples')).index({ at: -1 });

const toForm = ({ _id, ...form }: StoredForm): ReviewForm => form;
const toReview = ({ _id, ...rest }: StoredReview): Review => ({ reviewId: _id, ...rest });

export function createMongoReviews(mongo: Connection): ReviewStore {
  const forms = mongo.model<StoredForm>('ReviewForm', formSchema);
  const reviews = mongo.model('Review', reviewSchema);
  const samples = mongo.model<StoredSample>('ReviewSample', sampleSchema);
  return {
    async forms() {
      return (await forms.find().sort({ formId: 1, version: -1 }).lean<StoredForm[]>()).map(toForm);
    },
    async form(formId, version) {
      const found = await forms
        .findOne({ formId, ...(version === undefined ? {} : { version }) })
        .sort({ version: -1 })
        .lean<StoredForm>();
      return found === null ? undefined : toForm(found);
    },
    async addForm(form) {
      try {
        await forms.create({ _id: `${form.formId}@${form.version}`, ...form });
        return true;
      } catch (error) {
        if (errorCode(error) === DUPLICATE_KEY) return false;
        throw error;
      }
    },
    async addReview({ reviewId, ...review }) {
      await reviews.updateOne({ _id: reviewId }, { $setOnInsert: review }, { upsert: true });
    },
    async review(reviewId) {
      const found = await reviews.findById(reviewId).lean<StoredReview>();
      return found === null ? undefined : toReview(found);
    },
    async ofCall(callId) {
      return (await reviews.find({ callId }).sort({ at: 1 }).lean<StoredReview[]>()).map(toReview);
    },
    async search({ agentId, queueId, from, to, openAppeals, limit }) {
      const at = { ...(from === undefined ? {} : { $gte: from.toISOString() }), ...(to === undefined ? {} : { $lt: to.toISOString() }) };
      const found = await reviews
        .find({
          ...(agentId === undefined ? {} : { agentId }),
          ...(queueId === undefined ? {} : { queueId }),
          ...(Object.keys(at).length === 0 ? {} : { at }),
          ...(openAppeals === true ? { appeal: { $exists: true }, appealAnswer: { $exists: false } } : {}),
        })
        .sort({ at: -1 })
        .limit(limit)
        .lean<StoredReview[]>();
      return found.map(toReview);
    },
    async appeal(reviewId, appeal) {
      return (await reviews.updateOne({ _id: reviewId, appeal: { $exists: false } }, { $set: { appeal } })).modifiedCount === 1;
    },
    async answerAppeal(reviewId, appealAnswer) {
      const open = { _id: reviewId, appeal: { $exists: true }, appealAnswer: { $exists: false } };
      return (await reviews.updateOne(open, { $set: { appealAnswer } })).modifiedCount === 1;
    },
    async addSample({ sampleId, ...sample }) {
      await samples.updateOne({ _id: sampleId }, { $setOnInsert: sample }, { upsert: true });
    },
    async reviewedAmong(callIds) {
      return reviews.distinct('callId', { callId: { $in: callIds } });
    },
    async samples(limit) {
      const found = await samples.find().sort({ at: -1 }).limit(limit).lean<StoredSample[]>();
      return found.map(({ _id, ...rest }) => ({ sampleId: _id, ...rest }));
    },
  };
}
