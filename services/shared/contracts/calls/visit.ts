import { z } from 'zod';
import { visitOutcomes } from '../../domain/figures/facts.js';
import { AgentId, QueueId } from '../ids.js';

/** A caller's visit to a queue, from entering to leaving it. */
export const visitShape = {
  /** Counted from 1, among the visits of the call. */
  place: z.int().positive(),
  queueId: QueueId,
  fromMs: z.int(),
  toMs: z.int(),
  waitMs: z.int().nonnegative(),
  /** How many times the call rang at an agent's seat. */
  offers: z.int().nonnegative(),
  /** An agent of this queue had already answered the call, so the caller is not new to the queue. */
  returned: z.boolean(),
  priority: z.int(),
  skills: z.record(z.string(), z.int()),
  outcome: z.enum(visitOutcomes),
  /** Only with `answered`. */
  agentId: AgentId.exactOptional(),
  /** With `overflow`: the destination (`queue:<id>`, `number`, `message` …). With `lost` and `refused`: the reason. */
  detail: z.string().exactOptional(),
};
