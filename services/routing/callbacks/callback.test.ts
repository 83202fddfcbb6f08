import { expect, test } from '@jest/globals';
import { afterMiss, afterRefusal, isOpen, type Callback } from './callback.js';

const at = (minutes: number): Date => new Date(minutes * 60_000);
const dialled = (tries: number): Callback => ({
  callId: 'c1',
  queueId: 'q',
  askedAt: at(0),
  waitingSince: at(0),
  priority: 0,
  skills: {},
  state: 'dialling',
  tries,
  notBefore: at(0),
  outboundId: 'o1',
  agentId: 'anna',
});

test.each([
  [1, 'waiting', at(15)],
  [2, 'waiting', at(65)],
  [3, 'not-reached', at(0)],
])('after try %i without an answer: %s', (tries, state, notBefore) => {
  const missed = afterMiss(dialled(tries), at(5));
  expect(missed).toMatchObject({ state, notBefore, tries });
  expect(missed.outboundId).toBeUndefined();
  expect(isOpen(missed)).toBe(state === 'waiting');
});

test('a time at which nobody may be called costs no try, and lapses after a day', () => {
  expect(afterRefusal(dialled(1), at(5))).toMatchObject({ state: 'waiting', tries: 0, notBefore: at(15) });
  expect(afterRefusal(dialled(1), at(24 * 60 + 1))).toMatchObject({ state: 'not-reached' });
});
