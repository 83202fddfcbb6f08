/** The holidays of a year are published in the autumn before it. From 1 November the product asks for the next year's calendar. */
const ASKED_FROM = '-11-01';

/**
 * The year whose working calendar must be entered now: this year, or the next one from November on; undefined when none is missing.
 * `today`: `2026-11-28`.
 */
export function missingYear(today: string, isKnown: (year: number) => boolean): number | undefined {
  const year = Number(today.slice(0, 4));
  if (!isKnown(year)) return year;
  return today >= `${year}${ASKED_FROM}` && !isKnown(year + 1) ? year + 1 : undefined;
}
