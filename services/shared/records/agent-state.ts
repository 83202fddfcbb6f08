import { z } from 'zod';
import { defineRecord, maybe, type ReadsOf, type RowOf } from './record.js';

/** A state of an agent from `at` on; its id is that of the event. The present one has no end. */
export const agentStateRecord = defineRecord('agent-state', 2, {
  agentId: z.string(),
  at: z.date(),
  untilAt: maybe(z.date()),
  state: z.string(),
  /** Why, where somebody or something said so. */
  reason: maybe(z.string()),
  /** Set while the agent is rung, on a call or in its wrap-up. */
  callId: maybe(z.string()),
});

export type StoredAgentState = RowOf<typeof agentStateRecord>;
export type AgentStateReads = ReadsOf<typeof agentStateRecord>;
