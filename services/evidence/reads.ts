import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { agentStateRecord, type StoredAgentState } from '../shared/records/agent-state.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { AGENT_STATES } from './adapters/stores/mongo-seat-log.js';

/** What other slices read about agents' states. */
export const createEvidenceReads = (mongo: Connection): Pick<Reads, 'agentStates'> => ({
  agentStates: createReads(mongo, AGENT_STATES as CollectionOf<StoredAgentState>, agentStateRecord),
});
