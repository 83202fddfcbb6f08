import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { CallRow } from './call-row.js';
import { formulas, type Figure, type FormulaKey } from './formulas.js';
import { mosCqe } from '../../shared/domain/mos.js';
import { createTally } from './tally.js';
import { createTraffic } from './traffic.js';

/** The vectors of regulation section 5: Ta, loss, Ie, Bpl -> Idd, Ie,eff, R, MOS. */
test.each([
  [100, 0, 0, 25.1, 0, 0, 93.2, 4.409],
  [200, 0, 0, 25.1, 3.044, 0, 90.16, 4.343],
  [300, 0, 0, 25.1, 14.761, 0, 78.44, 3.964],
  [100, 1, 0, 25.1, 0, 3.64, 89.56, 4.328],
  [100, 1, 0, 4.3, 0, 17.925, 75.28, 3.834],
  [150, 2, 0, 25.1, 0.164, 7.011, 86.03, 4.23],
  [150, 5, 0, 25.1, 0.164, 15.781, 77.26, 3.916],
  [150, 1, 11, 19, 0.164, 15.2, 77.84, 3.94],
])('MOS-CQE at %d ms, %d %% loss, Ie %d, Bpl %d', (delayMs, lossPercent, ie, bpl, idd, ieEff, r, mos) => {
  const found = mosCqe({ delayMs, lossPercent, ie, bpl });
  expect(found.idd).toBeCloseTo(idd, 2);
  expect(found.ieEff).toBeCloseTo(ieEff, 2);
  expect(found.r).toBeCloseTo(r, 1);
  expect(found.mos).toBeCloseTo(mos, 2);
});

const DAY = 86_400_000;
const T0 = Date.UTC(2026, 9, 1);
let number = 0;
const call = (fields: Partial<CallRow>): CallRow => ({
  callId: `c${(number += 1)}`,
  direction: 'inbound',
  invitedAtMs: T0,
  endedAtMs: (fields.invitedAtMs ?? T0) + 100_000,
  called: '4001000',
  queueId: 'service',
  agentId: '',
  trunkId: 'carrier-1',
  callerKey: `k${number}`,
  cause: 'completed',
  releasedBy: 'caller',
  talkMs: 0,
  holdMs: 0,
  handlings: 0,
  class: 'service',
  visits: '[]',
  ...fields,
});
const handled = (atMs: number, waitMs: number, more: Partial<CallRow> = {}): CallRow =>
  call({
    ...{ invitedAtMs: atMs, answeredAtMs: atMs + 1_000, queuedAtMs: atMs + 5_000, agentAnsweredAtMs: atMs + 5_000 + waitMs },
    ...{ handlings: 1, visits: JSON.stringify([['service', waitMs, 'answered']]), ...more },
  });
const abandoned = (atMs: number, waitMs: number): CallRow =>
  call({
    invitedAtMs: atMs,
    answeredAtMs: atMs + 1_000,
    queuedAtMs: atMs + 5_000,
    endedAtMs: atMs + 5_000 + waitMs,
    cause: 'abandoned-in-queue',
    visits: JSON.stringify([['service', waitMs, 'abandoned']]),
  });

function figuresOf(rows: readonly CallRow[], untilMs = T0 + 30 * DAY): (formula: FormulaKey) => Figure | undefined {
  const tally = createTally({ monthOf: (atMs) => new Date(atMs).toISOString().slice(0, 7), untilMs });
  for (const row of rows) tally.addCall(row);
  const all = tally.figures();
  return (formula) => all.find((figure) => figure.formula === formula && figure.group === 'all');
}

test('service level counts the strict way, and shows the variant only when there are short abandons', () => {
  const of = figuresOf([
    handled(T0, 14_999),
    handled(T0 + 1, 15_001),
    handled(T0 + 2, 20_000),
    handled(T0 + 3, 25_000),
    abandoned(T0 + 4, 3_000),
    abandoned(T0 + 5, 30_000),
  ]);
  expect(of('serviceLevel15')).toMatchObject({ numerator: 1, denominator: 6 });
  expect(of('serviceLevel20')).toMatchObject({ numerator: 3, denominator: 6, value: 50 });
  expect(of('serviceLevel20Variant')).toMatchObject({ numerator: 3, denominator: 5, value: 60 });
  expect(of('abandonShort')).toMatchObject({ numerator: 1, denominator: 6 });
  expect(of('abandonRate')).toMatchObject({ numerator: 2, denominator: 6 });
  expect(of('longestWait')?.value).toBe(30);
});

test('a figure without a denominator has no value: it is never shown as 0', () => {
  const of = figuresOf([call({})]);
  expect(of('answerRate')).toMatchObject({ denominator: 0 });
  expect(of('answerRate')).not.toHaveProperty('value');
  expect(of('occupancy')).not.toHaveProperty('value');
});

