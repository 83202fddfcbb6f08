import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { createMongoStates } from '../../../services/routing/adapters/mongo-states.js';
import { createMongoWaits } from '../../../services/routing/adapters/mongo-waits.js';
import { removeAged } from '../../../services/routing/keeping.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { temporaryStore } from '../documents/documents-support.js';

const NOW = new Date('2026-11-26T00:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

test('states, decisions and reasons of waits go when their time is over, and no younger row', async () => {
  await using store = await temporaryStore();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  try {
    const [states, waits] = [createMongoStates(mongo, silentLogger), createMongoWaits(mongo, silentLogger)];
    for (const days of [401, 399]) {
      states.add({ entryId: `s${days}`, agentId: 'anna', at: daysAgo(days), to: 'ready' });
      for (const what of ['offered', 'queued'] as const)
        waits.add({ entryId: `${what}${days}`, callId: 'c1', queueId: 'q', at: daysAgo(days), waitedMs: 0, what });
    }
    await Promise.all([states.flush(), waits.flush()]);
    expect(await removeAged([states.aged, waits.aged], 400, NOW)).toBe(3);
    expect((await states.between(daysAgo(500), NOW)).map(({ entryId }) => entryId)).toEqual(['s399']);
    expect((await waits.ofCall('c1')).map(({ entryId }) => entryId).sort()).toEqual(['offered399', 'queued399']);
    expect(await removeAged([states.aged, waits.aged], 400, NOW)).toBe(0);
  } finally {
    await mongo.close();
  }
}, 60_000);
