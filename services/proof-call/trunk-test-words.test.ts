import { expect, test } from '@jest/globals';
import type { TrunkState } from '../shared/contracts/trunks/trunk-state.js';
import {
  callRefused,
  holdLine,
  identityLine,
  keysLine,
  notDialled,
  optionsLine,
  qualityLine,
  registrationLine,
  soundLine,
} from './trunk-test-words.js';

const since = '2026-11-30T00:00:00.000Z';
const state = (states: readonly TrunkState['ways'][number]['state'][], registration?: string): TrunkState => ({
  trunkId: 'line-a',
  calls: 0,
  waiting: 0,
  refused: 0,
  ...(registration === undefined ? {} : { registration }),
  ways: states.map((each, place) => ({ uri: `host-${place}:5060`, place, state: each, since, history: [] })),
});

test.each([
  [undefined, 'bad', 'the trunk is off'],
  [state([]), 'bad', 'has no address'],
  [state(['up', 'up']), 'good', '2 of 2'],
  [state(['up', 'down']), 'bad', '1 of 2'],
  [state(['unknown']), 'unknown', 'not asked yet'],
])('OPTIONS %#', (found, verdict, text) => {
  const said = optionsLine(found);
  expect(said.verdict).toBe(verdict);
  expect(said.seen.en).toContain(text);
  expect(said.tell === undefined).toBe(verdict !== 'bad');
});

test('a carrier that takes calls and does not answer OPTIONS is no fault: it is told what that costs', () => {
  const said = optionsLine(state(['no-options', 'up']));
  expect(said.verdict).toBe('unknown');
  expect(said.seen.en).toContain('1 of 2 addresses do not answer OPTIONS; calls go through');
  expect(said.tell?.zh).toContain('OPTIONS');
  expect(optionsLine(state(['no-options', 'down'])).verdict).toBe('bad');
});

test.each([
  [undefined, 'skipped'],
  ['registered', 'good'],
  ['not-allowed', 'bad'],
  ['timed-out', 'bad'],
])('registration %s is %s', (registration, verdict) => expect(registrationLine(state(['up'], registration)).verdict).toBe(verdict));

test('an identity that differs names both numbers, in both languages; an echo number leaves the question to the carrier', () => {
  expect(identityLine('95100', '95100').verdict).toBe('good');
  const wrong = identityLine('95100', '02199999999');
  expect(wrong.verdict).toBe('bad');
  for (const text of [wrong.seen.en, wrong.seen.zh]) expect(text).toMatch(/02199999999.*95100/);
  expect(identityLine('95100', 'anonymous').seen.en).toContain('no number');
  expect(identityLine('95100', undefined)).toMatchObject({ verdict: 'unknown' });
});

test.each([
  ['147*', false, 'good'],
  ['14', false, 'bad'],
  ['', false, 'bad'],
  ['', true, 'unknown'],
  ['147*', true, 'good'],
] as const)('keys: of 147* %s arrived, echo %s: %s', (heard, isEcho, verdict) =>
  expect(keysLine('147*', heard, isEcho).verdict).toBe(verdict),
);

test.each([
  [10, 20, 'good', 'heard there after 10 ms'],
  [undefined, 20, 'bad', 'towards the carrier'],
  [10, undefined, 'bad', 'from the carrier'],
  [undefined, undefined, 'bad', 'either way'],
])('sound out %s, in %s is %s', (out, back, verdict, text) => {
  expect(soundLine(out, back).verdict).toBe(verdict);
  expect(soundLine(out, back).seen.en).toContain(text);
});

test('the worst leg to the carrier is judged; lost packets are bad, and a round trip that nobody reported is said', () => {
  const leg = { leg: 'caller', lossPercent: 0, jitterMs: 1, roundTripMs: undefined };
  const fine = qualityLine([leg, { ...leg, leg: 'agent', lossPercent: 50 }], 30);
  expect(fine.verdict).toBe('good');
  expect(fine.seen.en).toContain('no round trip reported');
  expect(qualityLine([leg, { ...leg, lossPercent: 8 }], 30).verdict).toBe('bad');
  expect(qualityLine([], 30).verdict).toBe('unknown');
  expect(holdLine(undefined).verdict).toBe('bad');
  expect(callRefused('far-busy').seen.zh).toBe('测试号码占线');
  expect(notDialled('outbound-kind').seen.en).toContain('kind');
  expect(notDialled('internal').seen.zh).toContain('internal');
});
