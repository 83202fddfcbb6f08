import { expect, test } from '@jest/globals';
import { clockFor, questionOf } from './case-clock.js';
import { defaultRules, rulesFor, type ComplaintKind, type ComplaintSource, type DeadlineRule } from './deadline-rule.js';

const dates = {
  dateOf: (at: Date) => at.toISOString().slice(0, 10),
  endOf: (date: string) => new Date(`${date}T23:59:59Z`),
};
const table = (rules: readonly DeadlineRule[]) => ({ version: 7, validFrom: '2026-01-01T00:00:00Z', rules });
const year = new Map([[2026, { year: 2026, daysOff: [], workedWeekends: [], source: 'test' }]]);
/** A Monday. */
const received = new Date('2026-03-02T02:00:00Z');
const clockOf = (
  rules: readonly DeadlineRule[],
  province: string,
  kind: ComplaintKind = 'attitude',
  source: ComplaintSource = 'phone',
  site = '上海',
) => clockFor(dates, table(rules), year, questionOf({ province, kind, source }, site), received);

test.each<[string, string, ComplaintKind, ComplaintSource, string, string, string]>([
  ['an ordinary complaint has fifteen days', '上海', 'attitude', 'phone', '上海', 'default', '2026-03-17'],
  ['Henan has five working days', '河南', 'attitude', 'phone', '上海', 'henan', '2026-03-09'],
  ['a centre in Henan has them for whoever complains', '广东', 'attitude', 'phone', '河南', 'henan', '2026-03-09'],
  ['fifteen working days are longer than fifteen days', '重庆', 'waiting', 'web', '上海', 'default', '2026-03-17'],
  ['personal information gains no time in Henan', '河南', 'information-leak', 'phone', '上海', 'henan', '2026-03-09'],
  ['of two that ask the same the more special is cited', '上海', 'information-leak', 'phone', '上海', 'information', '2026-03-17'],
  ['an appeal', '上海', 'information-leak', 'regulator', '上海', 'regulator', '2026-03-12'],
  ['an appeal gains no time in Henan', '河南', 'other', 'regulator', '上海', 'henan', '2026-03-09'],
])('the strictest rule wins: %s', (_name, province, kind, source, site, ruleId, due) => {
  const clock = clockOf(defaultRules, province, kind, source, site);
  expect([clock.ruleId, clock.ruleVersion, clock.dueAt]).toEqual([ruleId, 7, dates.endOf(due)]);
});

test('a rule that names its province in another way fits the same cases', () => {
  const henan = defaultRules.map((rule) => (rule.id === 'henan' ? { ...rule, province: '河南省' } : rule));
  expect(rulesFor(henan, { provinces: ['河南'], kind: 'other', source: 'web' }).map(({ id }) => id)).toEqual(['henan', 'default']);
});

test.each(['河南省', 'Henan', '郑州市'])(
  'a case that was stored with its province as %s, when opened again, has the time of Henan',
  (province) => {
    expect(clockOf(defaultRules, province).ruleId).toBe('henan');
  },
);

test('what a rule allows ends where a rule that does not allow it ends', () => {
  const lenient = defaultRules.map((rule) => (rule.id === 'henan' ? { ...rule, extension: { days: 10, unit: 'working' as const } } : rule));
  expect(clockOf(lenient, '河南').allows).toEqual({ extension: { days: 10, unit: 'working' }, notAfter: dates.endOf('2026-03-17') });
  expect(clockOf(lenient, '上海').allows).toBeUndefined();
  const all = defaultRules.map((rule) => ({ ...rule, extension: { days: 10, unit: 'working' as const } }));
  expect(clockOf(all, '河南').allows).toEqual({ extension: { days: 10, unit: 'working' } });
});

test('nothing is put off beyond what another rule that fits allows itself', () => {
  const extended = (days: number, unit: 'calendar' | 'working') => ({ extension: { days, unit } });
  const some = defaultRules.map((rule) => ({ ...rule, ...(rule.id === 'henan' ? extended(30, 'working') : extended(5, 'calendar')) }));
  // On its own, Henan's rule would reach 20 April; fifteen days and five more end on 22 March.
  expect(clockOf(some, '河南').allows).toEqual({ extension: { days: 30, unit: 'working' }, notAfter: dates.endOf('2026-03-22') });
  const both = defaultRules.map((rule) =>
    rule.id === 'henan'
      ? { ...rule, pause: { days: 8, unit: 'calendar' as const }, ...extended(8, 'calendar') }
      : { ...rule, pause: { days: 1, unit: 'calendar' as const }, ...extended(1, 'calendar') },
  );
  // Each move alone ends in time; both together would not.
  expect(clockOf(both, '河南').allows?.notAfter).toEqual(dates.endOf('2026-03-19'));
});
