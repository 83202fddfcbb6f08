import { Schema, type Connection } from 'mongoose';
import { z } from 'zod';
import { edited } from '../../shared/contracts/edited.js';
import { WallLayout } from '../../shared/contracts/queues/wall.js';
import { writeOver } from '../../shared/platform/stores/edits.js';
import type { WallStore } from '../ports.js';
import type { StoredWall } from '../walls/wall.js';
import { UserId } from '../../shared/contracts/ids.js';

const WALLS = 'walls';

const Row = z.object({
  _id: z.string(),
  name: z.string(),
  layout: WallLayout,
  madeBy: z.object({ userId: UserId, name: z.string() }),
  address: z.object({ hash: z.string(), since: z.date() }).optional(),
  ...edited,
});

const schema = new Schema<{ _id: string }>(
  { _id: { type: String, required: true } },
  { collection: WALLS, versionKey: false, strict: false },
).index({ 'address.hash': 1 }, { unique: true, partialFilterExpression: { 'address.hash': { $type: 'string' } } });

/** A row that does not fit a wall of this version is not shown. */
function toWall(row: unknown): StoredWall[] {
  const parsed = Row.safeParse(row);
  if (!parsed.success) return [];
  const { _id, ...wall } = parsed.data;
  return [{ id: _id, ...wall }];
}

export function createMongoWalls(mongo: Connection): WallStore {
  mongo.model('Wall', schema);
  const rows = mongo.collection<{ _id: string; revision?: number; address?: { readonly hash: string; readonly since: Date } }>(WALLS);
  return {
    all: async () => (await rows.find().sort({ _id: 1 }).toArray()).flatMap(toWall),
    byId: async (id) => toWall(await rows.findOne({ _id: id }))[0],
    byHash: async (hash) => toWall(await rows.findOne({ 'address.hash': hash }))[0],
    async hashes() {
      const found = await rows.find({}, { projection: { address: 1 } }).toArray();
      return new Set(found.flatMap(({ address }) => address?.hash ?? []));
    },
    async put({ id, ...rest }, read, by) {
      return { id, ...(await writeOver(mongo.collection(WALLS), id, rest, read, by)) };
    },
    async setAddress(id, address) {
      // Written as a new revision: a person who has the layout open must read it again before saving, and so cannot bring back a withdrawn
      // address.
      const raise = { $inc: { revision: 1 } } as const;
      if (address === undefined) await rows.updateOne({ _id: id }, { ...raise, $unset: { address: '' } });
      else await rows.updateOne({ _id: id }, { ...raise, $set: { address: { ...address } } });
    },
    async remove(id) {
      await rows.deleteOne({ _id: id });
    },
  };
}
