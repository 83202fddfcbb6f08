import { storedCall } from '../../support/centre/stored-call.js';
import type { StoredCall } from '../../../services/shared/records/call.js';
import { createAllReads } from '../../../services/main/reads.js';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { startDocumentStore } from '../../../infra/embedded/documents/index.js';
import {
  createGate,
  createGateFeed,
  createOutboundRoutes,
  createOutboundWorker,
  createPermitBook,
} from '../../../services/outbound/index.js';
import type { FraudAlarm } from '../../../services/outbound/fraud/fraud-ports.js';
import type { Handlers } from '../../../services/shared/events/catalogue.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import type { Service } from '../../../services/shared/platform/processes/service.js';
import { reachesAll } from '../../support/reaches.js';
import { until } from '../../support/until.js';
import { removeFolder, startValkey, stopProcess, temporaryFolder } from '../recording/recording-support.js';

// Numbers with unusual outbound calls: found in the stored rows, stopped at the next dialling, released by a person. On the embedded
// document store, with the watch and the desk that the product runs.

const row = { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: 'C1' };
const trunkRow = { direction: 'both', state: 'in-use', permittedCallers: Array.from({ length: 10 }, (_each, i) => `9510${i}`) };
const clientRow = { state: 'active', contractFrom: '2026-01-01', contractUntil: '2099-12-31' };
const audited: AuditEntry[] = [];
const notices: string[] = [];
let heard: Handlers = {};
let folder: string;
let documents: Awaited<ReturnType<typeof startDocumentStore>>;
let mongo: mongoose.Connection;
let worker: Service;
let valkeyServer: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;

const common = {
  hashNumber: (number: string): string => `h${number}`,
  zone: 'Asia/Shanghai',
  register: async (register: string): Promise<Record<string, unknown> | undefined> =>
    ({ numbers: row, trunks: trunkRow, clients: clientRow })[register],
  audit: async (entry: AuditEntry): Promise<void> => void audited.push(entry),
};

beforeAll(async () => {
  folder = await temporaryFolder();
  valkeyServer = await startValkey();
  valkey = new Redis(valkeyServer.url);
  documents = await startDocumentStore({ folder });
  mongo = await mongoose.createConnection(`${documents.uri}proofline`).asPromise();
  worker = createOutboundWorker({
    ...common,
    feed: createGateFeed(valkey, silentLogger),
    mongo,
    reads: createAllReads(mongo),
    log: silentLogger,
    watchEveryMs: 50,
    bus: {
      publish: async (name, event) => void notices.push([name, 'code' in event ? event.code : ''].join(' ')),
      subscribe: async (_subscriber, handlers) => {
        heard = handlers;
        return async () => undefined;
      },
      follow: async () => async () => undefined,
    },
  });
  await worker.start();
});
afterAll(async () => {
  await worker.stop();
  valkey.disconnect();
  await stopProcess(valkeyServer.child);
  await mongo.close();
  await documents.close();
  await removeFolder(folder);
});

const ask = async (method: string, path: string, input: object): Promise<unknown> => {
  const routes = createOutboundRoutes({
    ...common,
    feed: createGateFeed(valkey, silentLogger),
    mongo,
    reads: createAllReads(mongo),
    // No original of a consent is asked for here.
    objects: new Client({ endPoint: '127.0.0.1', port: 9, useSSL: false, accessKey: 'none', secretKey: 'none' }),
    bucket: 'none',
    keepDays: 30,
    bus: { publish: async (name, event) => void notices.push([name, 'code' in event ? event.code : ''].join(' ')) },
    waysOut: async () => [],
    registerList: async () => [],
    reaches: reachesAll(true),
  });
  const found = routes.find((each) => each.method === method && each.path === path);
  const principal = {
    userId: 'boss',
    name: 'Boss',
    sessionId: 's',
    roles: ['compliance'],
    scope: { queues: [], sites: [], clientUnits: [] },
  };
  return found?.handle({ principal, params: {}, query: {}, body: {}, from: '127.0.0.1', ...input } as never);
};
const alarms = async (): Promise<FraudAlarm[]> =>
  ((await ask('get', '/outbound/alarms', { query: { openOnly: true, skip: 0, limit: 50 } })) as { alarms: FraudAlarm[] }).alarms;

let calls = 0;
const desk = () =>
  createGate({
    ...common,
    mongo,
    valkey,
    registerList: async () => [],
    log: silentLogger,
    permits: createPermitBook(systemClock),
    // Ten in the morning at the site.
    now: () => new Date(new Date().setUTCHours(2, 0, 0, 0)),
  });
const dials = async (from: string, number = `1380000${String((calls += 1)).padStart(4, '0')}`): Promise<string> =>
  desk()
    .permit({
      callId: `wish-${(calls += 1)}`,
      agentId: 'anna',
      number,
      purpose: 'prompt-return',
      ways: [{ trunkId: 't', from }],
      way: 'callback',
      askedIn: { callId: 'c0', vouched: true, automatic: false },
    })
    .then(
      () => 'allowed',
      (error: unknown) => (error as { code: string }).code,
    );

/** Ended outbound calls from a number, as the call records have them. */
async function ended(called: string, count: number, change: Partial<StoredCall>): Promise<void> {
  const at = new Date();
  await mongo.collection<{ _id: string }>('calls').insertMany(
    Array.from({ length: count }, () =>
      storedCall({
        _id: `call-${(calls += 1)}`,
        direction: 'outbound',
        called,
        callerHash: `h${calls}`,
        invitedAt: at,
        answeredAt: at,
        endedAt: new Date(at.getTime() + 60_000),
        ...change,
      }),
    ),
  );
}

