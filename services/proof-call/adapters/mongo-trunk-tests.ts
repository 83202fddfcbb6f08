import { Schema, type Connection } from 'mongoose';
import type { TrunkTest } from '../../shared/contracts/trunks/trunk-test.js';

export const TRUNK_TESTS = 'trunk_tests';

type StoredTest = Omit<TrunkTest, 'testId' | 'at'> & { readonly _id: string; readonly at: Date };

const words = { en: String, zh: String };
const schema = new Schema<StoredTest>(
  {
    _id: { type: String, required: true },
    trunkId: { type: String, required: true },
    at: { type: Date, required: true },
    by: { type: String, required: true },
    byName: { type: String, required: true },
    number: { type: String, required: true },
    inBy: String,
    state: { type: String, required: true },
    ok: { type: Boolean, required: true },
    lines: [{ type: { name: String, verdict: String, seen: words, tell: { type: words, default: undefined } }, _id: false }],
    callId: String,
  },
  { collection: TRUNK_TESTS, versionKey: false },
).index({ trunkId: 1, at: -1 });

export interface TrunkTestStore {
  put(test: TrunkTest): Promise<void>;
  /** The newest test of each trunk. */
  newest(): Promise<TrunkTest[]>;
}

export function createMongoTrunkTests(mongo: Connection): TrunkTestStore {
  const tests = mongo.model<StoredTest>('TrunkTest', schema);
  return {
    async put({ testId, at, ...rest }) {
      await tests.replaceOne({ _id: testId }, { at: new Date(at), ...rest }, { upsert: true });
    },
    async newest() {
      const trunkIds = await tests.distinct('trunkId');
      const found = await Promise.all(trunkIds.map((trunkId) => tests.findOne({ trunkId }).sort({ at: -1 }).lean<StoredTest | null>()));
      return found.flatMap((each) => {
        if (each === null) return [];
        const { _id, at, ...rest } = each;
        return [{ ...rest, testId: _id, at: at.toISOString() }];
      });
    },
  };
}
