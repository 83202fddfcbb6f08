import type { RowScope } from '../../domain/figures/scope-rows.js';
import type { Principal } from '../../domain/people/rights.js';
import { isMember } from '../../domain/people/team.js';
import { isScoped, teamsOf, type ReachOf } from './reach.js';

/** The span of "the last 30 minutes" of a row. */
const LATELY_MS = 1_800_000;

interface SeenRow {
  readonly of: RowScope;
  readonly id: string;
}

/**
 * Which rows of the live figures a person sees. A row counts everything of its number, client unit, team or agent, so it is shown only to
 * people who see all of that. Trunks: only people who see everything. A scope of queues: no rows, since their figures would include other
 * queues. Teams: those teams, and the agents who have been members for all that the row counts.
 */
export function createRowReach(reachOf: ReachOf, nowMs: () => number): (principal: Principal) => Promise<(row: SeenRow) => boolean> {
  return async (principal) => {
    if (!isScoped(principal)) return () => true;
    const { numbers, members } = await reachOf(principal);
    if (members !== undefined) {
      const atMs = nowMs();
      const isOwn = (id: string): boolean => isMember(members, id, atMs) && isMember(members, id, atMs - LATELY_MS);
      return ({ of, id }) => (of === 'team' && teamsOf(principal).includes(id)) || (of === 'agent' && isOwn(id));
    }
    const { queues, sites, clientUnits } = principal.scope;
    if (queues.length > 0) return () => false;
    return ({ of, id }) =>
      (of === 'number' && numbers?.includes(id) === true) || (of === 'client-unit' && sites.length === 0 && clientUnits.includes(id));
  };
}
