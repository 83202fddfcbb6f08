/** A formatter holds 30 kB that the collection of garbage does not know of: one for each moment of a pack fills its memory. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** The local time of a moment, as `2026-11-25 10:15:30`, in the zone of the site. */
export const localTime = (atMs: number, zone: string): string => clockOf(zone).format(atMs);

export const localDate = (atMs: number, zone: string): string => localTime(atMs, zone).slice(0, 10);
