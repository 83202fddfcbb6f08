import { expect, test } from '@jest/globals';
import { defaultChoice, readChoice, readinessGaps } from './device-choice.js';

const well = { microphoneOpen: true, audioUnlocked: true, checkedAt: '2026-03-01T08:00:00.000Z', lineUp: true, linkUp: true };

test.each([
  ['nothing', {}, []],
  ['the server', { linkUp: false, lineUp: false }, ['link']],
  ['the microphone', { microphoneOpen: false, lineUp: false }, ['microphone']],
  ['sound', { audioUnlocked: false }, ['audio-locked']],
  ['the check', { checkedAt: null }, ['device-check']],
  ['the line', { lineUp: false }, ['line']],
])('%s is missing', (_name, facts, gaps) => {
  expect(readinessGaps({ ...well, ...facts })).toEqual(gaps);
});

test('a stored choice that cannot be read is no choice', () => {
  expect(readChoice({ getItem: () => '{broken' })).toEqual(defaultChoice);
});
