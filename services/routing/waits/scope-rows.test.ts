import { expect, test } from '@jest/globals';
import { boardFigureKeys } from '../../shared/domain/figures/keys.js';
import { agentFigures } from '../../shared/domain/figures/threshold.js';
import { Desk } from '../matching/desk.js';
import { createDayFigures, type BoardVisit } from './day-figures.js';
import { scopeRows } from './scope-rows.js';

const MIDNIGHT = Date.parse('2026-11-29T16:00:00Z');
const NOON = MIDNIGHT + 12 * 3_600_000;
const teams = [
  { id: 'day', name: { 'zh-CN': '白班', en: 'Day' } },
  { id: 'empty', name: { 'zh-CN': '空' } },
  { id: 'closed', name: { 'zh-CN': '旧' }, closedAt: new Date(NOON) },
];

function centre() {
  const figures = createDayFigures();
  const desk = new Desk('o');
  figures.turnTo(MIDNIGHT);
  figures.inTeams([
    { teamId: 'day', agentId: 'ann', fromMs: MIDNIGHT - 1 },
    { teamId: 'day', agentId: 'gone', fromMs: MIDNIGHT - 1 },
  ]);
  let visits = 0;
  return {
    desk,
    sees: (visit: Partial<BoardVisit>): void =>
      figures.saw({ visitId: `v${(visits += 1)}`, queueId: 'q', enteredAtMs: NOON - 1_000, thresholdMs: 20_000, ...visit }),
    rows: (of: Parameters<typeof scopeRows>[1], nowMs = NOON) => scopeRows({ figures, desk, teams }, of, nowMs),
    turnTo: figures.turnTo,
    sawLeg: figures.sawLeg,
    sawTransfer: figures.sawTransfer,
  };
}

test('each number, trunk and client unit that had a caller is a row with all figures of the board; what nobody named is none', () => {
  const { sees, rows } = centre();
  sees({ called: '4001', trunkId: 'carrier', clientUnit: 'unit', outcome: 'answered', waitMs: 4_000, agentId: 'ann' });
  sees({ called: '4001', trunkId: 'other', clientUnit: 'unit' });
  sees({ called: '4002' });
  const counted = (of: 'number' | 'trunk' | 'client-unit') =>
    rows(of).map(({ id, today }) => [id, today.entered?.value, today.answered?.value, today.waiting?.value]);
  expect(counted('number')).toEqual([
    ['4001', 2, 1, 1],
    ['4002', 1, 0, 1],
  ]);
  expect(counted('trunk')).toEqual([
    ['carrier', 1, 1, 0],
    ['other', 1, 0, 1],
  ]);
  // The client unit of 4002 is not known.
  expect(counted('client-unit')).toEqual([['unit', 2, 1, 1]]);
  expect(Object.keys(rows('number')[0]?.today ?? {})).toEqual([...boardFigureKeys, 'transfers']);
});

test('a trunk has the figures of its legs beside those of its callers, in the half hour in which they were dialled; one with legs alone is a row', () => {
  const { sees, rows, sawLeg, turnTo } = centre();
  sees({ trunkId: 'carrier' });
  const leg = (attemptId: string, trunkId: string, agoMs: number, more: object = {}) =>
    sawLeg({ attemptId, trunkId, at: new Date(NOON - agoMs), ...more });
  leg('a', 'carrier', 60_000, { ringingAt: new Date(NOON - 58_000), answeredAt: new Date(NOON - 50_000) });
  leg('b', 'carrier', 2 * 3_600_000, { failure: 'timed-out' });
  leg('b', 'carrier', 2 * 3_600_000, { failure: 'timed-out' });
  leg('c', 'out', 13 * 3_600_000, { failure: 'busy' });
  leg('d', 'out', 60_000, { failure: 'busy' });
  const shown = (nowMs: number) =>
    rows('trunk', nowMs).map(({ id, today, lately }) => [
      id,
      ...[today, lately].map((figures) =>
        (['entered', 'legs', 'asr', 'ner', 'pdd.p95'] as const).map((key) => figures[key]?.value ?? null),
      ),
    ]);
  expect(shown(NOON)).toEqual([
    ['carrier', [1, 2, 50, 50, 2], [1, 1, 100, 100, 2]],
    ['out', [0, 1, 0, 100, null], [0, 1, 0, 100, null]],
  ]);
  expect(rows('number')).toEqual([]);
  // On the next day the last half hour is still there.
  leg('e', 'out', -12 * 3_600_000 + 60_000, { failure: 'busy' });
  turnTo(MIDNIGHT + 24 * 3_600_000);
  expect(shown(NOON + 12 * 3_600_000)).toEqual([['out', [0, 0, null, null, null], [0, 1, 0, 100, null]]]);
});

