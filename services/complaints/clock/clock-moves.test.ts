import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ComplaintClock } from '../cases/case-parts.js';
import { moveClock, type MoveOfClock } from './clock-moves.js';
import { advance, type Complaint } from '../cases/complaint.js';
import { countFigures } from '../statistics.js';

const DAY = 86_400_000;
const endOf = (date: string): Date => new Date(`${date}T23:59:59Z`);
const dateOf = (at: Date): string => at.toISOString().slice(0, 10);
const calendar = new Map([[2026, { year: 2026, daysOff: [], workedWeekends: [], source: 'test' }]]);
const moment = (at: string | Date) => ({ dateOf, endOf, calendar, at: new Date(at), by: 'boss', text: 'waiting for the contract' });
const clock: ComplaintClock = {
  ruleId: 'default',
  ruleVersion: 1,
  basis: 'x',
  confirmed: true,
  startedAt: new Date('2026-03-02T02:00:00Z'),
  targetAt: endOf('2026-03-07'),
  dueAt: endOf('2026-03-17'),
  allows: { pause: { days: 20, unit: 'calendar' }, extension: { days: 10, unit: 'calendar' } },
};
function moved(of: ComplaintClock, move: MoveOfClock, at: string | Date): ComplaintClock {
  const verdict = moveClock(of, move, moment(at));
  if ('refused' in verdict) throw new Error(verdict.refused);
  return verdict.clock;
}
const refusal = (of: ComplaintClock, move: MoveOfClock, at: string): string => {
  const verdict = moveClock(of, move, moment(at));
  return 'refused' in verdict ? verdict.refused : 'done';
};

test('an extension adds its days once, and says by whom, why and what was due before', () => {
  const once = moved({ ...clock, remindedAt: endOf('2026-03-07') }, 'extend', '2026-03-10T08:00:00Z');
  expect([once.dueAt, once.targetAt, once.remindedAt]).toEqual([endOf('2026-03-27'), endOf('2026-03-17'), undefined]);
  expect(once.extended).toMatchObject({ by: 'boss', text: 'waiting for the contract', dueAt: clock.dueAt });
  expect(refusal(once, 'extend', '2026-03-11T08:00:00Z')).toBe('used-already');
});

test('a pause gives back the days on which it stood, and no more than its rule allows', () => {
  const paused = moved(clock, 'pause', '2026-03-10T08:00:00Z');
  expect(paused.dueAt).toEqual(endOf('2026-04-06'));
  expect(refusal(paused, 'extend', '2026-03-11T08:00:00Z')).toBe('clock-not-running');
  expect(moved(paused, 'resume', '2026-03-13T08:00:00Z')).toMatchObject({ dueAt: endOf('2026-03-20'), targetAt: endOf('2026-03-10') });
  expect(moved(paused, 'resume', '2026-03-10T09:00:00Z').dueAt).toEqual(clock.dueAt);
  expect(moved(paused, 'resume', '2026-04-05T09:00:00Z').dueAt).toEqual(endOf('2026-04-06'));
  expect(refusal(paused, 'resume', '2026-04-07T09:00:00Z')).toBe('clock-not-running');
  expect(refusal(moved(paused, 'resume', '2026-03-13T08:00:00Z'), 'pause', '2026-03-14T08:00:00Z')).toBe('used-already');
});

test('a pause counted in working days is over before a weekend is', () => {
  const working = { ...clock, allows: { pause: { days: 10, unit: 'working' as const } } };
  // One working day from Friday to Monday.
  expect(moved(moved(working, 'pause', '2026-03-13T08:00:00Z'), 'resume', '2026-03-16T08:00:00Z').dueAt).toEqual(endOf('2026-03-18'));
});

test('a time that is put off into a year without a calendar says so', () => {
  const late = {
    ...clock,
    startedAt: new Date('2026-12-01T02:00:00Z'),
    targetAt: endOf('2026-12-09'),
    dueAt: endOf('2026-12-24'),
    allows: { extension: { days: 10, unit: 'working' as const }, pause: { days: 10, unit: 'working' as const } },
  };
  for (const move of ['extend', 'pause'] as const)
    expect(moved(late, move, '2026-12-20T08:00:00Z')).toMatchObject({ dueAt: endOf('2027-01-07'), provisionalYear: 2027 });
  expect(moved(clock, 'extend', '2026-03-10T08:00:00Z').provisionalYear).toBeUndefined();
});

