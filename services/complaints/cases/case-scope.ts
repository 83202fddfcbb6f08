import type { Principal } from '../../shared/domain/people/rights.js';
import type { Complaint } from './complaint.js';

/** The cases that a person sees: those of some client units, and of some queues. An empty list restricts nothing. */
export interface CaseScope {
  readonly clientUnits: readonly string[];
  readonly queues: readonly string[];
}

export const WHOLE_CENTRE: CaseScope = { clientUnits: [], queues: [] };

/** Without a right nobody sees everything: routes ask for one first, so that there is a person. */
export const scopeOf = (principal: Principal | undefined): CaseScope => principal?.scope ?? { clientUnits: [''], queues: [''] };

/**
 * Everything that the case names must be within the scope. A case from web, mail or letter names no queue; then its client unit decides. A
 * case without any of these is only for people without such a restriction.
 */
export function seesCase({ clientUnits, queues }: CaseScope, { clientUnit, queueId }: Pick<Complaint, 'clientUnit' | 'queueId'>): boolean {
  const restricted = [
    { list: clientUnits, named: clientUnit },
    { list: queues, named: queueId },
  ].filter(({ list }) => list.length > 0);
  const within = restricted.every(({ list, named }) => named === undefined || list.includes(named));
  return within && (restricted.length === 0 || restricted.some(({ named }) => named !== undefined));
}
