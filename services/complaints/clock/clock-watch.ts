import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { dueSteps, takeSteps } from './clock-steps.js';
import { publishCaseAlarms } from '../cases/case-alarms.js';
import type { Complaint } from '../cases/complaint.js';
import type { ComplaintStore, RecordingHolds } from '../ports.js';

const BATCH = 200;
/** The number of cases that are written in parallel. */
const AT_ONCE = 20;

/** The name of a case's hold on a recording. */
export const holdOf = ({ number }: Pick<Complaint, 'number'>): string => `complaint ${number}`;

/**
 * Checks every clock that is due. It queries the stores instead of keeping timers: whatever fell due while nothing ran is found at the next
 * check, and each step is written once, because it is written with the revision of the case.
 */
export function createClockWatch({
  complaints,
  holds,
  bus,
  now,
  log,
}: {
  readonly complaints: ComplaintStore;
  readonly holds: RecordingHolds;
  readonly bus: EventBus;
  readonly now: () => Date;
  readonly log: Logger;
}) {
  /** Nothing is written while somebody works on the case. The next check finds it again. */
  async function step(complaint: Complaint, at: Date): Promise<void> {
    const steps = dueSteps(complaint, at);
    // Released before it is recorded: after a crash in between it is released again, which changes nothing.
    if (steps.includes('hold-released')) await holds.release(complaint.callIds, holdOf(complaint));
    const next = takeSteps(complaint, steps, at);
    if (!(await complaints.replace(next))) return;
    await publishCaseAlarms(bus, complaint, next, at);
    for (const clock of steps) await bus.publish('complaint.due', { complaintId: complaint.id, at: at.toISOString(), clock });
  }

  return async function look(): Promise<number> {
    const at = now();
    let seen = 0;
    for (;;) {
      const due = await complaints.withDueClock(at, BATCH);
      for (let from = 0; from < due.length; from += AT_ONCE)
        await Promise.all(due.slice(from, from + AT_ONCE).map((complaint) => step(complaint, at)));
      seen += due.length;
      if (due.length < BATCH) break;
    }
    if (seen > 0) log.info({ seen }, 'deadlines of complaints were reached');
    return seen;
  };
}
