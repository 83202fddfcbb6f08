import type { Hours } from '../shared/contracts/flow.js';

/** The Chinese calendar of public holidays and of the days worked in exchange, 调休. Undefined where it is not published yet. */
export interface HolidayCalendar {
  /** `holiday`: everybody is off. `workday`: a Saturday or Sunday that is worked. */
  dayKind(date: string): 'holiday' | 'workday' | 'ordinary';
}

/** A moment in the site's zone. `weekday` 1 is Monday. */
export interface LocalTime {
  readonly date: string;
  readonly weekday: number;
  readonly minutes: number;
}

/**
 * Whether `hours` are open at a local time. An exception of the firm's own decides alone; then the public holidays; a day worked in
 * exchange has the hours of a Monday; else the week's. A span includes its first minute and not its last.
 */
export function isOpenAt(hours: Hours, time: LocalTime, calendar: HolidayCalendar): boolean {
  const exception = hours.exceptions.find(({ date }) => date === time.date);
  if (exception !== undefined) return exception.spans.some((span) => within(span, time.minutes));
  const kind = hours.chineseHolidays ? calendar.dayKind(time.date) : 'ordinary';
  if (kind === 'holiday') return false;
  const weekday = kind === 'workday' ? 1 : time.weekday;
  return hours.weekly.some((row) => row.days.includes(weekday) && within(row, time.minutes));
}

/** Spans that end before they begin, or that overlap on one day: hours that contradict themselves. */
export function hoursProblems(hours: Hours): string[] {
  const problems: string[] = [];
  const days = Array.from({ length: 7 }, (_, index) => index + 1);
  const check = (name: string, spans: readonly { readonly opens: string; readonly closes: string }[]): void => {
    const sorted = spans.map(({ opens, closes }) => [minutesOf(opens), minutesOf(closes)] as const).sort((a, b) => a[0] - b[0]);
    if (sorted.some(([opens, closes]) => opens >= closes)) problems.push(`${name}: closes before it opens`);
    if (sorted.some(([opens], index) => index > 0 && opens < (sorted[index - 1]?.[1] ?? 0))) problems.push(`${name}: spans overlap`);
  };
  for (const day of days)
    check(
      `day ${day}`,
      hours.weekly.filter((row) => row.days.includes(day)),
    );
  for (const { date, spans } of hours.exceptions) check(date, spans);
  const dates = hours.exceptions.map(({ date }) => date);
  for (const date of new Set(dates)) if (dates.filter((each) => each === date).length > 1) problems.push(`${date}: named twice`);
  if (hours.weekly.length === 0 && hours.exceptions.every(({ spans }) => spans.length === 0)) problems.push('hours: never open');
  return problems;
}

function within({ opens, closes }: { readonly opens: string; readonly closes: string }, minutes: number): boolean {
  return minutes >= minutesOf(opens) && minutes < minutesOf(closes);
}

function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
