import type { AlarmLevel } from '../shared/domain/alarm.js';

/** Minutes of the day at the site. From evening to morning the span crosses midnight. */
export interface QuietHours {
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** The minutes of quiet from `minute` of the day on; 0 outside quiet hours, and always for critical alarms. */
export function quietMinutes(quiet: QuietHours | undefined, level: AlarmLevel, minute: number): number {
  if (quiet === undefined || level === 'critical') return 0;
  const { fromMinute, toMinute } = quiet;
  const isQuiet = fromMinute <= toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute || minute < toMinute;
  return isQuiet ? (toMinute - minute + 1_440) % 1_440 : 0;
}
