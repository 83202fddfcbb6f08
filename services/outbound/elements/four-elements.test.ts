import { expect, test } from '@jest/globals';
import { missingElements, proofOf } from './four-elements.js';

const file = {
  kind: 'file',
  fileName: 'form.pdf',
  contentType: 'application/pdf',
  sizeBytes: 1,
  sha256: 'aa',
  at: new Date(),
  by: 'c',
} as const;
const attempt = { numberMasked: '138****0001', from: '95100', answeredAt: new Date() };
const all = {
  attempt,
  callId: 'c1',
  proof: { kind: 'file', consentId: 'k1', fileName: 'form.pdf', sha256: 'aa' },
  recorded: new Set(['c1']),
  kept: new Set(['k1']),
} as const;

test.each([
  ['nothing is missing', all, []],
  ['the recording is gone', { ...all, recorded: new Set<string>() }, ['recording']],
  ['the number shown is not known', { ...all, attempt: { ...attempt, from: undefined } }, ['numbers']],
  ['the time is not known', { ...all, attempt: { ...attempt, answeredAt: undefined } }, ['time']],
  ['the original is gone from the store', { ...all, kept: new Set<string>() }, ['consent']],
  ['a consent without its original', { ...all, proof: { kind: 'none', consentId: 'k1' } }, ['consent']],
  ['no consent at all', { ...all, proof: undefined }, ['consent']],
  ['asked for in a call that was recorded', { ...all, proof: { kind: 'call', callId: 'c0' }, recorded: new Set(['c0', 'c1']) }, []],
  ['asked for in a call whose recording is gone', { ...all, proof: { kind: 'call', callId: 'c0' } }, ['consent']],
] as const)('%s', (_what, facts, missing) => {
  expect(missingElements(facts)).toEqual(missing);
});

test('what a call rests on', () => {
  expect(proofOf('call:c0', undefined)).toEqual({ kind: 'call', callId: 'c0' });
  expect(proofOf('k1', { id: 'k1', original: file })).toEqual({ kind: 'file', consentId: 'k1', fileName: 'form.pdf', sha256: 'aa' });
  expect(proofOf('k1', { id: 'k1', original: { kind: 'call', callId: 'c0' } })).toEqual({ kind: 'call', callId: 'c0' });
  expect(proofOf('k1', { id: 'k1' })).toEqual({ kind: 'none', consentId: 'k1' });
  expect(proofOf('', undefined)).toBeUndefined();
});