test('transfers count where the handling began: for its number, trunk, client unit, agent and team; told twice they are one', () => {
  const { sees, rows, sawTransfer, turnTo } = centre();
  sees({ called: '4001', trunkId: 'carrier', clientUnit: 'unit', outcome: 'answered', waitMs: 4_000, agentId: 'ann' });
  const sentOn = (transferId: string, agoMs: number, agentId: string) =>
    sawTransfer({ transferId, atMs: NOON - agoMs, agentId, queueId: 'q', called: '4001', trunkId: 'carrier' });
  sentOn('c1/1', 60_000, 'ann');
  sentOn('c1/1', 60_000, 'ann');
  sentOn('c2/1', 2 * 3_600_000, 'ann');
  sentOn('c2/2', 60_000, 'bob');
  sentOn('of-yesterday', 13 * 3_600_000, 'ann');
  const shown = (of: Parameters<typeof rows>[0], nowMs = NOON) =>
    rows(of, nowMs).flatMap(({ id, today, lately }) => (id === 'empty' ? [] : [[id, today.transfers?.value, lately.transfers?.value]]));
  for (const [of, id] of [
    ['number', '4001'],
    ['trunk', 'carrier'],
    ['client-unit', 'unit'],
  ] as const)
    expect(shown(of)).toEqual([[id, 3, 2]]);
  expect(shown('agent')).toEqual([
    ['ann', 2, 1],
    ['bob', 1, 1],
  ]);
  expect(shown('team')).toEqual([['day', 2, 1]]);
  turnTo(MIDNIGHT + 24 * 3_600_000);
  expect(shown('agent', NOON + 12 * 3_600_000)).toEqual([]);
});

test('an event that does not name the trunk keeps the one that is known; a row that names another moves the visit', () => {
  const { sees, rows } = centre();
  sees({ visitId: 'v', trunkId: 'carrier' });
  sees({ visitId: 'v', outcome: 'abandoned', waitMs: 1_000 });
  expect(rows('trunk').map(({ id, today }) => [id, today.abandoned?.value])).toEqual([['carrier', 1]]);
  sees({ visitId: 'v', trunkId: 'other', outcome: 'abandoned', waitMs: 1_000 });
  expect(rows('trunk').map(({ id }) => id)).toEqual(['other']);
});

test('open teams are rows without calls, too, closed ones only with calls; figures of people are of what they answered', () => {
  const { sees, rows, desk } = centre();
  desk.signIn('ann', 'Ann', 's', NOON);
  desk.signIn('bob', 'Bob', 's', NOON);
  sees({ outcome: 'answered', waitMs: 30_000, agentId: 'ann' });
  sees({ outcome: 'answered', waitMs: 1_000, agentId: 'bob' });
  sees({ outcome: 'abandoned', waitMs: 1_000 });
  const found = rows('team');
  expect(found.map(({ id, name, today }) => [id, name, today.answered?.value])).toEqual([
    ['day', { 'zh-CN': '白班', en: 'Day' }, 1],
    ['empty', { 'zh-CN': '空' }, 0],
  ]);
  expect(Object.values(found[0]?.states ?? {})).toEqual([1]);
  expect(found[1]?.states).toEqual({});
  expect(Object.keys(found[0]?.today ?? {})).toEqual([...agentFigures, 'transfers']);
  expect(rows('agent').map(({ id, today }) => [id, today['sl.answered']?.value])).toEqual([
    ['ann', 0],
    ['bob', 100],
  ]);
});

test('yesterday is gone after the half hour', () => {
  const { sees, rows, turnTo } = centre();
  sees({ called: '4001', outcome: 'answered', waitMs: 1, agentId: 'ann', enteredAtMs: MIDNIGHT + 24 * 3_600_000 - 60_000 });
  const midnight = MIDNIGHT + 24 * 3_600_000;
  turnTo(midnight);
  expect(rows('number', midnight + 60_000).map(({ today, lately }) => [today.entered?.value, lately.entered?.value])).toEqual([[0, 1]]);
  expect(rows('number', midnight + 3_600_000)).toEqual([]);
});