test('a rule that allows nothing, a clock that ran out or stands, and a pause that never began are refused by name', () => {
  const { allows: _allows, ...strict } = clock;
  expect(refusal(strict, 'extend', '2026-03-10T08:00:00Z')).toBe('rule-allows-none');
  expect(refusal(strict, 'pause', '2026-03-10T08:00:00Z')).toBe('rule-allows-none');
  expect(refusal(clock, 'resume', '2026-03-10T08:00:00Z')).toBe('not-paused');
  expect(refusal(clock, 'extend', '2026-03-18T08:00:00Z')).toBe('clock-not-running');
  expect(refusal({ ...clock, stoppedAt: endOf('2026-03-09') }, 'pause', '2026-03-10T08:00:00Z')).toBe('clock-not-running');
  const bounded = { ...clock, allows: { ...clock.allows, notAfter: clock.dueAt } };
  expect(refusal(bounded, 'extend', '2026-03-10T08:00:00Z')).toBe('rule-allows-none');
});

test('whatever is moved when, no time passes its bound and no figure that was counted before changes', () => {
  const base: Complaint = {
    id: 'k1',
    number: 'TS20260302-0001',
    state: 'in-hand',
    source: 'phone',
    kind: 'attitude',
    province: '上海',
    complainant: { numberMasked: '138****0002' },
    text: 'rude',
    receivedAt: clock.startedAt,
    callIds: [],
    clocks: [clock],
    answers: [],
    evidence: [],
    actions: [],
    revision: 1,
  };
  const overdueAt = (of: ComplaintClock, asOf: Date): number => {
    const figures = countFigures(asOf);
    figures.add({ ...base, clocks: [of] });
    return figures.total(1).openOverdue;
  };
  const unit = fc.constantFrom('calendar' as const, 'working' as const);
  fc.assert(
    fc.property(
      fc.record({
        pause: fc.integer({ min: 1, max: 30 }),
        extension: fc.integer({ min: 1, max: 30 }),
        unit,
        bound: fc.option(fc.integer({ min: 1, max: 60 })),
      }),
      fc.array(fc.tuple(fc.constantFrom<MoveOfClock>('extend', 'pause', 'resume'), fc.integer({ min: 0, max: 30 * 24 })), { maxLength: 6 }),
      (allowed, steps) => {
        const notAfter = allowed.bound === null ? undefined : new Date(clock.dueAt.getTime() + allowed.bound * DAY);
        const allows = {
          pause: { days: allowed.pause, unit: allowed.unit },
          extension: { days: allowed.extension, unit: allowed.unit },
          ...(notAfter === undefined ? {} : { notAfter }),
        };
        let now = new Date('2026-03-03T08:00:00Z');
        let current: ComplaintClock = { ...clock, allows };
        const counted: (readonly [Date, number])[] = [];
        for (const [move, hours] of steps) {
          counted.push([now, overdueAt(current, now)]);
          now = new Date(now.getTime() + hours * 3_600_000);
          counted.push([now, overdueAt(current, now)]);
          const verdict = moveClock(current, move, moment(now));
          if ('clock' in verdict) current = verdict.clock;
          expect(current.dueAt >= clock.dueAt).toBe(true);
          expect(current.targetAt <= current.dueAt).toBe(true);
          if (notAfter !== undefined) expect(current.dueAt <= notAfter).toBe(true);
          for (const [asOf, before] of counted) expect(overdueAt(current, asOf)).toBe(before);
        }
      },
    ),
  );
});

test('whoever is complained about does not put the answer off, nor does anybody without a reason or after it', () => {
  const at = new Date('2026-03-10T08:00:00Z');
  const complaint = { state: 'in-hand', againstAgentId: 'agent1', clocks: [clock], actions: [], revision: 1 } as unknown as Complaint;
  const event = { type: 'extend', text: 'why', clock: moved(clock, 'extend', at) } as const;
  expect(advance(complaint, event, 'agent1', at)).toEqual({ refused: 'complained-about' });
  expect(advance(complaint, { ...event, text: ' ' }, 'boss', at)).toEqual({ refused: 'text-missing' });
  expect(advance({ ...complaint, state: 'answered' }, event, 'boss', at)).toEqual({ refused: 'wrong-state' });
  expect(advance(complaint, event, 'boss', at)).toMatchObject({
    complaint: { clocks: [{ dueAt: endOf('2026-03-27') }], actions: [{ what: 'extended', text: 'why', by: 'boss' }] },
  });
});
