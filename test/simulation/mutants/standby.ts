import { mutant, type Mutant } from './mutant.js';

const TENURE = 'services/shared/platform/processes/tenure.ts';
const LEASE = 'services/shared/platform/processes/role-lease.ts';
const BACKUP = 'services/backups/backup.ts';
const SERVICE = 'services/backups/backup-service.ts';
const JOBS = 'services/shared/platform/processes/scheduler.ts';

/** Telephony on two machines, and the nightly backup (test/simulation/edges/standby and backups). */
export const besideOthers: readonly Mutant[] = [
  mutant(
    'the role is counted from the answer and not from the question',
    'beside',
    LEASE,
    'tenure.confirmed(askedMs, isAwaited)',
    'tenure.confirmed(tenure.nowMs(), isAwaited)',
  ),
  mutant('a holder that cannot be sure of its role goes on', 'beside', TENURE, 'if (awaited && nowMs() >= sureUntilMs) end();', ''),
  mutant('a holder ends no sooner than its lease', 'beside', TENURE, 'askedMs + leaseMs - MARGIN_MS', 'askedMs + leaseMs + MARGIN_MS'),
  mutant('a holder does not ask whether somebody waits', 'beside', LEASE, 'store.isAwaited(name)]', 'false]'),
  mutant(
    'a standby does not announce itself',
    'beside',
    LEASE,
    'if (tenure !== undefined) await store.announce(name, AWAITED_LEASES * leaseMs).catch(() => undefined);',
    '',
  ),
  mutant(
    'a standby takes the role as soon as the live state is away',
    'beside',
    LEASE,
    'return standsBy === undefined ? undefined : known;',
    'return undefined;',
  ),
  mutant(
    'a process of another machine counts as dead',
    'beside',
    LEASE,
    'holder.machine === self.machine && !runs(holder)',
    '!runs(holder)',
  ),
  mutant('a holder ends though nobody waits', 'beside', TENURE, 'if (awaited && nowMs()', 'if (nowMs()'),
  mutant('a replaced holder does not learn of it', 'beside', LEASE, 'if (holder !== undefined) lost();', ''),
  mutant(
    'a process that never held the role takes the calls of its holder',
    'beside',
    TENURE,
    'if (!tenure.isHeld()) {',
    'if (tenure.isHeld()) {',
  ),
  mutant(
    'the process after a dead one waits until the lease is over',
    'beside',
    LEASE,
    'return isOver && (await store.takeFrom(name, found, own, leaseMs)) ? undefined : holder;',
    'return holder;',
  ),
  mutant(
    'a night whose backup failed counts as done',
    'beside',
    SERVICE,
    "      if (outcome.kind === 'failed') throw new Error(`no backup was made: ${outcome.reason.en}`);\n",
    '',
  ),
  mutant(
    'a backup that ends with its process counts as made',
    'beside',
    SERVICE,
    "if (outcome.kind === 'stopped') throw new Error('the process stops: the next one makes the backup');",
    "if (outcome.kind === 'stopped') return;",
  ),
  mutant(
    'a failed job waits for the next night',
    'beside',
    JOBS,
    '$set: { failedAt: now(), heldUntil: later(TRIED_AGAIN_MS) }',
    '$set: { failedAt: now(), occasion, heldUntil: later(TRIED_AGAIN_MS) }',
  ),
  mutant(
    'a job is due in its hour alone',
    'beside',
    'services/shared/platform/processes/occasion.ts',
    'hour >= timetable.dailyFromHour',
    'hour === timetable.dailyFromHour',
  ),
  mutant(
    'a failure stands after a good backup',
    'beside',
    BACKUP,
    '(last === undefined || failed.at > last.finishedAt)',
    '(last === undefined || failed.at < last.finishedAt)',
  ),
  mutant(
    'a removed backup is not missed',
    'beside',
    BACKUP,
    'if (last !== undefined && !isThere)',
    'if (last !== undefined && isThere && !isThere)',
  ),
  mutant(
    'a backup never gets too old',
    'beside',
    BACKUP,
    'export const LATE_AFTER_MS = 36 * HOUR_MS;',
    'export const LATE_AFTER_MS = 3_600 * HOUR_MS;',
  ),
  mutant(
    'the alarm about backups outlives its cause',
    'beside',
    SERVICE,
    'await condition.is(problem === undefined ? undefined : {',
    'if (problem !== undefined) await condition.is({',
  ),
];
