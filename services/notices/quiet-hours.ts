import type { AlarmLevel } from '../shared/domain/alarm.js';

/** Minutes of the day at the site; from the evening to the morning it goes over midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** How many minutes it is quiet from `minute` of the day on; 0 when it is not, and always for what is critical. */
export function quietMinutes(quiet: QuietHours | undefined, level: AlarmLevel, minute: number): number {
  if (quiet === undefined || level === 'critical') return 0;
  const { fromMinute, toMinute } = quiet;
  const isQuiet = fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
  return isQuiet ? (toMinute - minute + 1_440) % 1_440 : 0;
}
