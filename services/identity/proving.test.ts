import { expect, test } from '@jest/globals';
import type { SignInLimits } from './ports.js';
import { createProving } from './proving.js';
import { createTurns } from './turns.js';

const WRONG_BEFORE_WAITING = 5;
const CHECKED_AT_ONCE = 4;

/** Whoever was wrong five times has to wait. */
function limitsOfFive(): SignInLimits {
  let wrong = 0;
  return {
    waitMs: async () => (wrong >= WRONG_BEFORE_WAITING ? 1_000 : 0),
    failed: async () => void (wrong += 1),
    succeeded: async () => void (wrong = 0),
  };
}

test('of three hundred wrong passwords that come at once, only as many are checked as before one has to wait', async () => {
  const turns = createTurns({ places: CHECKED_AT_ONCE, waitingMost: 1_000, waitingOfOne: 1_000 });
  const prove = createProving({ limits: limitsOfFive(), turns });
  let checked = 0;
  const answers = await Promise.allSettled(
    Array.from({ length: 300 }, () =>
      prove({ name: 'agent2', from: '127.0.0.9' }, async () => {
        checked += 1;
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('wrong');
      }),
    ),
  );
  // Those that are checked at the moment when the limit is reached are finished.
  expect(checked).toBeLessThanOrEqual(WRONG_BEFORE_WAITING + CHECKED_AT_ONCE - 1);
  const refused = answers.filter(
    (answer) => answer.status === 'rejected' && (answer.reason as { code?: string }).code === 'too-many-requests',
  );
  expect(refused.length).toBe(300 - checked);
});

test('an error that is no wrong answer does not count', async () => {
  const turns = createTurns({ places: 1, waitingMost: 10, waitingOfOne: 10 });
  const prove = createProving({ limits: limitsOfFive(), turns });
  const fails = (): Promise<unknown> =>
    prove(
      { name: 'agent2', from: '127.0.0.9' },
      () => Promise.reject(new Error('the store is away')),
      () => false,
    );
  for (let i = 0; i < 10; i += 1) await expect(fails()).rejects.toThrow('the store is away');
});
