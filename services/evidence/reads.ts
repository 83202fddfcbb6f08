import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/records.js';
import { agentStateRecord, type StoredAgentState } from '../shared/records/agent-state.js';
import type { Reads } from '../shared/records/reads.js';
import { AGENT_STATES } from './adapters/mongo-seat-log.js';

/** What other slices read of the agents' states. */
export const createEvidenceReads = (mongo: Connection): Pick<Reads, 'agentStates'> => ({
  agentStates: createReads<typeof agentStateRecord, StoredAgentState>(mongo, AGENT_STATES, agentStateRecord),
});
