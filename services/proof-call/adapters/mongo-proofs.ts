import { Schema, type Connection } from 'mongoose';
import type { ProofCall, ProofStore } from '../ports.js';

export const PROOF_CALLS = 'proof_calls';

export type StoredProof = Omit<ProofCall, 'proofId'> & { readonly _id: string };

const schema = new Schema<StoredProof>(
  {
    _id: { type: String, required: true },
    at: { type: Date, required: true },
    callId: String,
    ok: { type: Boolean, required: true },
    totalMs: { type: Number, required: true },
    stages: [{ type: { name: String, ok: Boolean, ms: Number, detail: String, detailZh: String }, _id: false }],
    origin: { type: String, required: true },
    over: { type: { trunkId: String, inBy: String }, _id: false, default: undefined },
    linesDown: { type: [String], default: undefined },
  },
  { collection: PROOF_CALLS, versionKey: false },
).index({ at: -1 });

export function createMongoProofs(mongo: Connection): ProofStore {
  const proofs = mongo.model<StoredProof>('ProofCall', schema);
  return {
    async add({ proofId, ...rest }) {
      await proofs.create({ _id: proofId, ...rest });
    },
    async one(proofId) {
      const found = await proofs.findById(proofId).lean<StoredProof | null>();
      if (found === null) return undefined;
      const { _id, ...rest } = found;
      return { proofId: _id, ...rest };
    },
    async newest(limit) {
      return (await proofs.find().sort({ at: -1 }).limit(limit).lean<StoredProof[]>()).map(({ _id, ...rest }) => ({
        proofId: _id,
        ...rest,
      }));
    },
  };
}
