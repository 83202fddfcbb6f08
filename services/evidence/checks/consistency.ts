import type { Finding } from '../../shared/domain/licence/finding.js';
import type { LicenceFile } from '../../shared/domain/licence/licence-file.js';
import type { CheckContext } from './check-context.js';
import { checkClients, checkSeats, checkShifts, checkStaff } from './people-consistency.js';
import { checkNumbers, checkTrunks } from './number-consistency.js';
import type { Usage } from './usage.js';

/** Contradictions within the licence file, and between it and what the system used: items 40-53. Pure. */
export function checkConsistency(file: LicenceFile, usage: Usage, context: CheckContext): Finding[] {
  return [
    ...checkNumbers(file, usage, context),
    ...checkTrunks(file, usage, context),
    ...checkSeats(file, usage, context),
    ...checkStaff(file, usage, context),
    ...checkClients(file, context),
    ...checkShifts(file, usage, context),
  ];
}