test('a contact is solved when the caller stays away for seven days, and not judged before they have passed', () => {
  const again = { callerKey: 'same' };
  expect(figuresOf([handled(T0, 1, again), handled(T0 + 6 * DAY, 1, again)])('firstContactResolution')).toMatchObject({
    numerator: 1,
    denominator: 2,
  });
  expect(figuresOf([handled(T0, 1, again), handled(T0 + 8 * DAY, 1, again)])('firstContactResolution')).toMatchObject({
    numerator: 2,
    denominator: 2,
  });
  expect(figuresOf([handled(T0, 1, again)], T0 + 5 * DAY)('firstContactResolution')).toMatchObject({ numerator: 0, denominator: 0 });
});

test('a proof call counts as available when it succeeded and no trunk was down', () => {
  const tally = createTally({ monthOf: () => '2026-10', untilMs: T0 + 31 * DAY });
  const proof = { totalMs: 9_000, origin: 'canary', ok: true, linesDown: '', over: '' };
  for (const [i, change] of [{}, {}, { ok: false }, { linesDown: 'carrier-1' }, { ok: false, linesDown: 'carrier-1;carrier-2' }].entries())
    tally.addProof({ ...proof, proofId: `p${i}`, atMs: T0 + i, ...change });
  expect(tally.figures().find(({ formula }) => formula === 'availability')).toMatchObject({ numerator: 2, denominator: 5, value: 40 });
});

test('a formula whose meaning changed has a new version with a line of history, and says what it leaves out', () => {
  expect(formulas.answerRate).toMatchObject({ version: 3, text: { zh: expect.stringContaining('不含拨测') } });
  expect(formulas.recorded.version).toBe(5);
  expect(formulas.availability).toMatchObject({ version: 3, text: { en: expect.stringContaining('no trunk was down') } });
  for (const { version, changes } of Object.values(formulas)) expect(version).toBe(1 + changes.length);
});

test('a call counts in each queue that it came to, as it left it', () => {
  const tally = createTally({ monthOf: (atMs) => new Date(atMs).toISOString().slice(0, 7), untilMs: T0 + 30 * DAY });
  const visits = [
    ['first', 30_000, 'overflow'],
    ['second', 5_000, 'answered'],
  ];
  tally.addCall(handled(T0, 35_000, { queueId: 'second', visits: JSON.stringify(visits) }));
  tally.addCall(
    call({ direction: 'outbound', queuedAtMs: T0, agentAnsweredAtMs: T0 + 1, queueId: 'second', talkMs: 90_000, handlings: 1 }),
  );
  const all = tally.figures();
  const of = (formula: FormulaKey, group: string) => all.find((each) => each.formula === formula && each.group === group);
  expect(of('serviceLevel20', 'queue:first')).toMatchObject({ numerator: 0, denominator: 1 });
  expect(of('serviceLevel20', 'queue:second')).toMatchObject({ numerator: 1, denominator: 1 });
  expect(of('answerRate', 'all')).toMatchObject({ numerator: 1, denominator: 2 });
  expect(of('longestWait', 'all')?.value).toBe(30);
  expect(of('recorded', 'queue:second')).toMatchObject({ denominator: 1 });
});

test('a practice call is in no figure', () => {
  expect(figuresOf([handled(T0, 1_000, { class: 'test' })])('answerRate')).toBeUndefined();
});

test('handle time is of calls that came in, by handling, with the wrap-up of those calls alone; occupancy is of states', () => {
  const tally = createTally({ monthOf: (atMs) => new Date(atMs).toISOString().slice(0, 7), untilMs: T0 + 30 * DAY });
  tally.addCall(handled(T0, 1_000, { talkMs: 100_000, handlings: 2 }));
  tally.addCall(call({ direction: 'outbound', talkMs: 500_000, handlings: 1 }));
  const state = (name: string, ms: number, ofService = false) =>
    tally.addState({ agentId: 'a', fromMs: T0, untilMs: T0 + ms, state: name, ofService });
  state('wrap-up', 20_000, true);
  state('wrap-up', 40_000);
  state('on-call', 100_000);
  state('offered', 10_000);
  state('ready', 30_000);
  state('break', 900_000);
  const of = (formula: FormulaKey) => tally.figures().find((each) => each.formula === formula && each.group === 'all');
  expect(of('averageHandleTime')).toMatchObject({ numerator: 120, denominator: 2, value: 60 });
  expect(of('occupancy')).toMatchObject({ numerator: 170_000, denominator: 200_000, value: 85 });
});

