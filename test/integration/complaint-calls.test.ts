import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createMongoComplaints } from '../../services/complaints/adapters/mongo-complaints.js';
import { temporaryStore } from './documents-support.js';

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
