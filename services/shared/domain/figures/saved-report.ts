import { addDays } from '../time/calendar-date.js';
import { isInUse } from '../people/in-use.js';
import { mayUse, roles, type Principal, type Role, type Scope } from '../people/rights.js';

/** The days of a saved report, counted back from the day on which it is opened or sent. */
export const reportPeriods = ['today', 'yesterday', 'last-7-days', 'last-30-days', 'this-month', 'last-month'] as const;
export type ReportPeriod = (typeof reportPeriods)[number];

/** The moment whose sums a saved report shows: so many days before the one on which it is opened or sent, at this minute of the site's day. */
export interface MovingMoment {
  readonly daysAgo: number;
  readonly atMinute: number;
}

/** The minute of a day as the site's clock shows it: `09:05`. */
export const clockOf = (atMinute: number): string =>
  `${String(Math.floor(atMinute / 60)).padStart(2, '0')}:${String(atMinute % 60).padStart(2, '0')}`;

/** When a report is mailed: on each working day, on the first working day of a week (from Monday on), or on the first one of a month. */
export const mailRhythms = ['workday', 'week', 'month'] as const;
export type MailRhythm = (typeof mailRhythms)[number];

/** `link`: the mail contains no figures; the page asks the reader to sign in. */
export const mailForms = ['link', 'csv', 'xlsx', 'pdf'] as const;
export type MailForm = (typeof mailForms)[number];

/**
 * Why a recipient of a schedule got no mail. `no-right`: the account is closed or no longer has the right; `refused`: by the mail server.
 */
export const unsentReasons = ['no-right', 'no-address', 'not-made', 'refused'] as const;
export type UnsentReason = (typeof unsentReasons)[number];

/** The first and the last day of a range, seen from a day of the site (`2026-11-28`). */
export function daysOfPeriod(period: ReportPeriod, today: string): { readonly from: string; readonly to: string } {
  const monthBegins = `${today.slice(0, 7)}-01`;
  switch (period) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case 'last-7-days':
      return { from: addDays(today, -7), to: addDays(today, -1) };
    case 'last-30-days':
      return { from: addDays(today, -30), to: addDays(today, -1) };
    case 'this-month':
      return { from: monthBegins, to: today };
    case 'last-month': {
      const to = addDays(monthBegins, -1);
      return { from: `${to.slice(0, 7)}-01`, to };
    }
  }
}

/** Public holidays never leave a longer gap between two working days. */
const MOST_DAYS_OFF = 31;

/** The days that a mail covers. A daily report covers all days since the last mail, so that no day is left out after days off. */
export function daysMailed(
  { period, rhythm }: { readonly period: ReportPeriod; readonly rhythm: MailRhythm },
  today: string,
  isWorkday: (date: string) => boolean,
): { readonly from: string; readonly to: string } {
  const { from, to } = daysOfPeriod(period, today);
  if (period !== 'yesterday' || rhythm !== 'workday') return { from, to };
  const before = Array.from({ length: MOST_DAYS_OFF }, (_, place) => addDays(to, -place));
  return { from: before.find(isWorkday) ?? from, to };
}

/** Whether a report of this rhythm is mailed on a day: only on a working day, and for a week or a month only on its first one. */
export function isMailDay(rhythm: MailRhythm, date: string, isWorkday: (date: string) => boolean): boolean {
  if (!isWorkday(date)) return false;
  if (rhythm === 'workday') return true;
  // Monday is 0.
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  const before = rhythm === 'week' ? weekday : Number(date.slice(8)) - 1;
  return !Array.from({ length: before }, (_, place) => addDays(date, -1 - place)).some(isWorkday);
}

/** The person behind an account, with the roles and the scope of today; undefined when the person may no longer have reports. */
export function reportReader(
  account: {
    readonly _id: string;
    readonly displayName: string;
    readonly roles: readonly string[];
    readonly scope: Scope;
    readonly disabled: boolean;
    readonly expiresAt?: Date | undefined;
  },
  now: Date,
): Principal | undefined {
  const held = roles.filter((role): role is Role => account.roles.includes(role));
  const principal = { userId: account._id, name: account.displayName, sessionId: '', roles: held, scope: account.scope };
  return isInUse(account, now) && mayUse(principal, 'reports.keep') ? principal : undefined;
}
