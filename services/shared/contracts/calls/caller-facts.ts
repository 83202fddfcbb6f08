import { z } from 'zod';
import { AgentId, QueueId } from '../ids.js';

/**
 * The facts of a live call that a contact needs: the hash of the caller's number (missing for a withheld one), the agents in it, and the
 * masked number.
 */
export const CallerFacts = z.object({
  callerHash: z.string().optional(),
  agentIds: z.array(AgentId),
  callerMasked: z.string(),
  called: z.string(),
  /** Missing from a process of an earlier version. */
  direction: z.enum(['inbound', 'outbound']).optional(),
  queueId: QueueId.optional(),
});
