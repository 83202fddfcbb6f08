import { z } from 'zod';

/** What a contact says of a live call: the hash of its caller's number, none of a withheld one; who is in it; the number masked. */
export const CallerFacts = z.object({
  callerHash: z.string().optional(),
  agentIds: z.array(z.string()),
  callerMasked: z.string(),
  called: z.string(),
  queueId: z.string().optional(),
});
