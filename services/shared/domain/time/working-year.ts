/** The holidays of a year are published in the autumn before; from 1 November the calendar of the next year is asked for. */
const ASKED_FROM = '-11-01';

/** The year whose working calendar has to be entered now: this one, or from November the next; undefined when none is missing. `today`: `2026-11-28`. */
export function missingYear(today: string, isKnown: (year: number) => boolean): number | undefined {
  const year = Number(today.slice(0, 4));
  if (!isKnown(year)) return year;
  return today >= `${year}${ASKED_FROM}` && !isKnown(year + 1) ? year + 1 : undefined;
}
