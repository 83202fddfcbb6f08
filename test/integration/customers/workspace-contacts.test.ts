import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createMongoContacts } from '../../../services/workspace/adapters/mongo-workspace.js';
import { temporaryStore } from '../documents/documents-support.js';

test('contacts of agents who are joined at the same time are opened each with its facts; told again, what was written stays', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const contacts = createMongoContacts(mongo);
    const [at, later] = ['2026-11-27T01:00:00.000Z', '2026-11-27T01:01:00.000Z'];
    const opened = { callId: 'c1', agentId: 'li', queueId: 'service', callerHash: 'h1' };
    await contacts.save({ callId: 'c1', agentId: 'wang' }, { notes: 'written before it was told', disposition: ['sold'] }, at);
    await Promise.all([
      contacts.open(opened, at),
      contacts.open({ callId: 'c1', agentId: 'wang', queueId: 'service' }, later),
      contacts.open({ callId: 'c2', agentId: 'li' }, at),
    ]);
    await contacts.open(opened, later);
    const entry = { callId: 'c1', notes: '', disposition: [], fields: {}, queueId: 'service', at, updatedAt: later };
    expect(await contacts.one('c1', 'li')).toEqual({ ...entry, agentId: 'li' });
    expect(await contacts.one('c1', 'wang')).toEqual({
      ...entry,
      agentId: 'wang',
      notes: 'written before it was told',
      disposition: ['sold'],
    });
    expect(await contacts.of('c2')).toMatchObject([{ callId: 'c2', agentId: 'li', at, updatedAt: at }]);
    expect((await contacts.ofCaller(['h1'], 5)).map(({ agentId }) => agentId)).toEqual(['li']);
  } finally {
    await mongo.close();
  }
});
