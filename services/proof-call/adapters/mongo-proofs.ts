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
    stages: [new Schema({ name: String, ok: Boolean, ms: Number, detail: String, detailZh: String }, { _id: false })],
    origin: { type: String, required: true },
    over: { type: { trunkId: String, inBy: String }, _id: false, default: undefined },
    echo: { type: { trunkId: String, number: String }, _id: false, default: undefined },
    linesDown: { type: [String], default: undefined },
  },
  { collection: PROOF_CALLS, versionKey: false },
).index({ at: -1 });

/** Stages of earlier versions were stored with an id of their own, which nobody needs. */
const read = ({ _id, stages, ...rest }: StoredProof): ProofCall => ({
  ...rest,
  proofId: _id,
  stages: stages.map(({ name, ok, ms, detail, detailZh }) => ({ name, ok, ms, detail, ...(detailZh === undefined ? {} : { detailZh }) })),
});

export function createMongoProofs(mongo: Connection): ProofStore {
  const proofs = mongo.model<StoredProof>('ProofCall', schema);
  return {
    async add({ proofId, ...rest }) {
      await proofs.create({ _id: proofId, ...rest });
    },
    async one(proofId) {
      const found = await proofs.findById(proofId).lean<StoredProof | null>();
      return found === null ? undefined : read(found);
    },
    async newest(limit) {
      return (await proofs.find().sort({ at: -1 }).limit(limit).lean<StoredProof[]>()).map(read);
    },
  };
}
