import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createAllReads } from '../../../services/main/reads.js';
import { createRouting } from '../../../services/routing/index.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { Service } from '../../../services/shared/platform/processes/service.js';
import { createValkeyBus } from '../../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../../services/shared/platform/events/valkey-commands.js';
import { until } from '../../support/until.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// Two routing processes on one Valkey, as on two machines: the second is up at once, though it decides only when the first has gone.

const decides = async (routing: Service): Promise<boolean> => (await routing.health?.())?.facts?.['active'] === true;

test('a second routing process is ready while it stands by, and decides as soon as the first has gone', async () => {
  await using store = await temporaryStore();
  const valkey = await startValkey();
  const mongo = await mongoose.createConnection(store.uri).asPromise();
  const live = new Redis(valkey.url);
  const bus = createValkeyBus({ url: valkey.url, log: silentLogger });
  const commands = createValkeyCommands({ url: valkey.url, log: silentLogger });
  const config = { SITE_TIME_ZONE: 'Asia/Shanghai', ROUTING_KEEP_DAYS: 400 };
  const restarts: string[] = [];
  const told: string[] = [];
  const open = (): Service =>
    createRouting({
      config,
      mongo,
      lastKnown: { of: (_what, _shape, read) => read },
      onceStored: (work) => work(),
      reads: createAllReads(mongo),
      teams: { all: async () => [], spells: async () => [] },
      valkey: live,
      bus,
      commands,
      // As the supervisor reads it: warnings are on its console.
      log: { ...silentLogger, warn: (_facts: object, message: string) => void told.push(message) },
      restart: (reason) => void restarts.push(reason),
    });
  const [first, second, third] = [open(), open(), open()];
  try {
    await first.start();
    await second.start();
    await third.start();
    expect(await Promise.all([first, second, third].map(decides))).toEqual([true, false, false]);
    expect([first, second, third].map((each) => each.standsBy?.())).toEqual([false, true, true]);
    expect((await second.health?.())?.ok).toBe(true);
    // A process that is stopped while it stands by takes nothing over.
    await third.stop();
    await first.stop();
    await until(() => decides(second), Boolean);
    await until(
      () => told.length,
      (lines) => lines === 3,
    );
    expect(told).toEqual([
      ...Array<string>(2).fill('another routing process is active; this one stands by'),
      'this process decides from now on',
    ]);
    expect(second.standsBy?.()).toBe(false);
    await second.stop();
    expect(restarts).toEqual([]);
  } finally {
    await commands.close();
    await bus.close();
    live.disconnect();
    await mongo.close();
    await stopProcess(valkey.child);
  }
}, 60_000);
