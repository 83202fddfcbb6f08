import { describe, expect, test } from '@jest/globals';
import { ADHERENCE_TOLERANCE_MS } from '../../shared/domain/figures/adherence.js';
import { shownValue } from '../../shared/domain/figures/define.js';
import { adherenceOf, adherenceTotal, readAdherence, type Shift } from './adherence.js';
import { createSiteDays } from '../adapters/site-days.js';
import { tilesOf } from './agent-tiles.js';

const MINUTE = 60_000;
const days = createSiteDays('Asia/Shanghai');
const DATE = '2026-11-10';
const day = { date: DATE, ...days.daysOf(DATE, DATE).span };
const at = (time: string): number => days.momentOf(DATE, time) ?? Number.NaN;
const shift = (from: string, until: string, date = DATE): Shift => ({
  ...{ shiftId: `${from}-${until}`, agentId: 'anna', date, fromMs: at(from) },
  untilMs: until <= from ? at(until) + 86_400_000 : at(until),
});
const state = (name: string, from: number, until?: number) => ({
  ...{ agentId: 'anna', at: new Date(from), untilAt: until === undefined ? undefined : new Date(until), state: name, callId: undefined },
});
const LATER = day.untilMs + 3 * 86_400_000;
const judge = (shifts: readonly Shift[], states: readonly ReturnType<typeof state>[], nowMs = LATER) =>
  adherenceOf(day, 'anna', { shifts, states, nowMs });
const minutes = (ms: number): number => ms / MINUTE;

