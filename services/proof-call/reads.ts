import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { proofCallExtract } from '../shared/records/proof-call.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { PROOF_CALLS, type StoredProof } from './adapters/mongo-proofs.js';

/** What other slices read about proof calls. */
export const createProofCallReads = (mongo: Connection): Pick<Reads, 'proofCalls'> => ({
  proofCalls: createReads(mongo, PROOF_CALLS as CollectionOf<StoredProof>, proofCallExtract),
});
