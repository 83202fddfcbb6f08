import type { Principal } from '../../shared/domain/people/rights.js';
import type { Complaint } from './complaint.js';

/** Which cases somebody sees: those of some client units, and of some queues; an empty list does not restrict. */
export interface CaseScope {
  readonly clientUnits: readonly string[];
  readonly queues: readonly string[];
}

export const WHOLE_CENTRE: CaseScope = { clientUnits: [], queues: [] };

/** Nobody sees everything: routes ask for a right first, so that somebody is there. */
export const scopeOf = (principal: Principal | undefined): CaseScope => principal?.scope ?? { clientUnits: [''], queues: [''] };

/**
 * What the case names must be within the scope. A case that came by web, mail or letter names no queue: then its client unit decides. One that
 * names nothing of what somebody is restricted to is for those who are not.
 */
export function seesCase({ clientUnits, queues }: CaseScope, { clientUnit, queueId }: Pick<Complaint, 'clientUnit' | 'queueId'>): boolean {
  const restricted = [
    { list: clientUnits, named: clientUnit },
    { list: queues, named: queueId },
  ].filter(({ list }) => list.length > 0);
  const within = restricted.every(({ list, named }) => named === undefined || list.includes(named));
  return within && (restricted.length === 0 || restricted.some(({ named }) => named !== undefined));
}
