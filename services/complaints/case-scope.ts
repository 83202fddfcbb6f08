import { withinScope, type Principal } from '../shared/domain/rights.js';
import type { Complaint } from './complaint.js';

/** Which cases somebody sees: those of some client units, and of some queues; an empty list does not restrict. */
export interface CaseScope {
  readonly clientUnits: readonly string[];
  readonly queues: readonly string[];
}

export const WHOLE_CENTRE: CaseScope = { clientUnits: [], queues: [] };

/** Nobody sees everything: routes ask for a right first, so that somebody is there. */
export const scopeOf = (principal: Principal | undefined): CaseScope => principal?.scope ?? { clientUnits: [''], queues: [''] };

/** A case without a client unit, or without a queue, is for those who are not restricted to any. */
export const seesCase = ({ clientUnits, queues }: CaseScope, { clientUnit, queueId }: Pick<Complaint, 'clientUnit' | 'queueId'>): boolean =>
  withinScope(clientUnits, clientUnit) && withinScope(queues, queueId);
