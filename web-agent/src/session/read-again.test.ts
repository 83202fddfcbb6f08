import { expect, test } from '@jest/globals';
import { againAfterMs } from './read-again.js';
import { ApiProblem } from './session.js';

test('what could not be read while the server was away is read again by itself; a refusal is final, and so is a read that takes too long', () => {
  expect(againAfterMs(new ApiProblem('network', ''))).toBeGreaterThan(0);
  expect((['not-allowed', 'timed-out'] as const).map((code) => againAfterMs(new ApiProblem(code, '')))).toEqual([false, false]);
  expect(againAfterMs(null)).toBe(false);
});
