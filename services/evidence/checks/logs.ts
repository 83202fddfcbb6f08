import type { Say } from '../../shared/domain/language.js';
import type { CalendarDate } from '../../shared/domain/time/calendar-date.js';
import { breach, type Finding } from '../../shared/domain/licence/finding.js';
import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';
import { cite } from '../../shared/domain/licence/rules/rule-book.js';

const DAY_MS = 86_400_000;
/** Six months (Cybersecurity Law Art. 23(3)). */
const LEAST_DAYS = 184;

/** Logs that were removed before the legal six months had passed, because of the disk limit (item 54). Pure. */
export function checkLogs(
  probes: readonly ProbeRow[],
  { now, dateOf, say }: { readonly now: Date; readonly dateOf: (atMs: number) => CalendarDate; readonly say: Say },
): Finding[] {
  return probes.flatMap((row): Finding[] => {
    const lostUntil = String(row.facts['lostUntil'] ?? '');
    if (row.kind !== 'logs' || lostUntil === '' || now.getTime() - Date.parse(lostUntil) > LEAST_DAYS * DAY_MS) return [];
    const day = dateOf(Date.parse(lostUntil));
    return [
      breach(
        'logs-short',
        row.subject,
        say(
          `运行日志因磁盘上限已删除至 ${day}，不足六个月：请调大 LOG_DISK_BYTES，并恢复外部留存的副本。`,
          `Process logs up to ${day} were deleted before six months were over because of the disk limit: raise LOG_DISK_BYTES.`,
        ),
        cite('cyber-logs', say),
      ),
    ];
  });
}
