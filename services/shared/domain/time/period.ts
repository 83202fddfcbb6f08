/** A month (`2026-11`) or a year (`2026`) of the site. */
export type Period = string;

export const isPeriod = (text: string): boolean => /^\d{4}(-(0[1-9]|1[0-2]))?$/.test(text);

/** The first date of a period, and the first date after it: `2026-11-01`, `2026-12-01`. */
export function datesOf(period: Period): { readonly from: string; readonly to: string } {
  const year = Number(period.slice(0, 4));
  if (period.length === 4) return { from: `${year}-01-01`, to: `${year + 1}-01-01` };
  const month = Number(period.slice(5));
  const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
  return { from: `${period}-01`, to: `${next}-01` };
}

/** Months and years that have ended by `today` (`2026-11-26`), newest first: this many months back, and the years that they touch. */
export function periodsOver(today: string, months: number): Period[] {
  const over: Period[] = [];
  let year = Number(today.slice(0, 4));
  let month = Number(today.slice(5, 7));
  for (let left = months; left > 0; left -= 1) {
    month -= 1;
    if (month === 0) {
      month = 12;
      year -= 1;
    }
    over.push(`${year}-${String(month).padStart(2, '0')}`);
    if (month === 12) over.push(String(year));
  }
  return over;
}
