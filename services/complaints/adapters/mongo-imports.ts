import { Schema, type Connection } from 'mongoose';
import type { Complaint } from '../cases/complaint.js';
import type { ImportHead, ImportStore } from '../ports.js';

type StoredHead = Omit<ImportHead, 'importId'> & { readonly _id: string; readonly claimedUntil?: Date };
interface StoredPiece {
  readonly _id: string;
  readonly importId: string;
  readonly stagedAt: Date;
  readonly cases: readonly Complaint[];
}

const headSchema = new Schema<StoredHead>(
  { _id: { type: String, required: true } },
  { collection: 'complaint_imports', versionKey: false, strict: false },
).index({ claimedUntil: 1 }, { sparse: true });
const pieceSchema = new Schema<StoredPiece>(
  { _id: { type: String, required: true } },
  { collection: 'complaint_import_pieces', versionKey: false, strict: false },
).index({ stagedAt: 1 });

const toHead = ({ _id, claimedUntil: _claimedUntil, ...rest }: StoredHead): ImportHead => ({ importId: _id, ...rest });

/** `claimedUntil` exists from the commit to the end. A process that finds it in the past continues the import. */
export function createMongoImports(mongo: Connection): ImportStore {
  const heads = mongo.model<StoredHead>('ComplaintImport', headSchema);
  const pieces = mongo.model<StoredPiece>('ComplaintImportPiece', pieceSchema);
  const pieceId = (importId: string, piece: number): string => `${importId}#${piece}`;
  return {
    async stage(importId, piece, cases) {
      await pieces.create({ _id: pieceId(importId, piece), importId, stagedAt: new Date(), cases });
    },
    async commit({ importId, ...rest }) {
      await heads.create({ _id: importId, ...rest, claimedUntil: new Date(0) });
    },
    async claim(now, until) {
      const found = await heads
        .findOneAndUpdate({ claimedUntil: { $lte: now } }, { $set: { claimedUntil: until } }, { returnDocument: 'after' })
        .lean<StoredHead>();
      return found === null ? undefined : toHead(found);
    },
    piece: async (importId, piece) => (await pieces.findOne({ _id: pieceId(importId, piece) }).lean<StoredPiece>())?.cases ?? [],
    async advance(importId, next, until) {
      await heads.updateOne({ _id: importId }, { $set: { next, claimedUntil: until } });
      await pieces.deleteOne({ _id: pieceId(importId, next - 1) });
    },
    async finish(importId, at) {
      await heads.updateOne({ _id: importId }, { $set: { doneAt: at }, $unset: { claimedUntil: '' } });
    },
    async byId(importId) {
      const found = await heads.findOne({ _id: importId }).lean<StoredHead>();
      return found === null ? undefined : toHead(found);
    },
    async sweep(before) {
      const old = await pieces
        .find({ stagedAt: { $lt: before } }, { importId: 1 })
        .limit(1_000)
        .lean<Pick<StoredPiece, '_id' | 'importId'>[]>();
      if (old.length === 0) return;
      const committed = await heads
        .find({ _id: { $in: [...new Set(old.map(({ importId }) => importId))] }, doneAt: { $exists: false } }, { _id: 1 })
        .lean<{ readonly _id: string }[]>();
      const known = new Set(committed.map(({ _id }) => _id));
      await pieces.deleteMany({ _id: { $in: old.filter(({ importId }) => !known.has(importId)).map(({ _id }) => _id) } });
    },
  };
}
