import type { Redis } from 'ioredis';
import { createValkeyLeases } from '../shared/platform/events/valkey-leases.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import {
  holdRole,
  PATIENT_TERMS,
  QUICK_TERMS,
  stillRuns,
  thisProcess,
  USUAL_TERMS,
  type Holder,
  type LeaseTerms,
} from '../shared/platform/processes/role-lease.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';
import type { Tenure } from '../shared/platform/processes/tenure.js';
import type { ProcessRole } from '../shared/platform/settings/config.js';

/** Two processes with such a role would each treat the other's calls, commands and rows as their own. Routing has its own leader. */
const runsOnce: Readonly<Record<ProcessRole, boolean>> = {
  telephony: true,
  recorder: true,
  mixer: true,
  routing: false,
  cases: true,
  api: true,
};
/** Alone in its process, such a role waits for the end of the one that has it. */
const STAND_BY: ReadonlySet<ProcessRole> = new Set(['api', 'cases', 'recorder', 'telephony']);
/** People and calls wait for these, so they are taken over sooner than the others. */
const SOONER: Readonly<Partial<Record<ProcessRole, LeaseTerms>>> = { api: PATIENT_TERMS, recorder: QUICK_TERMS, telephony: QUICK_TERMS };
/** What two of them say to one far side is heard: it is given up before another may have it. */
const HAS_CALLS: ProcessRole = 'telephony';

/**
 * Takes the roles that only one process may have. Resolves with the functions that release them; fails with `StartRefused` when another
 * process has one, and waits where a second process stands by. `standsBy`: called once that wait begins.
 */
export async function holdRoles({
  roles,
  context,
  standsBy,
  log,
}: {
  readonly roles: readonly ProcessRole[];
  readonly context: { readonly valkey: Redis; readonly tenure: Tenure; readonly restart: (reason: string) => void };
  readonly standsBy: (role: ProcessRole) => void;
  readonly log: Logger;
}): Promise<(() => Promise<void>)[]> {
  const waits = roles.length === 1 && roles.every((role) => STAND_BY.has(role));
  function standBy(role: ProcessRole, { pid, host }: Holder): void {
    // Warnings are on the console too, and whoever starts a second machine looks there.
    log.warn({ role, other: pid, host }, 'another process has this role; this one stands by');
    standsBy(role);
  }
  /** Its work in progress would be done twice, so the process ends at once, as if killed. Each of its services survives that. */
  function endNow(role: ProcessRole): void {
    log.error({ role }, 'another process has taken this role over; this one ends at once');
    process.exit(1);
  }

  const releases: (() => Promise<void>)[] = [];
  for (const role of roles.filter((each) => runsOnce[each]))
    releases.push(
      await holdRole({
        role,
        self: thisProcess(),
        store: createValkeyLeases(context.valkey),
        runs: stillRuns,
        terms: SOONER[role] ?? USUAL_TERMS,
        ...(role === HAS_CALLS ? { tenure: context.tenure } : {}),
        ...(waits ? { standsBy: (holder) => standBy(role, holder) } : {}),
        lost: () => {
          if (waits || role === HAS_CALLS) endNow(role);
          else context.restart(`another process has the role ${role}`);
        },
        clock: systemClock,
        log,
      }),
    );
  return releases;
}
