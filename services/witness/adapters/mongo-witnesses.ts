import type { Connection } from 'mongoose';
import type { WitnessStore } from '../witness-service.js';
import type { Witnessed, WitnessReceipt, WitnessStamp } from '../../shared/domain/licence/witnessed.js';

interface Stored {
  readonly _id: string;
  readonly sheetHash: string;
  readonly statement: string;
  readonly stamps: WitnessStamp[];
  readonly messageIds: string[];
  readonly receipt?: WitnessReceipt;
}

const NEWEST = 400;
const toRow = ({ _id, ...rest }: Stored): Witnessed => ({ day: _id, ...rest });

/** What was sent outside for each day. */
export function createMongoWitnesses(mongo: Connection): WitnessStore {
  const rows = mongo.collection<Stored>('sheet_witnesses');
  return {
    newest: async () => (await rows.find().sort({ _id: -1 }).limit(NEWEST).toArray()).map(toRow),
    from: async (day) =>
      (
        await rows
          .find({ _id: { $gte: day } })
          .sort({ _id: 1 })
          .toArray()
      ).map(toRow),
    async begin({ day, sheetHash, statement }) {
      await rows.updateOne({ _id: day }, { $setOnInsert: { sheetHash, statement, stamps: [], messageIds: [] } }, { upsert: true });
    },
    async addStamp(day, stamp) {
      await rows.updateOne({ _id: day, 'stamps.authority': { $ne: stamp.authority } }, { $push: { stamps: stamp } });
    },
    async addReceipt(day, receipt) {
      await rows.updateOne({ _id: day, receipt: { $exists: false } }, { $set: { receipt } });
    },
    async addMessages(day, messageIds) {
      await rows.updateOne({ _id: day }, { $set: { messageIds: [...messageIds] } });
    },
  };
}
