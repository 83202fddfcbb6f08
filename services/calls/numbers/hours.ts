import type { Hours } from '../../shared/contracts/calls/flow.js';

/** The Chinese calendar of public holidays and of the days worked in exchange, 调休. Undefined when it is not published yet. */
export interface HolidayCalendar {
  /** `holiday`: everybody is off. `workday`: a Saturday or Sunday that is worked. */
  dayKind(date: string): 'holiday' | 'workday' | 'ordinary';
}

/** A moment in the zone of the site. `weekday` 1 is Monday. */
export interface LocalTime {
  readonly date: string;
  readonly weekday: number;
  readonly minutes: number;
}

interface Span {
  readonly opens: string;
  readonly closes: string;
}

/** The hours of one date, and the rule that gave them. */
export interface DayHours {
  readonly date: string;
  readonly weekday: number;
  readonly by: 'exception' | 'holiday' | 'workday' | 'week';
  readonly spans: readonly Span[];
}

/**
 * The hours of a date. The firm's own exceptions come first, then the public holidays. A day worked in exchange has the hours of a Monday.
 * Otherwise the hours of the weekday apply.
 */
export function hoursOf(hours: Hours, { date, weekday }: Omit<LocalTime, 'minutes'>, calendar: HolidayCalendar): DayHours {
  const exception = hours.exceptions.find((each) => each.date === date);
  if (exception !== undefined) return { date, weekday, by: 'exception', spans: exception.spans };
  const kind = hours.chineseHolidays ? calendar.dayKind(date) : 'ordinary';
  if (kind === 'holiday') return { date, weekday, by: 'holiday', spans: [] };
  const day = kind === 'workday' ? 1 : weekday;
  const spans = hours.weekly.filter((row) => row.days.includes(day)).map(({ opens, closes }) => ({ opens, closes }));
  return { date, weekday, by: kind === 'workday' ? 'workday' : 'week', spans };
}

/** Whether `hours` are open at a local time. A span includes its first minute and not its last. */
export const isOpenAt = (hours: Hours, time: LocalTime, calendar: HolidayCalendar): boolean =>
  hoursOf(hours, time, calendar).spans.some((span) => within(span, time.minutes));

export interface HoursProblem {
  readonly problem: 'hours-backwards' | 'hours-overlap' | 'hours-date-twice' | 'hours-never';
  /** The day of the week (`1` is Monday) or the date; empty for the whole. */
  readonly day: string;
}

/** Contradictory hours: spans that end before they begin, or that overlap on one day. */
export function hoursProblems(hours: Hours): HoursProblem[] {
  const problems: HoursProblem[] = [];
  const check = (day: string, spans: readonly Span[]): void => {
    const sorted = spans.map(({ opens, closes }) => [minutesOf(opens), minutesOf(closes)] as const).sort((a, b) => a[0] - b[0]);
    if (sorted.some(([opens, closes]) => opens >= closes)) problems.push({ problem: 'hours-backwards', day });
    if (sorted.some(([opens], index) => index > 0 && opens < (sorted[index - 1]?.[1] ?? 0)))
      problems.push({ problem: 'hours-overlap', day });
  };
  for (let day = 1; day <= 7; day += 1)
    check(
      String(day),
      hours.weekly.filter((row) => row.days.includes(day)),
    );
  for (const { date, spans } of hours.exceptions) check(date, spans);
  const dates = hours.exceptions.map(({ date }) => date);
  for (const date of new Set(dates))
    if (dates.filter((each) => each === date).length > 1) problems.push({ problem: 'hours-date-twice', day: date });
  if (hours.weekly.length === 0 && hours.exceptions.every(({ spans }) => spans.length === 0))
    problems.push({ problem: 'hours-never', day: '' });
  return problems;
}

function within({ opens, closes }: Span, minutes: number): boolean {
  return minutes >= minutesOf(opens) && minutes < minutesOf(closes);
}

function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
