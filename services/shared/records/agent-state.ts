import { z } from 'zod';
import { defineRecord, maybe, type ReadsOf, type RowOf } from './record.js';
import { AgentId } from '../contracts/ids.js';

/** A state of an agent from `at` on. Its id is the id of the event. The current state has no end. */
export const agentStateRecord = defineRecord('agent-state', 2, {
  agentId: AgentId,
  at: z.date(),
  untilAt: maybe(z.date()),
  state: z.string(),
  /** The reason, if there is one. */
  reason: maybe(z.string()),
  /** Set while the agent rings, is on a call or is in wrap-up. */
  callId: maybe(z.string()),
});

export type StoredAgentState = RowOf<typeof agentStateRecord>;
export type AgentStateReads = ReadsOf<typeof agentStateRecord>;
