import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createScheduler } from '../../../services/shared/platform/processes/scheduler.js';
import { until } from '../../support/until.js';
import { temporaryStore } from '../documents/documents-support.js';

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let clockMs = Date.parse('2026-11-27T01:00:00Z');

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
});
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

const scheduler = (job: string, run: () => Promise<unknown>) =>
  createScheduler({
    name: 'jobs',
    jobs: [{ name: job, timetable: { dailyFromHour: 3 }, run }],
    mongo,
    siteTimeOf: (atMs) => ({ date: new Date(atMs).toISOString().slice(0, 10), hour: new Date(atMs).getUTCHours() }),
    log: silentLogger,
    now: () => new Date(clockMs),
    lookEveryMs: 20,
  });
const row = (job: string) =>
  mongo.collection<{ _id: string; ranAt?: Date; failedAt?: Date; occasion?: string }>('scheduled_jobs').findOne({ _id: job });

test('two processes run a daily job once a day, also when they are started again', async () => {
  let ran = 0;
  const run = async (): Promise<void> => void (ran += 1);
  for (let start = 0; start < 3; start += 1) {
    const both = [scheduler('daily', run), scheduler('daily', run)];
    for (const each of both) await each.start();
    await until(
      () => row('daily'),
      (found) => found?.ranAt !== undefined,
    );
    for (const each of both) await each.stop();
  }
  expect(ran).toBe(1);
  clockMs += 86_400_000;
  const next = scheduler('daily', run);
  await next.start();
  await until(
    async () => ran,
    (count) => count === 2,
  );
  await next.stop();
});

test('a job that fails is not done: it is tried again after some minutes', async () => {
  let tries = 0;
  const failing = scheduler('failing', async () => {
    tries += 1;
    if (tries === 1) throw new Error('the store is away');
  });
  await failing.start();
  const failed = await until(
    () => row('failing'),
    (found) => found?.failedAt !== undefined,
  );
  expect(failed?.occasion).toBeUndefined();
  expect(tries).toBe(1);
  clockMs += 6 * 60_000;
  await until(
    () => row('failing'),
    (found) => found?.occasion !== undefined,
  );
  await failing.stop();
  expect(tries).toBe(2);
});
