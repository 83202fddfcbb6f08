import { expect, test } from '@jest/globals';
import { failureOf } from '../shared/domain/failure.js';
import { createLeaderFence } from './leader-fence.js';

const outcome = (run: () => void): string => {
  try {
    run();
    return 'admitted';
  } catch (error) {
    return failureOf(error);
  }
};

test('orders of a turn are admitted until one of a later turn was seen, and those of people always', () => {
  const fence = createLeaderFence(7);
  const admit = (token: number | undefined) => outcome(() => fence.admit(token));
  expect([7, 6, 7, 9, 8, 7, undefined, 9, 10, 9].map(admit)).toEqual([
    ...['admitted', 'superseded', 'admitted', 'admitted', 'superseded', 'superseded', 'admitted', 'admitted', 'admitted', 'superseded'],
  ]);
});
