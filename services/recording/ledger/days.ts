/** Days of the site's time zone, as `YYYY-MM-DD`, and their bounds in UTC. */
const DAY_MS = 86_400_000;

export function dayOf(at: Date, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
  return parts.slice(0, 10);
}

/** The first instant of a day: computed with the zone's own offset, so that days of 23 and 25 hours are right. */
export function startOfDay(day: string, timeZone: string): Date {
  const guess = Date.parse(`${day}T00:00:00Z`);
  const offsetAt = (ms: number): number => {
    const text = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(ms));
    return Date.parse(`${text.replace(' ', 'T')}Z`) - Math.floor(ms / 1_000) * 1_000;
  };
  const first = guess - offsetAt(guess);
  return new Date(guess - offsetAt(first));
}

export const nextDay = (day: string): string => new Date(Date.parse(`${day}T12:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
