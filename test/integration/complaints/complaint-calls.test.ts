import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createMongoComplaints } from '../../../services/complaints/adapters/mongo-complaints.js';
import { temporaryStore } from '../documents/documents-support.js';

test('the open complaints of calls that end at the same time are each those of their own call', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const complaints = createMongoComplaints(mongo);
    await mongo.collection<{ _id: string }>('complaints').insertMany(
      [
        { _id: 'both', callIds: ['c1', 'c2'], state: 'open' },
        { _id: 'closed', callIds: ['c1'], state: 'closed' },
        { _id: 'second', callIds: ['c2'], state: 'answered' },
        { _id: 'other', callIds: ['c9'], state: 'open' },
      ].map((complaint, number) => ({ ...complaint, number: String(number) })),
    );
    const found = await Promise.all(['c1', 'c2', 'c3', 'c1'].map((callId) => complaints.ofCall(callId)));
    expect(found.map((ofCall) => ofCall.map(({ id }) => id).sort())).toEqual([['both'], ['both', 'second'], [], ['both']]);
  } finally {
    await mongo.close();
  }
});

test('what is overdue stands first on every page, however long ago it came, and nothing is shown twice or left out', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const complaints = createMongoComplaints(mongo);
    const now = new Date('2026-03-20T02:00:00Z');
    const day = (offset: number): Date => new Date(now.getTime() + offset * 86_400_000);
    const rows: readonly (readonly [id: string, receivedAt: Date, dueAt?: Date])[] = [
      ['new', day(-1), day(14)],
      ['oldest and overdue', day(-30), day(-15)],
      ['answered', day(-2)],
      ['overdue', day(-20), day(-5)],
      ['older', day(-10), day(5)],
    ];
    await mongo.collection<{ _id: string }>('complaints').insertMany(
      rows.map(([_id, receivedAt, dueAt]) => ({
        _id,
        number: _id,
        state: dueAt === undefined ? 'answered' : 'open',
        receivedAt,
        callIds: [],
        ...(dueAt === undefined ? {} : { dueAt }),
      })),
    );
    const bounds = { now, todayEnd: day(0.5), weekEnd: day(3) };
    const scope = { clientUnits: [], queues: [] };
    const page = async (skip: number, limit: number) => {
      const { complaints: found, total } = await complaints.search({ scope, skip, limit }, bounds);
      expect(total).toBe(rows.length);
      return found.map(({ id }) => id);
    };
    const all = ['oldest and overdue', 'overdue', 'new', 'answered', 'older'];
    expect(await page(0, 10)).toEqual(all);
    expect([...(await page(0, 1)), ...(await page(1, 2)), ...(await page(3, 2))]).toEqual(all);
    expect(await page(5, 2)).toEqual([]);
    expect((await complaints.search({ scope, state: 'answered', skip: 0, limit: 5 }, bounds)).complaints.map(({ id }) => id)).toEqual([
      'answered',
    ]);
  } finally {
    await mongo.close();
  }
});
