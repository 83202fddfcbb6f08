import { z } from 'zod';
import { AgentId, QueueId } from '../ids.js';

/** A handling that ended because its agent transferred the caller, as the end of the call tells it. */
export const ToldTransfer = z.object({
  /** Which handling of the call. */
  handling: z.int(),
  /** When the handling began, in ISO 8601. */
  at: z.iso.datetime(),
  agentId: AgentId,
  queueId: QueueId.optional(),
});
export type ToldTransfer = z.infer<typeof ToldTransfer>;