describe('adherence to a shift', () => {
  test('late, left early, absent in between and outside the shift, to the millisecond', () => {
    const found = judge(
      [shift('09:00', '17:00')],
      [
        state('ready', at('09:10'), at('12:00')),
        state('break', at('12:00'), at('12:30')),
        state('signed-out', at('12:30'), at('13:00')),
        state('ready', at('13:00'), at('16:30')),
        state('ready', at('18:00'), at('18:20')),
      ],
    );
    expect(
      Object.fromEntries(Object.entries(found).flatMap(([key, value]) => (key.endsWith('Ms') ? [[key, minutes(Number(value))]] : []))),
    ).toEqual({
      plannedMs: 480,
      presentMs: 410,
      pausedMs: 30,
      // 410 present without the break, and 20 in the evening.
      workedInShiftMs: 380,
      workedMs: 400,
      lateMs: 10,
      earlyMs: 30,
      absentMs: 30,
      unplannedMs: 20,
    });
    // 480 planned, 70 of them absent: 410 / 480.
    expect(found.adherence).toMatchObject({ numerator: 410 * 60, denominator: 480 * 60 });
    expect((['adherence', 'conformance', 'shrinkage'] as const).map((key) => shownValue('percent', found[key].value))).toEqual([
      ...['85.42%', '83.33%', '20.83%'],
    ]);
  });
  test('a gap of the tolerance does not count, one a millisecond longer does, whole', () => {
    const came = (lateMs: number) => judge([shift('09:00', '17:00')], [state('ready', at('09:00') + lateMs, at('17:00'))]);
    expect(came(ADHERENCE_TOLERANCE_MS)).toMatchObject({ lateMs: 0, adherence: { value: 100 }, gaps: [{ kind: 'late', counts: false }] });
    expect(came(ADHERENCE_TOLERANCE_MS + 1).lateMs).toBe(ADHERENCE_TOLERANCE_MS + 1);
  });
  test('nobody came: the whole shift, 0 %; no shift: a dash', () => {
    expect(judge([shift('09:00', '17:00')], [])).toMatchObject({
      ...{ absentMs: 480 * MINUTE, lateMs: 0, adherence: { value: 0 }, conformance: { value: 0 }, shrinkage: { value: 100 } },
    });
    expect(judge([], [state('ready', at('09:00'), at('10:00'))])).toMatchObject({
      ...{ unplannedMs: 60 * MINUTE, adherence: { value: null }, conformance: { value: null }, shrinkage: { value: null } },
    });
  });
  test('the total is of sums; a day without a shift adds nothing to its conformance', () => {
    const kept = judge([shift('09:00', '17:00')], [state('ready', at('09:00'), at('15:00'))]);
    const free = judge([], [state('ready', at('09:00'), at('17:00'))]);
    expect(adherenceTotal([kept, free])).toMatchObject({ workedMs: 840 * MINUTE, conformance: { value: 75 }, shrinkage: { value: 25 } });
  });
  test('in progress it counts until now, and nobody has left early yet', () => {
    const found = judge([shift('09:00', '17:00')], [state('ready', at('09:00'), at('10:00'))], at('11:00'));
    expect(found).toMatchObject({ plannedMs: 120 * MINUTE, earlyMs: 0, absentMs: 60 * MINUTE, adherence: { value: 50 } });
    expect(judge([shift('09:00', '17:00')], [], at('08:00'))).toMatchObject({ plannedMs: 0, shifts: [] });
  });
  test('two rows that overlap plan the time once; one over midnight belongs to its first day and is outside no shift of the next', () => {
    expect(judge([shift('09:00', '13:00'), shift('12:00', '17:00')], []).plannedMs).toBe(480 * MINUTE);
    const night = [shift('22:00', '06:00')];
    const states = [state('ready', at('22:00'), at('22:00') + 480 * MINUTE)];
    expect(judge(night, states)).toMatchObject({ plannedMs: 480 * MINUTE, presentMs: 480 * MINUTE, unplannedMs: 0 });
    const next = { date: '2026-11-11', ...days.daysOf('2026-11-11', '2026-11-11').span };
    expect(adherenceOf(next, 'anna', { shifts: night, states, nowMs: LATER })).toMatchObject({ plannedMs: 0, unplannedMs: 0 });
  });
  test('on random days, present and outside add up to the time signed in, present and gaps to the planned, and the total to its days', () => {
    let seed = 7;
    const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
    const all = Array.from({ length: 200 }, () => {
      const from = 60 + random(600);
      const clock = (minute: number): string =>
        `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
      const shifts = [shift(clock(from), clock(from + 60 + random(300)))];
      let atMs = day.fromMs;
      const states = Array.from({ length: 12 }, () => {
        const [beganMs, name] = [atMs, ['ready', 'break', 'away', 'on-call', 'signed-out'][random(5)] ?? 'ready'];
        return state(name, beganMs, (atMs += 1 + random(7_000_000)));
      });
      const found = judge(shifts, states);
      const tiles = tilesOf(
        'anna',
        states.map((each) => ({ ...each, reason: undefined })),
        day,
        LATER,
      );
      expect(found.presentMs + found.unplannedMs).toBe(tiles.signedInMs);
      expect(found.presentMs + found.gaps.reduce((sum, gap) => sum + gap.untilMs - gap.fromMs, 0)).toBe(found.plannedMs);
      return found;
    });
    const { plannedMs, adherence } = adherenceTotal(all);
    expect(plannedMs).toBe(all.reduce((sum, each) => sum + each.plannedMs, 0));
    expect(adherence.numerator).toBeCloseTo(
      all.reduce((sum, each) => sum + each.adherence.numerator, 0),
      6,
    );
  });
});

test('shifts are those of the register: by account name, without people who have no seat, and rows that cannot be judged are named', async () => {
  const account = (_id: string, name: string, roles: readonly string[]) => ({ _id, name, displayName: name, roles, disabled: false });
  const row = (key: string, account_: string, from: string, until: string, on = DATE) => ({
    ...{ _id: `shifts/${key}`, register: 'shifts', key, values: { shiftId: key, account: account_, on, from, until } },
  });
  const rows = [
    row('S1', 'anna.li', '09:00', '17:00'),
    row('S2', 'boss', '09:00', '17:00'),
    row('S6', 'lead', '09:00', '17:00'),
    row('S3', 'nobody', '09:00', '17:00'),
    row('S4', 'anna.li', '25:00', '26:00'),
    row('S5', 'nobody', '09:00', '17:00', '2026-11-09'),
  ];
  const none = async function* () {};
  const reads = {
    accounts: {
      find: async () => [
        account('anna', 'anna.li', ['agent']),
        account('boss', 'boss', ['compliance']),
        account('lead', 'lead', ['supervisor']),
      ],
    },
    agentStates: { batches: none, find: async () => [] },
    registerEntries: { find: async () => rows },
  };
  const question = {
    ...{ dates: [DATE], nowMs: LATER, sees: () => true },
    ...{ dayOf: () => day, momentOf: days.momentOf.bind(days) },
  };
  const { days: found, faults } = await readAdherence(reads as never, question);
  expect(found.map(({ agentId, shifts }) => [agentId, shifts.map(({ shiftId }) => shiftId)])).toEqual([
    ['anna', ['S1']],
    ['lead', ['S6']],
  ]);
  expect(faults).toEqual([
    { shiftId: 'S3', why: 'account' },
    { shiftId: 'S4', why: 'time' },
  ]);
});
