import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createSiteReader, type SiteReads } from '../../../services/evidence/adapters/stores/mongo-seat-log.js';
import { createFigureBook } from '../../../services/shared/platform/stores/figure-book.js';
import { temporaryStore } from '../documents/documents-support.js';

// Between midnight and 08:00 in Shanghai the date in UTC is the day before.

const zone = 'Asia/Shanghai';
let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
});
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

test('in the first hours of a month its figures are stored, and those of the month that ended are filled in', async () => {
  const book = createFigureBook<{ readonly from: string; readonly to: string }>({
    mongo,
    collection: 'site_dates_figures',
    formulaVersion: 1,
    zone,
    now: () => new Date('2026-11-30T17:00:00Z'),
    count: (from, to) => Promise.resolve({ from: from.toISOString(), to: to.toISOString() }),
  });
  expect(['2026-11', '2026-12', '2027-01', '2026', '2027'].map((period) => book.hasBegun(period))).toEqual([
    true,
    true,
    false,
    true,
    false,
  ]);
  expect(await book.store('2026-12', 'compliance')).toMatchObject({
    figures: { from: '2026-11-30T16:00:00.000Z', to: '2026-12-31T16:00:00.000Z' },
  });
  await book.fill();
  expect((await book.newest()).map(({ period, by }) => [period, by]).slice(0, 2)).toEqual([
    ['2026-12', 'compliance'],
    ['2026-11', 'system'],
  ]);
});

test('an agent who signs in before eight in the morning signed in on that day', async () => {
  const none = { find: () => Promise.resolve([]) };
  const site = createSiteReader(mongo, { accounts: none } as unknown as SiteReads, zone);
  await mongo
    .collection('evidence_seat_sessions')
    .insertOne({ _id: 's1', agentId: 'anna', at: new Date('2026-11-29T23:50:00Z') } as object);
  const stretch = { fromMs: Date.parse('2026-11-29T16:00:00Z'), untilMs: Date.parse('2026-11-30T16:00:00Z') };
  expect((await site.seats(stretch)).seatDays).toEqual([{ account: 'anna', days: ['2026-11-30'] }]);
});
