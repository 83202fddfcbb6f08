import { expect, test } from '@jest/globals';
import { speak } from '../../shared/domain/language.js';
import type { ProbeRow } from '../../shared/domain/licence/probe-row.js';
import { checkClocks } from './clocks.js';
import { checkLogs } from './logs.js';

const row = (subject: string, facts: ProbeRow['facts']): ProbeRow => ({
  at: new Date(0),
  probe: 'clock',
  outcome: 'answered',
  durationMs: 1,
  subject,
  kind: 'clock',
  facts,
  raw: '',
  rawSha256: '',
});
const rulesOf = (rows: readonly ProbeRow[]): string[] =>
  checkClocks(rows, { limitMs: 1_000, say: speak('en') }).map(({ rule, subject }) => `${rule} ${subject}`);
const right = row('clock:ntp:time', { offsetMs: 3, roundTripMs: 10, synchronised: true });

test('a clock within the limit is no finding, one beyond it is, in both directions', () => {
  expect(rulesOf([right, row('clock:live-state', { offsetMs: 900, roundTripMs: 2 })])).toEqual([]);
  expect(
    rulesOf([
      right,
      row('clock:live-state', { offsetMs: 1_100, roundTripMs: 2 }),
      row('clock:process:api@b', { offsetMs: -5_000, roundTripMs: 2 }),
    ]),
  ).toEqual(['clock-drift clock:live-state', 'clock-drift clock:process:api@b']);
});

test('what the length of the round trip explains is no drift', () => {
  expect(rulesOf([right, row('clock:object-store', { offsetMs: 1_400, roundTripMs: 1_000 })])).toEqual([]);
});

test('a site that nothing tells the true time is told so', () => {
  expect(rulesOf([])).toEqual(['clock-unwatched clock']);
  expect(rulesOf([row('clock:time-service', { offsetMs: 0, synchronised: false })])).toEqual(['clock-unwatched clock']);
});

test('logs that went before six months were over are a breach until six months have passed', () => {
  const logs = { ...row('logs:cc-01', { keepDays: 200, lostUntil: '2026-05-01T00:00:00.000Z' }), kind: 'logs' as const };
  const dateOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
  const on = (day: string): string[] => checkLogs([logs], { now: new Date(day), dateOf, say: speak('en') }).map(({ rule }) => rule);
  expect(on('2026-06-01')).toEqual(['logs-short']);
  expect(on('2026-11-10')).toEqual([]);
  expect(checkLogs([{ ...logs, facts: { lostUntil: '' } }], { now: new Date('2026-06-01'), dateOf, say: speak('en') })).toEqual([]);
});