test('a number whose people refuse one after the other is stopped within a round, says why, and calls again when somebody has looked', async () => {
  expect(await dials('95100')).toBe('allowed');
  await ended('95100', 5, { cause: 'refused-by-key' });
  const [alarm] = await until(alarms, (found) => found.length === 1);
  expect(alarm).toMatchObject({ pattern: 'refusals', subject: { kind: 'number', shown: '95100' }, count: 5, of: 5 });
  expect(await dials('95100')).toBe('outbound-stopped');
  // Others go on.
  expect(await dials('95101')).toBe('allowed');
  expect(await ask('get', '/outbound/rules', {})).toMatchObject({
    stops: [{ scope: 'number', value: '95100', pattern: 'refusals', by: 'system:fraud-watch' }],
  });
  expect(audited.map(({ what }) => what)).toEqual(expect.arrayContaining(['fraud.alarm', 'outbound.stopped']));
  expect(notices).toContain('notice.raised fraud-pattern');

  await ask('post', '/outbound/alarms/:id/settle', { params: { id: alarm?.id }, body: { finding: 'wrong list, withdrawn', lift: true } });
  expect(notices).toContain('notice.cleared fraud-pattern');
  expect(await dials('95100')).toBe('allowed');
  // Earlier calls are settled: only later ones count.
  await ended('95100', 1, { cause: 'refused-by-key' });
  await worker.stop();
  await worker.start();
  await until(
    () => mongo.collection('fraud_alarms').countDocuments({}),
    (count) => count === 1,
  );
  expect(await alarms()).toEqual([]);
  expect(audited.filter(({ what }) => what === 'fraud.settled').map(({ reason }) => reason)).toEqual(['wrong list, withdrawn']);
});

test('a stored row that is damaged is left out and named once: the watch over the others goes on', async () => {
  await ended('95103', 1, {});
  await mongo.collection('calls').updateOne({ called: '95103' }, { $set: { called: 5 } });
  await ended('95104', 5, { cause: 'refused-by-key' });
  const found = await until(alarms, (all) => all.length === 1);
  expect(found).toMatchObject([{ pattern: 'refusals', subject: { shown: '95104' } }]);
  await ask('post', '/outbound/alarms/:id/settle', { params: { id: found[0]?.id }, body: { finding: 'seen', lift: true } });
  await ended('95104', 5, { cause: 'refused-by-key' });
  const [again] = await until(alarms, (all) => all.length === 1);
  await ask('post', '/outbound/alarms/:id/settle', { params: { id: again?.id }, body: { finding: 'seen', lift: true } });
  // Enough rounds have met the damaged row.
  expect(notices.filter((each) => each === 'notice.raised row-damaged')).toHaveLength(1);
  await mongo.collection('calls').deleteMany({ called: 5 });
});

test('expensive numbers are counted as they are dialled, where a rule lets them out', async () => {
  expect(await dials('95102', '004930123450')).toBe('outbound-kind');
  await mongo
    .collection<{ _id: string }>('outbound_settings')
    .updateOne({ _id: 'leaving' }, { $set: { 'allowedKinds.foreign': ['callback'] } }, { upsert: true });
  for (let i = 0; i < 3; i += 1) expect(await dials('95102', `00493012345${i}`)).toBe('allowed');
  await mongo.collection('outbound_attempts').updateMany({ watched: true }, { $set: { at: new Date() } });
  await until(alarms, (found) => found.some(({ pattern, subject }) => pattern === 'destinations' && subject.shown === '95102'));
  expect(await dials('95102')).toBe('outbound-stopped');
});

test('complaints of calls out, with the calls that they are about, are counted by number and month', async () => {
  await ended('95103', 4, {});
  const ofThis = await mongo.collection('calls').find({ called: '95103' }).toArray();
  await mongo
    .collection('complaints')
    .insertMany(
      ofThis
        .slice(0, 3)
        .map(({ _id }) => ({ _id: `case-of-${String(_id)}` as never, kind: 'harassment', receivedAt: new Date(), callIds: [String(_id)] })),
    );
  await worker.stop();
  await worker.start();
  await until(alarms, (found) => found.some(({ pattern, count, of }) => pattern === 'complaints' && count === 3 && of === 4));
  expect(await dials('95103')).toBe('outbound-stopped');
});

test('rules that a person sets hold from the next round on', async () => {
  const { usual: _usual, ...settings } = (await ask('get', '/outbound/fraud-rules', {})) as {
    usual: object;
    rules: Record<string, object>;
  };
  const rules = { ...settings.rules, burst: { ...settings.rules['burst'], limit: 3, stops: false } };
  await ask('put', '/outbound/fraud-rules', { body: { ...settings, rules } });
  await ended('95104', 3, {});
  await until(alarms, (found) => found.some(({ pattern, subject }) => pattern === 'burst' && subject.shown === '95104'));
  expect(await dials('95104')).toBe('allowed');
});

test('a key of refusal during a call is on the list before the next dialling', async () => {
  const number = '13800009999';
  expect(await dials('95105', number)).toBe('allowed');
  const at = new Date().toISOString();
  await heard['call.refused-by-key']?.({ callId: 'wish-1', at, callerHash: common.hashNumber(number), callerMasked: '138****9999' }, '1-0');
  expect(await dials('95105', number)).toBe('outbound-do-not-call');
});
