import type { EventBus } from '../shared/events/catalogue.js';
import type { Logger } from '../shared/platform/logger.js';
import { dueSteps, stepClock } from './complaint.js';
import type { ComplaintStore } from './ports.js';

/** Closed cases keep their recordings for so long: appeals come up to two years after the event (申诉办法 11). */
export const HOLD_AFTER_CLOSE_MS = 2 * 365 * 86_400_000;

/**
 * Looks at every clock that is due. The stores are asked, not a timer kept: what fell due while nothing ran is found at the next look, and
 * each step is written once because it is written with the revision of the case.
 */
export function createClockWatch({
  complaints,
  bus,
  now,
  log,
}: {
  readonly complaints: ComplaintStore;
  readonly bus: EventBus;
  readonly now: () => Date;
  readonly log: Logger;
}) {
  return async function look(): Promise<number> {
    const at = now();
    let stepped = 0;
    for (let more = true; more;) {
      const due = await complaints.withDueClock(at, 200);
      more = due.length === 200;
      for (const complaint of due) {
        for (const step of dueSteps(complaint, at)) {
          const written = await complaints.replace(stepClock((await complaints.byId(complaint.id)) ?? complaint, step, at));
          // Somebody works on it at this moment: the next look sees it again.
          if (!written) {
            more = false;
            continue;
          }
          stepped += 1;
          await bus.publish('complaint.due', { complaintId: complaint.id, at: at.toISOString(), clock: step });
          if (step === 'overdue')
            await bus.publish('notice.raised', {
              at: at.toISOString(),
              level: 'alarm',
              code: 'complaint-overdue',
              text: { 'zh-CN': `投诉 ${complaint.number} 已超过答复期限`, en: `Complaint ${complaint.number} is past its deadline` },
            });
        }
      }
    }
    if (stepped > 0) log.info({ stepped }, 'clocks of complaints fell due');
    return stepped;
  };
}
