import { afterAll, beforeAll, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createMongoCallbacks as createQueueCallbacks } from '../../../services/routing/adapters/mongo-callbacks.js';
import type { SeatCallback } from '../../../services/shared/contracts/workspace.js';
import { createMongoCallbacks } from '../../../services/workspace/adapters/mongo-workspace.js';
import { createContactReads } from '../../../services/workspace/reads.js';
import { temporaryStore } from '../documents/documents-support.js';

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;
beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
}, 60_000);
afterAll(async () => {
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

const promised = (id: string, callId: string, queueId: string): SeatCallback => ({
  ...{ id, callId, queueId, callerMasked: '139****0001', dueAt: '2026-11-30T08:00:00.000Z', note: 'n', state: 'open', tries: [] },
});

test('a callback of a person is found by the hash, takes other calls in once, and is over when it is closed', async () => {
  const callbacks = createMongoCallbacks(mongo);
  const person = { callerHash: 'hash-of-person' };
  await callbacks.add(promised('p1', 'c1', 'service'), person, new Date());
  await callbacks.add(promised('p2', 'c9', 'service'), { callerHash: 'another' }, new Date());
  const found = await callbacks.openOfPerson(person);
  // The hash stays in the store.
  expect([found?.id, JSON.stringify(found).includes('hash')]).toEqual(['p1', false]);
  for (let i = 0; i < 2; i += 1) await callbacks.join('p1', { callId: 'c2', queueId: 'sales' });
  // Figures read when it was promised; whoever shows it does not.
  const [read] = await createContactReads(mongo).seatCallbacks.find({ callId: 'c1' }, { fields: ['promisedAt'] });
  expect([read?.promisedAt instanceof Date, found !== undefined && 'promisedAt' in found]).toEqual([true, false]);
  expect((await callbacks.openOf('c2'))?.also).toEqual([{ callId: 'c2', queueId: 'sales' }]);
  // Whoever sees the second queue alone sees that the person is called back.
  expect((await callbacks.open({ queues: ['sales'], limit: 10 })).map(({ id }) => id)).toEqual(['p1']);
  expect((await callbacks.open({ queues: ['service'], limit: 10 })).map(({ id }) => id)).toEqual(['p1', 'p2']);
  await callbacks.close('p1', 'done');
  expect([await callbacks.openOfPerson(person), await callbacks.join('p1', { callId: 'c3' })]).toEqual([undefined, undefined]);
});

test('a callback is owed by one client unit, is taken by one agent, and is over when the person was reached in turn', async () => {
  const callbacks = createMongoCallbacks(mongo);
  const [bank, insurer] = ['bank', 'insurer'].map((clientUnit) => ({ callerHash: 'of-two', clientUnit }));
  if (bank === undefined || insurer === undefined) throw new Error('two persons');
  await callbacks.add(promised('p3', 'c3', 'service'), bank, new Date());
  await callbacks.add(promised('p4', 'c4', 'service'), insurer, new Date());
  expect((await callbacks.openOfPerson(bank))?.id).toBe('p3');
  expect(await callbacks.openOfPerson({ callerHash: 'of-two' })).toBeUndefined();
  expect(await callbacks.personOf('p4')).toEqual(insurer);
  const own = { agentId: 'anna', dueAt: '2026-12-01T08:00:00.000Z', note: 'again' };
  expect(await callbacks.take('p3', own)).toMatchObject({ id: 'p3', ...own });
  expect(await callbacks.take('p3', { ...own, agentId: 'bert' })).toBeUndefined();
  await callbacks.reached('p3', { callId: 'out', by: 'bert', at: '2026-12-01T07:00:00.000Z' });
  expect(await callbacks.one('p3')).toMatchObject({ state: 'done', agentId: 'anna', tries: [{ callId: 'out', by: 'bert' }] });
  expect(await callbacks.openOfPerson(insurer)).toMatchObject({ id: 'p4', state: 'open' });
});

test('what joined a kept place in line is not open, and is found by the call that it joined', async () => {
  const callbacks = createQueueCallbacks(mongo);
  const kept = {
    queueId: 'service',
    askedAt: new Date(0),
    waitingSince: new Date(0),
    priority: 0,
    skills: {},
    tries: 0,
    notBefore: new Date(0),
  };
  await callbacks.put({ ...kept, callId: 'c1', state: 'waiting', callerHash: 'h' });
  await callbacks.put({ ...kept, callId: 'c3', askedAt: new Date(2), state: 'joined', joinedTo: 'c1', callerHash: 'h' });
  await callbacks.put({ ...kept, callId: 'c2', askedAt: new Date(1), state: 'joined', joinedTo: 'c1', callerHash: 'h' });
  // As earlier versions wrote it.
  await mongo
    .collection<{ _id: string }>('routing_callbacks')
    .insertOne({ _id: 'old', queueId: 'service', state: 'waiting', askedAt: new Date(3) } as never);
  expect((await callbacks.open()).map(({ callId }) => callId)).toEqual(['c1', 'old']);
  for (const joined of [await callbacks.joinedTo('c1'), await callbacks.joined()])
    expect(joined.map(({ callId }) => callId)).toEqual(['c2', 'c3']);
  expect([await callbacks.one('c3'), await callbacks.one('nobody')]).toMatchObject([{ joinedTo: 'c1' }, undefined]);
});
