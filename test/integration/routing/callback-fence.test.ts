import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createMongoCallbacks } from '../../../services/routing/adapters/mongo-callbacks.js';
import type { Callback } from '../../../services/routing/callbacks/callback.js';
import { failureOf } from '../../../services/shared/domain/failure.js';
import { temporaryStore } from '../documents/documents-support.js';

// Callbacks that two leaders of routing write: only the later leader's writes count.

const at = new Date('2026-11-30T02:00:00Z');
const callback = {
  ...{ callId: 'c1', queueId: 'service', askedAt: at, waitingSince: at, priority: 50, skills: {}, state: 'waiting', tries: 0 },
  notBefore: at,
} as unknown as Callback;

test('a callback that a later leader has written stays as it is', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const of = (token: number) => createMongoCallbacks(mongo, { token: () => token });
    const stateNow = async (): Promise<unknown> => (await of(0).list({ open: false, skip: 0, limit: 10 })).map(({ state }) => state);
    // As a version without tokens left the row.
    await of(5).put(callback);
    await mongo.collection('routing_callbacks').updateOne({}, { $unset: { fencingToken: '' } });
    await of(5).put({ ...callback, state: 'dialling' });
    await of(6).put({ ...callback, state: 'reached' });
    expect(
      await of(5)
        .put(callback)
        .then(() => 'written', failureOf),
    ).toBe('superseded');
    expect(await stateNow()).toEqual(['reached']);
    await of(6).put({ ...callback, state: 'cancelled' });
    expect(await stateNow()).toEqual(['cancelled']);
    // What pages read has no token in it.
    expect(Object.keys((await of(0).list({ open: false, skip: 0, limit: 10 }))[0] ?? {})).not.toContain('fencingToken');
  } finally {
    await mongo.close();
  }
});
