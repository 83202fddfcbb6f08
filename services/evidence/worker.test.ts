import { afterEach, expect, jest, test } from '@jest/globals';
import { silentLogger } from '../shared/platform/processes/logger.js';
import { createWorker, type WorkerDependencies } from './worker.js';

afterEach(() => void jest.useRealTimers());

test('a round of probes that fails is followed by the next one', async () => {
  jest.useFakeTimers();
  let rounds = 0;
  const nothing = async (): Promise<void> => undefined;
  const worker = createWorker({
    calendar: { today: () => '2026-10-03', stretchOf: () => ({}) },
    site: {
      seats: async () => {
        rounds += 1;
        throw new Error('enough for a round');
      },
      accounts: nothing,
    },
    rows: {},
    sweep: nothing,
    jobs: { failRunning: nothing },
    bus: { subscribe: async () => nothing, publish: nothing },
    commands: { serve: async () => nothing },
    log: silentLogger,
    now: () => new Date(),
  } as unknown as WorkerDependencies);
  await worker.start();
  await jest.advanceTimersByTimeAsync(60_000);
  expect(rounds).toBe(1);
  await jest.advanceTimersByTimeAsync(15 * 60_000);
  expect(rounds).toBe(2);
  await worker.stop();
});
