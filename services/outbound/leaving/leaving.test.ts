import { expect, test } from '@jest/globals';
import { TEST_PURPOSE } from '../../shared/domain/calls/call-purpose.js';
import { mayLeave, type LeaveQuestion } from './leaving.js';
import { shippedRules } from './leaving-rules.js';

/** At night, often tried, without a consent: what holds for calls to people. */
const question: LeaveQuestion = {
  way: 'call-out',
  number: '02188880001',
  today: '2026-11-30',
  allowedKinds: shippedRules.allowedKinds,
  ways: shippedRules.ways,
  watched: false,
  stopped: false,
  refused: false,
  destination: undefined,
  clientId: '',
  callback: undefined,
  tested: { own: false },
  purpose: TEST_PURPOSE,
  consented: false,
  minuteOfDay: 0,
  window: shippedRules.window,
  quiet: [],
  tries: Array.from({ length: 9 }, () => new Date('2026-11-30T00:00:00Z')),
  now: new Date('2026-11-30T00:00:30Z'),
};
const destination = { clientId: '', validUntil: '2026-12-31', shown: undefined };

test.each<[string, Partial<LeaveQuestion>, string | undefined]>([
  ['a number of ours', { tested: { own: true } }, undefined],
  ['a number on the register of destinations', { destination }, undefined],
  ['one whose row has run out', { destination: { ...destination, validUntil: '2026-11-29' } }, 'not-registered'],
  ['a number on no register', {}, 'not-registered'],
  ['the police', { number: '110', tested: { own: true } }, 'kind-not-allowed'],
  ['a number abroad', { number: '+4930123456', destination }, 'kind-not-allowed'],
  ['a person who refused', { destination, refused: true }, 'refused-by-person'],
  ['a number of ours while calling out is stopped', { tested: { own: true }, stopped: true }, 'stopped'],
])('a test of a trunk reaches %s: %#', (_what, given, reason) => {
  expect(mayLeave({ ...question, ...given })).toEqual(reason === undefined ? { allowed: true } : { allowed: false, reason });
});

test('nobody but a test dials with its purpose', () => {
  expect(mayLeave({ ...question, destination, tested: undefined })).toEqual({ allowed: false, reason: 'purpose-not-allowed' });
});
