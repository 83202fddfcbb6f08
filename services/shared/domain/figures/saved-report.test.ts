import { expect, test } from '@jest/globals';
import { daysMailed, daysOfPeriod, isMailDay, reportReader } from './saved-report.js';

test.each([
  ['today', '2026-11-28', '2026-11-28', '2026-11-28'],
  ['yesterday', '2026-01-01', '2025-12-31', '2025-12-31'],
  ['last-7-days', '2026-11-28', '2026-11-21', '2026-11-27'],
  ['last-30-days', '2026-03-01', '2026-01-30', '2026-02-28'],
  ['this-month', '2026-11-01', '2026-11-01', '2026-11-01'],
  ['last-month', '2028-03-15', '2028-02-01', '2028-02-29'],
  ['last-month', '2026-01-05', '2025-12-01', '2025-12-31'],
] as const)('%s on %s is from %s to %s', (period, today, from, to) => {
  expect(daysOfPeriod(period, today)).toEqual({ from, to });
});

/** The first week of October is off, and Saturday the tenth is worked instead. */
const isWorkday = (date: string): boolean => {
  if (date >= '2026-10-01' && date <= '2026-10-07') return false;
  if (date === '2026-10-10') return true;
  return ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
};

test.each([
  ['workday', ['2026-10-08', '2026-10-09', '2026-10-10', '2026-10-12', '2026-10-13', '2026-10-14']],
  // In the week of the holiday, Thursday is the first working day.
  ['week', ['2026-10-08', '2026-10-12']],
  ['month', ['2026-10-08']],
] as const)('%s: mailed on these days of the first half of October', (rhythm, days) => {
  const all = Array.from({ length: 14 }, (_, place) => `2026-10-${String(place + 1).padStart(2, '0')}`);
  expect(all.filter((date) => isMailDay(rhythm, date, isWorkday))).toEqual(days);
});

test.each([
  ['a supervisor', ['supervisor'], false, true],
  ['a closed account', ['supervisor'], true, false],
  ['an agent', ['agent'], false, false],
  ['an inspector', ['inspector'], false, false],
  ['a role that does not exist', ['boss'], false, false],
] as const)('%s', (_name, roles, disabled, reads) => {
  const scope = { queues: ['service'], sites: [], clientUnits: [] };
  expect(reportReader({ _id: 'u', displayName: 'U', roles, scope, disabled }, new Date())?.scope).toEqual(reads ? scope : undefined);
});

test('an account whose end has come has no reports, though nobody closed it', () => {
  const expiresAt = new Date('2026-11-30T16:00:00Z');
  const account = { _id: 'u', displayName: 'U', roles: ['supervisor'], scope: { queues: [], sites: [], clientUnits: [] }, disabled: false };
  expect(reportReader({ ...account, expiresAt }, new Date(expiresAt.getTime() - 1))?.userId).toBe('u');
  expect(reportReader({ ...account, expiresAt }, expiresAt)).toBeUndefined();
});

test.each([
  ['Tuesday', 'yesterday', 'workday', '2026-03-03', '2026-03-02', '2026-03-02'],
  ['Monday, after a weekend', 'yesterday', 'workday', '2026-03-02', '2026-02-27', '2026-03-01'],
  ['Monday of a report of each week', 'yesterday', 'week', '2026-03-02', '2026-03-01', '2026-03-01'],
  ['Monday, of the last 7 days', 'last-7-days', 'workday', '2026-03-02', '2026-02-23', '2026-03-01'],
] as const)('a mail of %s leaves no day out between two mails', (_when, period, rhythm, today, from, to) => {
  const isWeekday = (date: string): boolean => ![0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
  expect(daysMailed({ period, rhythm }, today, isWeekday)).toEqual({ from, to });
});
