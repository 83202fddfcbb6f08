import { expect, test } from '@jest/globals';
import { TEST_PURPOSE } from '../../shared/domain/calls/call-purpose.js';
import { mayLeave, type LeaveQuestion } from './leaving.js';
import { shippedRules } from './leaving-rules.js';

/** At night, after many attempts, without a consent: the rules for calls to people would refuse it. */
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
  free: false,
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

const MIDDAY = 720;
/** An agent with the right to dial freely wrote a reason; the number is on no register. */
const freely: LeaveQuestion = {
  ...question,
  ...{ way: 'consultation', tested: undefined, purpose: '', free: true, minuteOfDay: MIDDAY, tries: [] },
};

test.each<[string, Partial<LeaveQuestion>, string | undefined]>([
  ['a person on no register', {}, undefined],
  ['a mobile telephone by a transfer', { way: 'transfer', number: '13800000001' }, undefined],
  ['a registered number at night', { destination, minuteOfDay: 0 }, undefined],
  ['nobody without a reason', { free: false }, 'not-registered'],
  ['nobody at night', { minuteOfDay: 0 }, 'outside-window'],
  ['nobody in a quiet stretch', { quiet: [{ fromMinute: 700, toMinute: 800 }] }, 'outside-window'],
  ['nobody too often', { tries: question.tries }, 'too-often'],
  ['nobody who refused', { refused: true }, 'refused-by-person'],
  ['nobody while calling out is stopped', { stopped: true }, 'stopped'],
  ['no premium number', { number: '16812345' }, 'kind-not-allowed'],
  ['no premium number, though a rule opens them', { number: '16812345', ...opened('premium') }, 'kind-not-allowed'],
  ['no satellite, though a rule opens them', { number: '00881612345678', ...opened('satellite') }, 'kind-not-allowed'],
  ['nobody abroad', { number: '+4930123456' }, 'kind-not-allowed'],
  ['a number abroad where a rule opens them', { number: '+4930123456', watched: true, ...opened('foreign') }, undefined],
  ['no expensive number of the watch', { watched: true }, 'kind-not-allowed'],
  ['no local number without its area code', { number: '88880001' }, 'not-dialable'],
])('free dialling reaches %s: %#', (_what, given, reason) => {
  expect(mayLeave({ ...freely, ...given })).toEqual(reason === undefined ? { allowed: true } : { allowed: false, reason });
});

function opened(kind: 'premium' | 'satellite' | 'foreign'): Pick<LeaveQuestion, 'allowedKinds'> {
  return { allowedKinds: { ...shippedRules.allowedKinds, [kind]: ['consultation'] } };
}
