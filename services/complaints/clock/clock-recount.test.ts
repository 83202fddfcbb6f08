import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clockFor } from './case-clock.js';
import type { ComplaintClock } from '../cases/case-parts.js';
import { moveClock } from './clock-moves.js';
import { recount } from './clock-recount.js';
import { advance, type Complaint } from '../cases/complaint.js';
import { defaultRules, type DeadlineRule, type RuleQuestion } from './deadline-rule.js';
import { countFigures } from '../statistics.js';

const endOf = (date: string): Date => new Date(`${date}T23:59:59Z`);
const dateOf = (at: Date): string => at.toISOString().slice(0, 10);
const dates = { dateOf, endOf };
const calendar = new Map([[2026, { year: 2026, daysOff: [], workedWeekends: [], source: 'test' }]]);
const startedAt = new Date('2026-03-02T02:00:00Z');
const days = (count: number) => ({ days: count, unit: 'calendar' as const });
const mayMove = { extension: days(10), pause: days(20) };
const table = (rules: readonly DeadlineRule[] = defaultRules) => ({ version: 3, validFrom: '2026-01-01T00:00:00Z', rules });
const asked = (province: string, kind: RuleQuestion['kind'] = 'attitude'): RuleQuestion => ({
  provinces: [province, '上海'],
  kind,
  source: 'phone',
});
const clockOf = (province: string, rules?: readonly DeadlineRule[]): ComplaintClock =>
  clockFor(dates, table(rules), calendar, asked(province), startedAt);
const moment = (at: string, province: string, more: object = {}) => ({
  ...{ ...dates, calendar, table: table(), asked: asked(province), at: new Date(at), by: 'boss', text: 'she lives there' },
  ...more,
});
function clockAfter(...of: Parameters<typeof recount>): ComplaintClock {
  const verdict = recount(...of);
  if ('refused' in verdict || verdict.clock === undefined) throw new Error(JSON.stringify(verdict));
  return verdict.clock;
}

test('another province has the strictest rule decide anew from the same start, and the clock keeps what was due before', () => {
  const before = { ...clockOf('上海'), remindedAt: endOf('2026-03-07') };
  expect(before.dueAt).toEqual(endOf('2026-03-17'));
  const verdict = recount(before, moment('2026-03-04T08:00:00Z', '河南'));
  expect(verdict).toMatchObject({ outcome: 'earlier', clock: { ruleId: 'henan', startedAt, dueAt: endOf('2026-03-09') } });
  const henan = clockAfter(before, moment('2026-03-04T08:00:00Z', '河南'));
  expect(henan.remindedAt).toBeUndefined();
  expect(henan.recounted).toEqual([
    {
      ...{ at: new Date('2026-03-04T08:00:00Z'), by: 'boss', text: 'she lives there' },
      ...{ dueAt: before.dueAt, targetAt: before.targetAt, ruleId: 'default' },
    },
  ]);
  const back = recount(henan, moment('2026-03-05T08:00:00Z', '上海'));
  expect(back).toMatchObject({ outcome: 'later', clock: { ruleId: 'default', dueAt: before.dueAt, recounted: [{}, { ruleId: 'henan' }] } });
  expect(recount(before, moment('2026-03-04T08:00:00Z', '北京'))).toEqual({ outcome: 'same' });
});

test('a clock that stopped or ran out gives no more time; one that stands is taken up first', () => {
  const henan = clockOf('河南');
  expect(recount(henan, moment('2026-03-10T08:00:00Z', '上海'))).toEqual({ outcome: 'ran-out' });
  expect(recount({ ...henan, stoppedAt: endOf('2026-03-05') }, moment('2026-03-06T08:00:00Z', '上海'))).toEqual({ outcome: 'stopped' });
  expect(recount(undefined, moment('2026-03-06T08:00:00Z', '上海'))).toEqual({ outcome: 'stopped' });
  const paused = { at: startedAt, by: 'boss', text: 'x', dueAt: henan.dueAt, targetAt: henan.targetAt };
  expect(recount({ ...henan, paused }, moment('2026-03-06T08:00:00Z', '上海'))).toEqual({ refused: 'clock-paused' });
});

