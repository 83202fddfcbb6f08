import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { agentStateRecord, type StoredAgentState } from '../shared/records/agent-state.js';
import { proofCallExtract } from '../shared/records/proof-call.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { AGENT_STATES } from './adapters/stores/mongo-seat-log.js';
import { PROOF_CALLS, type StoredProof } from '../proof-call/adapters/mongo-proofs.js';

/** What other slices read about agents' states and proof calls. */
export const createEvidenceReads = (mongo: Connection): Pick<Reads, 'agentStates' | 'proofCalls'> => ({
  agentStates: createReads(mongo, AGENT_STATES as CollectionOf<StoredAgentState>, agentStateRecord),
  proofCalls: createReads(mongo, PROOF_CALLS as CollectionOf<StoredProof>, proofCallExtract),
});
