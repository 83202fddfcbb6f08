import { describe, expect, test } from '@jest/globals';
import { accountsForAll, addFacts, countLeg, countMedia, countVisit, zeroFacts, type CountedVisit } from './count.js';
import { addLength, percentileOf, type Lengths } from './lengths.js';
import { figureHeading, figureKeys, figureOf, figureRegistry, figureWithUnit, shownFigure, versionOf, type FigureKey } from './registry.js';

const T = 20_000;
const visits = (howMany: number, outcome: CountedVisit['outcome'], waitMs: number): CountedVisit[] =>
  Array.from({ length: howMany }, () => ({ outcome, waitMs, thresholdMs: T }));
const counted = (all: readonly CountedVisit[]) => {
  const facts = zeroFacts();
  for (const visit of all) countVisit(facts, visit);
  return facts;
};

/** Q=100, H=80, 60 of them in time, A=20, 8 of them before the threshold, 5 of those short. */
const vector = counted([
  ...visits(60, 'answered', 10_000),
  ...visits(20, 'answered', 30_000),
  ...visits(5, 'abandoned', 4_000),
  ...visits(3, 'abandoned', 19_999),
  ...visits(12, 'abandoned', 20_000),
]);

describe('the registry of figures', () => {
  test.each<[FigureKey, string]>([
    ['sl.strict', '60.00%'],
    ['sl.withAbandon', '68.00%'],
    ['sl.answered', '75.00%'],
    ['sl.late', '65.22%'],
    ['sl.noShort', '63.16%'],
    ['answerRate', '80.00%'],
    ['abandonRate', '20.00%'],
    ['abandonRateNoShort', '15.79%'],
    ['asa', '15.00'],
    ['wait.p50', '10.00'],
    ['wait.p90', '30.00'],
    ['wait.max', '30.00'],
  ])('%s of the worked example is %s', (key, shown) => {
    expect(shownFigure(key, figureOf(key, vector))).toBe(shown);
  });

  test('sent on and callbacks as shares of those who entered', () => {
    const facts = counted([...visits(5, 'answered', 1), ...visits(3, 'overflow', 1), ...visits(2, 'callback', 1)]);
    expect([figureOf('overflowRate', facts).value, figureOf('callbackRate', facts).value]).toEqual([30, 20]);
  });

  test('legs outside: answered, effective, and how long until they rang', () => {
    const facts = zeroFacts();
    const at = new Date('2026-11-27T01:00:00Z');
    const after = (ms: number): Date => new Date(at.getTime() + ms);
    countLeg(facts, { at, ringingAt: after(1_201), answeredAt: after(9_000) });
    // Early media without ringing.
    countLeg(facts, { at, answeredAt: after(2_000) });
    countLeg(facts, { at, ringingAt: after(3_400), failure: 'timed-out' });
    countLeg(facts, { at, failure: 'busy' });
    countLeg(facts, { at, failure: 'not-found' });
    const shown = (['legs', 'asr', 'ner', 'pdd.p50', 'pdd.p95'] as const).map((key) => shownFigure(key, figureOf(key, facts)));
    expect(shown).toEqual(['5', '40.00%', '80.00%', '2.00', '3.40']);
    expect(figureOf('pdd.p50', zeroFacts()).value).toBeNull();
  });

  test('a leg that never rang is effective only when its far end answered for it: a dead carrier is not', () => {
    const at = new Date('2026-11-27T01:00:00Z');
    const effective = (failure: string, ringingAt?: Date): number => {
      const facts = zeroFacts();
      countLeg(facts, { at, ringingAt, failure });
      return figureOf('ner', facts).numerator;
    };
    expect(
      ['timed-out', 'service-unavailable', 'outbound-stopped', 'not-found', 'busy', 'no-agent'].map((code) => effective(code)),
    ).toEqual([0, 0, 0, 0, 1, 1]);
    expect(effective('timed-out', new Date(at.getTime() + 3_000))).toBe(1);
    expect(versionOf('ner')).toBe(2);
  });

  test('the line of a call has the MOS of the E-model; a line without packets has none', () => {
    const facts = zeroFacts();
    const line = { packetsReceived: 1_000, packetsLost: 0, jitterMs: 0 };
    countMedia(facts, line);
    countMedia(facts, { ...line, packetsReceived: 980, packetsLost: 20 });
    countMedia(facts, { packetsReceived: 0, packetsLost: 0, jitterMs: 0 });
    // R = 93.2 and R = 93.2 - 95 x 2 / (2 + 25.1), by ITU-T G.107.
    const shown = (['line.mos', 'line.mos.p5', 'line.loss', 'line.jitter'] as const).map((key) => shownFigure(key, figureOf(key, facts)));
    expect(shown).toEqual(['4.32', '4.23', '1.00%', '0.00']);
    expect(figureOf('line.mos', facts)).toMatchObject({ numerator: 8.6441, denominator: 2 });
    countMedia(facts, { ...line, jitterMs: 12.5, roundTripMs: 300 });
    expect(shownFigure('line.jitter', figureOf('line.jitter', facts))).toBe('4.17');
    expect(figureOf('line.mos.p5', facts).value).toBeLessThan(4.24);
    expect(figureOf('line.mos.p5', zeroFacts()).value).toBeNull();
  });

  test('the notice is judged over the calls that we answered', () => {
    expect(figureOf('noticeHeard', { ...zeroFacts(), callsIn: 8, noticesHeard: 6 })).toEqual({ numerator: 6, denominator: 8, value: 75 });
  });

  test('transfers are a share of handlings; sums from before they were counted are no part of it', () => {
    const shown = (facts: object) =>
      (['transfers', 'transferRate'] as const).map((key) => shownFigure(key, figureOf(key, { ...zeroFacts(), ...facts })));
    expect(shown({ handlings: 8, transfers: 2 })).toEqual(['2', '25.00%']);
    expect(shown({ handlings: 8, transfers: 1, handlingsUnknown: 4 })).toEqual(['—', '25.00%']);
    expect(shown({ handlings: 4, handlingsUnknown: 4 })).toEqual(['—', '—']);
    expect(shown({})).toEqual(['0', '—']);
  });

  test('answered at the threshold is in time, abandoned at it is late', () => {
    const edge = counted([...visits(1, 'answered', T), ...visits(1, 'abandoned', T)]);
    expect([edge.answeredInTime, edge.abandonedInTime]).toEqual([1, 0]);
  });

  test('sent on, callbacks and lost count as missed in the strict level, and everybody is accounted for', () => {
    const facts = counted([
      ...visits(1, 'answered', 1),
      ...visits(1, 'overflow', 1),
      ...visits(1, 'callback', 1),
      ...visits(1, 'lost', 1),
      ...visits(1, 'refused', 0),
    ]);
    expect(figureOf('sl.strict', facts)).toEqual({ numerator: 1, denominator: 5, value: 20 });
    expect([accountsForAll(facts), facts.lost, facts.refused]).toEqual([true, 2, 1]);
  });

  test('who waits and is still within the threshold is not judged yet; who waits longer is missed', () => {
    const facts = counted(visits(1, 'answered', 1));
    countVisit(facts, { thresholdMs: T }, T);
    countVisit(facts, { thresholdMs: T }, T + 1);
    expect(figureOf('sl.strict', facts)).toMatchObject({ numerator: 1, denominator: 2 });
    expect([facts.waiting, accountsForAll(facts)]).toEqual([2, true]);
  });

  test('without anything to count a rate is a dash, not a number', () => {
    const none = zeroFacts();
    for (const key of figureKeys)
      if (figureRegistry[key].unit !== 'count') expect([key, shownFigure(key, figureOf(key, none))]).toEqual([key, '—']);
  });

  test('talk, hold and wrap-up add up to the handle time exactly', () => {
    const facts = { ...zeroFacts(), handlings: 3, talkMs: 100_001, holdMs: 20_002, wrapMs: 30_003 };
    const parts = (['aht.talk', 'aht.hold', 'aht.wrap'] as const).map((key) => figureOf(key, facts).numerator);
    expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(figureOf('aht', facts).numerator, 9);
  });

  test('a total is worked out from sums, never from percents', () => {
    const total = counted(visits(1, 'answered', 1));
    addFacts(total, counted([...visits(1, 'answered', 1), ...visits(2, 'abandoned', 1)]));
    expect(figureOf('answerRate', total).value).toBe(50);
  });

  test('half a hundredth goes to the even digit', () => {
    expect([0.125, 0.135, 0.145].map((value) => shownFigure('asa', { value }))).toEqual(['0.12', '0.14', '0.14']);
  });

  test('a percentile is the smallest value that so many did not exceed', () => {
    const lengths: Lengths = [];
    for (const length of [9, 1, 2, 9]) addLength(lengths, length);
    expect(lengths).toEqual([1, 1, 2, 1, 9, 2]);
    expect([0.25, 0.5, 0.51, 1].map((share) => percentileOf(share, lengths))).toEqual([1, 2, 9, 9]);
  });
});

test('a duration that stands alone has its unit, and a column of durations has it in the heading', () => {
  expect([figureWithUnit('asa', { value: 0.02 }, 'en'), figureWithUnit('asa', { value: 0.02 }, 'zh')]).toEqual(['0.02 s', '0.02 秒']);
  expect([figureWithUnit('pdd.p95', { value: null }, 'en'), figureWithUnit('entered', { value: 3 }, 'en')]).toEqual(['—', '3']);
  expect(figureWithUnit('asr', { value: 25 }, 'zh')).toBe('25.00%');
  expect([figureHeading('asa', 'zh'), figureHeading('asa', 'en')]).toEqual(['平均应答时长 ASA（秒）', 'Average speed of answer (s)']);
  expect(figureHeading('entered', 'en')).toBe('Entered (Q)');
});
