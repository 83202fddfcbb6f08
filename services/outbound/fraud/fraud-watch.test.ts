import { describe, expect, test } from '@jest/globals';
import {
  fraudPatterns,
  usualFraudSettings,
  type FraudPattern,
  type FraudRule,
  type FraudSettings,
} from '../../shared/domain/calls/fraud.js';
import { isWatched, judge, judgeComplaints, type CallFact, type Fact, type TryFact } from './fraud-watch.js';

const NOW = Date.parse('2026-03-10T02:00:00Z');
const call: CallFact = {
  kind: 'call',
  atMs: NOW - 60_000,
  out: true,
  number: '95100',
  other: 'h0',
  otherMasked: '138****0000',
  answered: true,
  lastedMs: 90_000,
  refusedByKey: false,
};
const wish: TryFact = { kind: 'try', atMs: NOW - 60_000, agentId: 'anna', number: '95100', reason: undefined, watched: false };
const times = <F extends Fact>(count: number, make: (index: number) => F): F[] => Array.from({ length: count }, (_each, i) => make(i));

const strict = (pattern: FraudPattern, rule: Partial<FraudRule>): FraudSettings => ({
  ...usualFraudSettings,
  rules: { ...usualFraudSettings.rules, [pattern]: { ...usualFraudSettings.rules[pattern], ...rule } },
});
const never = (): number => 0;
const found = (facts: readonly Fact[], settings = usualFraudSettings, settledMs: (pattern: FraudPattern) => number = never) =>
  judge({ facts, settings, nowMs: NOW, settledMs });

describe('each pattern at its limit, and one below it', () => {
  const rows: [FraudPattern, FraudSettings, (count: number) => Fact[], number, string][] = [
    ['burst', strict('burst', { limit: 20 }), (n) => times(n, (i) => ({ ...call, other: `h${i}` })), 20, 'number:95100'],
    [
      'short-calls',
      strict('short-calls', { limit: 50, atLeast: 10 }),
      (n) => times(10, (i) => ({ ...call, lastedMs: i < n ? 3_000 : 90_000 })),
      5,
      'number:95100',
    ],
    [
      'unreached',
      strict('unreached', { limit: 80, atLeast: 10 }),
      (n) => times(10, (i) => ({ ...call, answered: i >= n })),
      8,
      'number:95100',
    ],
    ['refusals', usualFraudSettings, (n) => times(n, () => ({ ...call, refusedByKey: true })), 5, 'number:95100'],
    ['destinations', usualFraudSettings, (n) => times(n, () => ({ ...wish, watched: true })), 3, 'number:95100'],
    ['night', usualFraudSettings, (n) => times(n, () => ({ ...wish, reason: 'outside-window' })), 5, 'agent:anna'],
    ['too-often', usualFraudSettings, (n) => times(n, () => ({ ...wish, reason: 'too-often' })), 5, 'agent:anna'],
    ['blocked', usualFraudSettings, (n) => times(n, () => ({ ...wish, reason: 'refused-by-person' })), 10, 'agent:anna'],
    ['one-caller', usualFraudSettings, (n) => times(n, () => ({ ...call, out: false })), 20, 'caller:h0'],
    [
      'short-calls-in',
      strict('short-calls-in', { limit: 70, atLeast: 10 }),
      (n) => times(10, (i) => ({ ...call, out: false, other: `h${i}`, lastedMs: i < n ? 2_000 : 90_000 })),
      7,
      'number:95100',
    ],
  ];

  test('has a row here, but for complaints, which have their own', () => {
    expect(rows.map(([pattern]) => pattern).sort()).toEqual(fraudPatterns.filter((pattern) => pattern !== 'complaints').sort());
  });

  test.each(rows)('%s', (pattern, settings, facts, limit, subject) => {
    const at = found(facts(limit), settings).filter((each) => each.pattern === pattern);
    expect(at.map(({ subject: { kind, value } }) => `${kind}:${value}`)).toEqual([subject]);
    expect(at[0]?.count).toBe(limit);
    expect(found(facts(limit - 1), settings).filter((each) => each.pattern === pattern)).toEqual([]);
  });
});

test('many calls to one number are no burst, and numbers of ours are counted apart', () => {
  const settings = strict('burst', { limit: 10 });
  expect(
    found(
      times(30, () => call),
      settings,
    ),
  ).toEqual([]);
  const spread = times(18, (i) => ({ ...call, other: `h${i}`, number: i % 2 === 0 ? '95100' : '4001000' }));
  expect(found(spread, settings)).toEqual([]);
});

test('a share of a few calls says nothing', () => {
  expect(found(times(29, () => ({ ...call, lastedMs: 1_000 })))).toEqual([]);
});

test('what is older than the stretch, or was before somebody settled it, does not count', () => {
  const refused = times(5, () => ({ ...call, refusedByKey: true }));
  expect(found(refused)).toHaveLength(1);
  expect(found(refused.map((fact) => ({ ...fact, atMs: NOW - 61 * 60_000 })))).toEqual([]);
  expect(found(refused, usualFraudSettings, (pattern) => (pattern === 'refusals' ? NOW - 1_000 : 0))).toEqual([]);
});

test('a rule that is switched off finds nothing; one that does not stop says so', () => {
  const refused = times(5, () => ({ ...call, refusedByKey: true }));
  expect(found(refused, strict('refusals', { on: false }))).toEqual([]);
  expect(found(refused)[0]?.stops).toBe(true);
  expect(found(refused, strict('refusals', { stops: false }))[0]?.stops).toBe(false);
});

test('callers who withhold their number are not one caller, and no caller is stopped', () => {
  const anonymous = times(40, () => ({ ...call, out: false, other: undefined, otherMasked: 'anonymous' }));
  expect(found(anonymous)).toEqual([]);
  const [one] = found(
    times(20, () => ({ ...call, out: false })),
    strict('one-caller', { stops: true }),
  );
  expect(one).toMatchObject({ pattern: 'one-caller', stops: false });
});

test.each([
  [3, 6_000, true],
  [3, 6_001, false],
  [2, 10, false],
  [3, 0, true],
])('%i complaints of %i calls in the month: %s', (complaints, calls, alarmed) => {
  const facts = times(complaints, () => ({ kind: 'complaint', atMs: NOW - 20 * 86_400_000, number: '95100' }) as const);
  const findings = judgeComplaints({ facts, settings: usualFraudSettings, nowMs: NOW, settledMs: never }, new Map([['95100', calls]]));
  expect(findings.map(({ count, of }) => [count, of])).toEqual(alarmed ? [[complaints, calls]] : []);
});

test.each([
  ['+4930123456', true],
  ['004930123456', true],
  ['16812345', true],
  ['+8613800000001', false],
  ['008613800000001', false],
  ['+8616812345', true],
  ['13800000001', false],
])('%s is watched: %s', (number, watched) => {
  expect(isWatched(number, usualFraudSettings.watchedPrefixes)).toBe(watched);
});