test('an extension counts as far as the new rule allows one, and stays used', () => {
  const rules = defaultRules.map((rule) => (rule.id === 'default' ? { ...rule, ...mayMove } : rule));
  const extended = moveClock(clockOf('上海', rules), 'extend', {
    ...{ ...dates, calendar, at: new Date('2026-03-04T08:00:00Z'), by: 'boss', text: 'papers' },
  });
  if ('refused' in extended) throw new Error(extended.refused);
  expect(extended.clock.dueAt).toEqual(endOf('2026-03-27'));
  const henan = clockAfter(extended.clock, moment('2026-03-05T08:00:00Z', '河南', { table: table(rules) }));
  expect(henan).toMatchObject({ dueAt: endOf('2026-03-09'), extended: extended.clock.extended });
  const back = clockAfter(henan, moment('2026-03-06T08:00:00Z', '上海', { table: table(rules) }));
  expect([back.dueAt, back.extended?.dueAt]).toEqual([endOf('2026-03-27'), endOf('2026-03-17')]);
});

test('a case never gets more time than the complaints that were joined into it have', () => {
  const notAfter = endOf('2026-03-10');
  const clock = clockAfter(clockOf('河南'), moment('2026-03-04T08:00:00Z', '上海', { notAfter }));
  expect([clock.dueAt, clock.targetAt]).toEqual([notAfter, endOf('2026-03-07')]);
});

const base: Complaint = {
  id: 'k1',
  number: 'TS20260302-0001',
  state: 'in-hand',
  source: 'phone',
  kind: 'attitude',
  province: '上海',
  complainant: { numberMasked: '138****0002' },
  text: 'rude',
  receivedAt: startedAt,
  callIds: [],
  againstAgentId: 'agent1',
  clocks: [clockOf('上海')],
  answers: [],
  evidence: [],
  actions: [],
  revision: 1,
};

test('nobody changes a province without a reason, gains time by a kind in silence, or moves the clock of a case about oneself', () => {
  const at = new Date('2026-03-04T08:00:00Z');
  const clock = clockAfter(base.clocks[0], moment(at.toISOString(), '河南'));
  const event = { type: 'change-province', province: '河南', text: 'she lives there', clock } as const;
  expect(advance(base, { ...event, text: ' ' }, 'boss', at)).toEqual({ refused: 'text-missing' });
  expect(advance(base, event, 'agent1', at)).toEqual({ refused: 'complained-about' });
  expect(advance({ ...base, state: 'closed' }, event, 'boss', at)).toEqual({ refused: 'wrong-state' });
  expect(advance({ ...base, joinedInto: 'k0' }, event, 'boss', at)).toEqual({ refused: 'already-joined' });
  const moved = advance(base, event, 'boss', at);
  expect(moved).toMatchObject({
    complaint: {
      ...{ province: '河南', provinceFrom: 'stated', clocks: [{ ruleId: 'henan' }] },
      actions: [
        {
          ...{ what: 'province-changed', text: '河南', was: '上海', reason: 'she lives there' },
          due: { from: endOf('2026-03-17'), to: endOf('2026-03-09') },
        },
      ],
    },
  });
  const later: ComplaintClock = { ...clock, dueAt: endOf('2026-03-20') };
  expect(advance(base, { type: 'change-kind', kind: 'other', clock: later }, 'boss', at)).toEqual({ refused: 'text-missing' });
  expect(advance(base, { type: 'change-kind', kind: 'other', clock }, 'boss', at)).toMatchObject({
    complaint: { actions: [{ what: 'kind-changed', text: 'other', was: 'attitude', due: { to: clock.dueAt } }] },
  });
});

test('whatever is changed when, figures that were counted before stay what they were', () => {
  const overdueAt = (clock: ComplaintClock, asOf: Date): number => {
    const figures = countFigures(asOf);
    figures.add({ ...base, clocks: [clock] });
    return figures.total(1).openOverdue;
  };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('上海', '河南', '重庆', '北京'), fc.integer({ min: 1, max: 8 * 24 })), { maxLength: 6 }),
      (steps) => {
        let now = new Date('2026-03-02T08:00:00Z');
        let clock = clockOf('上海');
        const counted: (readonly [Date, number])[] = [];
        for (const [province, hours] of steps) {
          now = new Date(now.getTime() + hours * 3_600_000);
          counted.push([now, overdueAt(clock, now)]);
          const verdict = recount(clock, moment(now.toISOString(), province));
          if ('clock' in verdict && verdict.clock !== undefined) clock = verdict.clock;
          for (const [asOf, before] of counted) expect(overdueAt(clock, asOf)).toBe(before);
        }
      },
    ),
  );
});
