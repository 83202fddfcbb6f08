import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createQueueReader } from '../../../services/routing/index.js';
import { createMongoQueues } from '../../../services/routing/adapters/mongo-queues.js';
import { Queue } from '../../../services/shared/contracts/queues/queue.js';
import { createLastKnown } from '../../../services/shared/platform/settings/last-known.js';
import { createPlaceReach } from '../../../services/shared/platform/reach/place-reach.js';
import { isStoreAway, openDocumentStore } from '../../../services/shared/platform/stores/mongo.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { until } from '../../support/until.js';
import { spawnStore, temporaryFolder } from '../documents/documents-support.js';
import { freePort, stopProcess } from '../recording/recording-support.js';

// A process that starts before its document store.

const open = async (mayStart: boolean, failures: unknown[] = []) => {
  const port = await freePort();
  const opened = await openDocumentStore({
    config: { MONGODB_URI: `mongodb://127.0.0.1:${port}/proofline`, MONGODB_USER: undefined, MONGODB_PASSWORD: undefined },
    mayStartWithout: async () => mayStart,
    failed: (error) => void failures.push(error),
    log: silentLogger,
  });
  return { opened, port };
};

test('a process that knows nothing of its site does not start without the store', async () => {
  await expect(open(false)).rejects.toThrow('ECONNREFUSED');
}, 30_000);

test('one that does is told at once that the store is away, and its work is done in order when it is there', async () => {
  await using folder = await temporaryFolder();
  const failures: unknown[] = [];
  const { opened, port } = await open(true, failures);
  const done: string[] = [];
  try {
    expect(opened.isThere()).toBe(false);
    await opened.onceThere(async () => void done.push('first'));
    await opened.onceThere(async () => void done.push('second'));
    const sinceMs = performance.now();
    const refused: unknown = await opened.mongo
      .collection('rows')
      .findOne({})
      .catch((error: unknown) => error);
    expect(isStoreAway(refused)).toBe(true);
    expect(performance.now() - sinceMs).toBeLessThan(2_000);
    expect(done).toEqual([]);

    const store = await spawnStore(folder.path, ['--listen', `127.0.0.1:${port}`]);
    try {
      await until(
        () => done.length,
        (count) => count === 2,
      );
      expect(done).toEqual(['first', 'second']);
      expect(opened.isThere()).toBe(true);
      await opened.mongo.collection<{ _id: string }>('rows').insertOne({ _id: 'a' });
      expect(await opened.mongo.collection('rows').countDocuments({})).toBe(1);
      await opened.onceThere(async () => void done.push('third'));
      expect(done.at(-1)).toBe('third');
      // Failures of work that had waited would be reported to whoever started the process.
      expect(failures).toEqual([]);
    } finally {
      await stopProcess(store.process);
    }
    await until(
      () => opened.isThere(),
      (is) => !is,
    );
  } finally {
    await opened.close();
  }
}, 90_000);

test('whom a queue serves is answered at once while the store is away, also by a process that has not read it', async () => {
  await using home = await temporaryFolder();
  await using folder = await temporaryFolder();
  const port = await freePort();
  const store = await spawnStore(folder.path, ['--listen', `127.0.0.1:${port}`]);
  const opened = await openDocumentStore({
    config: { MONGODB_URI: `mongodb://127.0.0.1:${port}/proofline`, MONGODB_USER: undefined, MONGODB_PASSWORD: undefined },
    mayStartWithout: async () => false,
    failed: () => undefined,
    log: silentLogger,
  });
  const { mongo } = opened;
  const masterKey = randomBytes(32).toString('base64');
  const placesOfProcess = () => {
    const lastKnown = createLastKnown({
      config: { PROOFLINE_HOME: home.path, MASTER_KEY: masterKey, MASTER_KEY_PREVIOUS: [] },
      isThere: () => opened.isThere(),
      log: silentLogger,
    });
    const number = { number: '+862112345678', site: 'shanghai', flow: { queueId: 'first' } };
    return createPlaceReach({ numbersOf: async () => [number], queuesOf: createQueueReader({ mongo, lastKnown }) });
  };
  const person = {
    userId: 'u',
    name: 'Anna',
    sessionId: 's',
    roles: ['supervisor' as const],
    scope: { queues: [], clientUnits: [], sites: ['shanghai'] },
  };
  const seen = async (places: ReturnType<typeof placesOfProcess>): Promise<readonly boolean[]> => {
    const sees = await places.queues(person, 'read');
    return ['first', 'second', 'other'].map(sees);
  };
  try {
    const queues = createMongoQueues(mongo);
    const named = (id: string) => ({ id, name: { 'zh-CN': id, en: id } });
    await queues.seed(Queue.parse({ ...named('first'), overflow: { to: 'queue', queueId: 'second' } }));
    for (const id of ['second', 'other']) await queues.seed(Queue.parse(named(id)));
    const running = placesOfProcess();
    expect(await seen(running)).toEqual([true, true, false]);
    await stopProcess(store.process);
    await until(
      () => opened.isThere(),
      (is) => !is,
    );
    for (const places of [running, placesOfProcess()]) {
      const sinceMs = performance.now();
      expect(await seen(places)).toEqual([true, true, false]);
      // A query to the store itself waits for five seconds.
      expect(performance.now() - sinceMs).toBeLessThan(2_000);
    }
  } finally {
    await opened.close();
    await stopProcess(store.process);
  }
}, 90_000);
