import { z } from 'zod';

/**
 * The token of routing's current term as leader. Whoever has seen a larger one refuses with `superseded`; people and other roles send none.
 */
export const fencingToken = z.int().positive().optional();

/** A seat that is to ring for a call, and for how long. */
export const Offer = z.object({
  callId: z.string().min(1).max(64),
  agentId: z.string().min(1).max(64),
  offerId: z.string(),
  ringForMs: z.int().positive(),
  autoAnswer: z.boolean().default(false),
});
