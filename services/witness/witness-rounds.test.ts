import { afterEach, expect, jest, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { createWitnessRounds } from './witness-rounds.js';

afterEach(() => void jest.useRealTimers());

test('sheets of the last 60 days are sent soon after the start and each quarter of an hour, and no round begins while one runs', async () => {
  jest.useFakeTimers();
  let answer = (): void => undefined;
  const round = jest.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const rounds = createWitnessRounds({ witness: { round }, today: () => '2026-10-03', now: () => new Date(), log: silentLogger });
  await rounds.start();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(round.mock.calls).toEqual([['2026-08-04', expect.any(Date)]]);
  await jest.advanceTimersByTimeAsync(60 * 60_000);
  expect(round).toHaveBeenCalledTimes(1);
  answer();
  await jest.advanceTimersByTimeAsync(15 * 60_000);
  expect(round).toHaveBeenCalledTimes(2);
  await rounds.stop();
});
