import { CallCentreError } from '../../shared/domain/failure.js';
import type { BreakReason } from '../../shared/contracts/queues/queue.js';
import type { Agent } from './agent-machine.js';
import type { AgentId } from '../../shared/domain/ids.js';

export { BreakReason, BreakReasons } from '../../shared/contracts/queues/queue.js';

/** The breaks of a new site. */
export const usualBreaks: readonly BreakReason[] = [
  { id: 'rest', name: { 'zh-CN': '小休', en: 'Short break' }, limitMs: 15 * 60_000 },
  { id: 'lunch', name: { 'zh-CN': '用餐', en: 'Meal' }, limitMs: 60 * 60_000 },
  { id: 'meeting', name: { 'zh-CN': '会议', en: 'Meeting' } },
  { id: 'training', name: { 'zh-CN': '培训', en: 'Training' } },
];

/**
 * How long a break for this reason may last; undefined without a limit. When the site has reasons, it must be one of them: otherwise free
 * text would make a break without a limit. Fails with `reason-required`, and with `break-full` when the allowed number of agents is on this
 * break already, including those who chose it for after their call.
 */
export function mayBreak(
  reasons: readonly BreakReason[],
  agents: Iterable<Agent>,
  wish: { readonly agentId: AgentId; readonly reason: string | undefined },
): number | undefined {
  const known = reasons.find(({ id }) => id === wish.reason);
  if (reasons.length === 0) return undefined;
  if (known === undefined) throw new CallCentreError('reason-required', 'A break needs one of the reasons that the site defines.');
  let there = 0;
  for (const { agentId, state, reason, next } of agents) {
    if (agentId === wish.agentId) continue;
    if ((state === 'break' && reason === known.id) || (next?.state === 'break' && next.reason === known.id)) there += 1;
  }
  if (known.atOnce !== undefined && there >= known.atOnce)
    throw new CallCentreError('break-full', 'The allowed number of agents is already on this break.', {
      details: { atOnce: known.atOnce },
    });
  return known.limitMs;
}
