import { z } from 'zod';
import { asAgentId, asQueueId } from './ids.js';

/** The rows of a bulk export: a period, and optionally one queue or one agent. */
export const ExportQuery = z
  .object({
    from: z.coerce.date(),
    to: z.coerce.date(),
    queueId: asQueueId(z.string().min(1).max(64)).optional(),
    agentId: asAgentId(z.string().min(1).max(64)).optional(),
  })
  .refine(({ from, to }) => from < to, 'from must be before to');
export type ExportQuery = z.infer<typeof ExportQuery>;