test('the 90th percentile is the nearest rank of whole seconds', () => {
  const rows = Array.from({ length: 10 }, (_, i) => handled(T0 + i, (i + 1) * 1_000 - 1));
  expect(figuresOf(rows)('wait90')?.value).toBe(9);
});

test('reviews, calls out and their rules are counted', () => {
  const tally = createTally({ monthOf: (atMs) => new Date(atMs).toISOString().slice(0, 7), untilMs: T0 + 30 * DAY });
  for (const row of [
    handled(T0, 1_000),
    handled(T0 + 1, 1_000),
    call({ cause: 'media-failure' }),
    call({ direction: 'outbound', queueId: '' }),
  ])
    tally.addCall(row);
  const review = { reviewId: 'r', atMs: T0, queueId: 'service', agentId: 'a', critical: 0, fatal: 0 };
  tally.addReview({ ...review, callId: 'c1', scorePercent: 80 });
  tally.addReview({ ...review, callId: 'c1', scorePercent: 79.9, critical: 1 });
  const attempt = { callId: 'o', reason: '', purpose: '', numberMasked: '', shown: '', trunkId: '', consentId: 'k', allowed: true };
  for (const [hour, personKey, more] of [
    [0, 'p1', {}],
    [20, 'p1', {}],
    [25, 'p1', {}],
    [26, 'p2', { consentId: '' }],
    [27, 'p2', { allowed: false, reason: 'no-consent' }],
  ] as const)
    tally.addAttempt({ ...attempt, personKey, atMs: T0 + hour * 3_600_000, ...more });
  const all = tally.figures();
  const of = (formula: FormulaKey, group = 'all'): Figure | undefined =>
    all.find((each) => each.formula === formula && each.group === group);
  // A call that was reviewed twice counts once in the sample.
  expect(of('reviewSampling')).toMatchObject({ numerator: 1, denominator: 2 });
  expect(of('reviewPass')).toMatchObject({ numerator: 1, denominator: 2 });
  expect(of('reviewCritical')).toMatchObject({ numerator: 1, denominator: 2 });
  expect(of('networkEffectiveness')).toMatchObject({ numerator: 2, denominator: 3 });
  expect(of('outboundAnswered')).toMatchObject({ numerator: 0, denominator: 1 });
  expect(of('outboundBlocked')).toMatchObject({ numerator: 1, denominator: 5 });
  expect(of('outboundConsent')).toMatchObject({ numerator: 3, denominator: 4, value: 75 });
  expect(of('outboundTries')).toMatchObject({ value: 2 });
  expect(of('trunkPeak', 'trunk:carrier-1')).toMatchObject({ value: 4, denominator: 4 });
});

test('the post-dial delay is that of calls out which reached the far side, ringing or answering', () => {
  const out = (postDialDelayMs?: number): CallRow =>
    call({ direction: 'outbound', queueId: '', ...(postDialDelayMs === undefined ? {} : { postDialDelayMs }) });
  const of = figuresOf([...Array.from({ length: 19 }, (_, i) => out(1_000 + i)), out(7_250), out(), call({})]);
  expect(of('postDialDelay')).toMatchObject({ denominator: 20, numerator: 26.421 });
  expect(of('postDialDelay')?.value).toBeCloseTo(1.32105, 5);
  expect(of('postDialDelay95')).toMatchObject({ denominator: 20, value: 1.1 });
  expect(figuresOf([out(), call({})])('postDialDelay')).toBeUndefined();
});

test('channels at once are counted, and a number that nobody gave us is no use of ours', () => {
  const traffic = createTraffic();
  for (const row of [
    call({ invitedAtMs: T0 }),
    call({ invitedAtMs: T0 + 50_000 }),
    call({ invitedAtMs: T0 + 120_000, called: '999', cause: 'number-not-in-service' }),
  ])
    traffic.addCall(row);
  expect(traffic.result()).toMatchObject({
    calls: 3,
    peakCalls: 2,
    numbers: [{ number: '4001000', calls: 2 }],
    trunks: [{ trunkId: 'carrier-1', calls: 3, peakChannels: 2 }],
  });
});

// Words of a formula that are changed without keeping the digest of the former ones turn every earlier pack red. New digests are added to
// the list, beside those of before; none is ever removed.
test('the digest of each formula that packs are sealed with stands in the list that the verifiers are given', () => {
  const sealed = JSON.parse(readFileSync(join(import.meta.dirname, 'sealed-formulas.json'), 'utf8')) as string[];
  const now = Object.entries(formulas).map(([key, { version, text, unit }]) => {
    const digest = createHash('sha256').update(`${text.zh}\n${text.en}\n${unit}`).digest('hex');
    return `${key} ${version}: ${digest}`;
  });
  expect(now.filter((each) => !sealed.includes(each))).toEqual([]);
});
