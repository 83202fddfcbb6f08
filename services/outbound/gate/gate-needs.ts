import type { Logger } from '../../shared/platform/processes/logger.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { DecisionNeeds } from './decision.js';
import type { PermitBook } from './permit-book.js';
import type { AttemptStore, Claims, DayCounts, StopStore } from '../ports.js';

export interface GateNeeds extends DecisionNeeds {
  readonly attempts: Pick<AttemptStore, 'put' | 'settle'>;
  /** Read repeatedly while a leg is dialled, never cached. */
  readonly stops: Pick<StopStore, 'stops'>;
  readonly claims: Claims;
  readonly counts: Pick<DayCounts, 'count' | 'moved' | 'giveBack' | 'add'>;
  readonly permits: PermitBook;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}
