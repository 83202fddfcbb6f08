import type { Connection } from 'mongoose';
import { createUpdates } from '../../shared/platform/stores/documents-together.js';
import { schemaOf } from '../../shared/platform/stores/records.js';
import { visitRecord } from '../../shared/records/visit.js';
import type { Aged, VisitStore } from '../ports.js';

export const VISITS = 'visits';

// An agent's own day is read by the agent, who looks at it after each call.
const schema = schemaOf(VISITS, visitRecord)
  .index({ enteredAt: 1 })
  .index({ agentId: 1, enteredAt: 1 })
  .index({ callId: 1 })
  .index({ notedAt: 1 });

export function createMongoVisits(mongo: Connection): VisitStore & Aged {
  // Every call causes one or two visits.
  const visits = mongo.model('Visit', schema).collection;
  const update = createUpdates(visits);
  return {
    async entered({ _id, ...visit }, at) {
      await update({ filter: { _id }, update: { $setOnInsert: { ...visit, notedAt: at } }, upsert: true });
    },
    async left({ _id, ...visit }, end, at) {
      const close = { filter: { _id, leftAt: null }, update: { $set: { ...end, notedAt: at } } };
      await update({ filter: { _id }, update: { $setOnInsert: { ...visit, notedAt: at } }, upsert: true }, close);
    },
    async gaveResult(callId, { result, at }, notedAt) {
      const noLater = { $or: [{ resultAt: null }, { resultAt: { $lt: at } }] };
      await visits.updateMany({ callId, ...noLater }, { $set: { result, resultAt: at, ...(notedAt === undefined ? {} : { notedAt }) } });
    },
    async removeBefore(at) {
      return (await visits.deleteMany({ enteredAt: { $lt: at } })).deletedCount;
    },
  };
}
