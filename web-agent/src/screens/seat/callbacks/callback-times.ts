import { atWall, wallText } from '../../../components/time/times.js';

/** Minutes from now that are offered for a callback with one press. */
export const soonMinutes = [15, 60, 120] as const;

/** Nine o'clock in the morning of the next day, by the site's clock. */
export function tomorrowAtNine(now: Date): Date {
  const day = new Date(`${wallText(now).slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return atWall(`${day.toISOString().slice(0, 10)}T09:00`);
}
