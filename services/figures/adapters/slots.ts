import { DateTime } from 'luxon';
import type { ReportInterval } from '../../shared/domain/figures/report.js';
import type { Slot } from '../report.js';

/** For a report without a time axis. */
const EVER = { fromMs: 0, untilMs: Number.MAX_SAFE_INTEGER };

/** Divides time by the site's clock. Facts arrive in order of time, so nearly all are in the slot of the previous one. */
export function createSlots(interval: ReportInterval, zone: string, whole = EVER) {
  let last: Slot | undefined;
  return function slotOf(atMs: number): Slot {
    if (last === undefined || atMs < last.fromMs || atMs >= last.untilMs) last = cut(atMs, interval, zone, whole);
    return last;
  };
}

function cut(atMs: number, interval: ReportInterval, zone: string, whole: { readonly fromMs: number; readonly untilMs: number }): Slot {
  const at = DateTime.fromMillis(atMs, { zone });
  switch (interval) {
    case 'whole':
      return { ...whole, key: '' };
    case 'day':
    case 'week':
    case 'month': {
      const start = at.startOf(interval);
      return slot(start, start.plus({ [interval]: 1 }));
    }
    case 'hour-of-week': {
      const start = at.startOf('hour');
      return { ...slot(start, start.plus({ hours: 1 })), key: `${String(start.weekday)}-${String(start.hour).padStart(2, '0')}` };
    }
    default: {
      const minutes = Number(interval);
      const start = at.startOf('hour').plus({ minutes: Math.floor(at.minute / minutes) * minutes });
      return slot(start, start.plus({ minutes }));
    }
  }
}

const slot = (start: DateTime, end: DateTime): Slot => ({
  fromMs: start.toMillis(),
  untilMs: end.toMillis(),
  key: start.toUTC().toISO() ?? '',
});
