import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Agent } from './agent-machine.js';

/** A reason for which an agent may take a break, with its limits. */
export const BreakReason = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,30}$/),
  name: z.object({ 'zh-CN': z.string().min(1).max(30), en: z.string().min(1).max(30) }),
  /** One break lasts so long; then it is marked and told to supervisors. Absent: no limit. */
  limitMs: z.int().min(60_000).max(86_400_000).optional(),
  /** So many agents at a time. Absent: no limit. */
  atOnce: z.int().min(1).max(10_000).optional(),
});
export type BreakReason = z.infer<typeof BreakReason>;

export const BreakReasons = z
  .array(BreakReason)
  .max(50)
  .refine((reasons) => new Set(reasons.map(({ id }) => id)).size === reasons.length, { message: 'a reason is named twice' });

/** What a site starts with. */
export const usualBreaks: readonly BreakReason[] = [
  { id: 'rest', name: { 'zh-CN': '小休', en: 'Short break' }, limitMs: 15 * 60_000 },
  { id: 'lunch', name: { 'zh-CN': '用餐', en: 'Meal' }, limitMs: 60 * 60_000 },
  { id: 'meeting', name: { 'zh-CN': '会议', en: 'Meeting' } },
  { id: 'training', name: { 'zh-CN': '培训', en: 'Training' } },
];

/**
 * How long a break of this reason may last; undefined without a limit. A reason that is not in the list is taken as free words. Fails with
 * `busy` when as many as allowed are on this break already, those who chose it for after their call counted in.
 */
export function mayBreak(
  reasons: readonly BreakReason[],
  agents: Iterable<Agent>,
  wish: { readonly agentId: string; readonly reason: string | undefined },
): number | undefined {
  const known = reasons.find(({ id }) => id === wish.reason);
  if (known === undefined) return undefined;
  let there = 0;
  for (const { agentId, state, reason, next } of agents) {
    if (agentId === wish.agentId) continue;
    if ((state === 'break' && reason === known.id) || (next?.state === 'break' && next.reason === known.id)) there += 1;
  }
  if (known.atOnce !== undefined && there >= known.atOnce)
    throw new CallCentreError('busy', 'As many agents as allowed are on this break.', { details: { atOnce: known.atOnce } });
  return known.limitMs;
}
