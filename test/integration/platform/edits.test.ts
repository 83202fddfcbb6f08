import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import mongoose, { type Connection } from 'mongoose';
import { createExpressApp } from '../../../services/api/adapters/express-app.js';
import { createNumberRoutes } from '../../../services/calls/numbers/http.js';
import { createMongoQueues } from '../../../services/routing/adapters/mongo-queues.js';
import { createRoutingRoutes } from '../../../services/routing/http.js';
import type { CommandBus } from '../../../services/shared/contracts/calls/commands.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import type { EventBus } from '../../../services/shared/events/catalogue.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { createPlaceReach } from '../../../services/shared/platform/reach/place-reach.js';
import { reachesAll } from '../../support/reaches.js';
import { temporaryStore } from '../documents/documents-support.js';

// Two people who edit the same queue, number or trunk, over the real gateway and the embedded store.

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: Connection;
let server: Server;
let base: string;

const person = (name: string): Principal => ({
  userId: `id-of-${name}`,
  name,
  sessionId: `session-of-${name}`,
  roles: ['admin'],
  scope: { queues: [], sites: [], clientUnits: [] },
});

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  const nothing = async (): Promise<undefined> => undefined;
  const shared = {
    bus: { publish: nothing } as unknown as EventBus,
    commands: { send: async () => [] } as unknown as CommandBus,
    audit: nothing,
    places: createPlaceReach({ numbersOf: async () => [], queuesOf: async () => [] }),
  };
  const routing = {
    ...shared,
    clock: systemClock,
    queues: createMongoQueues(mongo),
    isDestination: async () => true,
  } as unknown as Parameters<typeof createRoutingRoutes>[0];
  const config = { PROOFLINE_HOME: store.folder, SITE_TIME_ZONE: 'Asia/Shanghai', MASTER_KEY: Buffer.alloc(32), MASTER_KEY_PREVIOUS: [] };
  const calls = { ...shared, config, mongo, log: silentLogger, isDestination: async () => true } as unknown as Parameters<
    typeof createNumberRoutes
  >[0];
  const app = createExpressApp({
    lookUps: { take: async () => true },
    routes: [...createRoutingRoutes(routing), ...createNumberRoutes(calls)],
    whoIs: async (token) => person(token),
    reaches: reachesAll(true),
    audit: nothing,
    log: silentLogger,
    proxies: [],
    pages: store.folder,
    overTls: false,
    checksAnswers: true,
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
});

afterAll(async () => {
  server.close();
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly details?: unknown; readonly revision?: number; readonly name?: unknown };
}

async function ask(who: string, method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Answer['body'] };
}

const onlyNew = { 'If-None-Match': '*' };
const flow = { noticePromptId: 'notice', noticeMode: 'before-queue', start: 'bye', steps: { bye: { kind: 'hang-up', cause: 'closed' } } };

const edited = {
  queues: {
    path: '/queues/billing',
    stored: ['queues', 'billing'],
    named: (name: string) => ({ name: { 'zh-CN': name, en: name } }),
    fresh: {},
  },
  numbers: {
    path: '/numbers/4005000',
    stored: ['service_numbers', '4005000'],
    named: (name: string) => ({ name, status: 'draft', language: 'en' }),
    fresh: { flow },
  },
  trunks: {
    path: '/trunks/carrier-a',
    stored: ['trunks', 'carrier-a'],
    named: (name: string) => ({ name, addresses: ['192.0.2.1'], digest: { username: name, password: `secret of ${name}` } }),
    fresh: {},
  },
} as const;

describe.each(Object.entries(edited))('%s', (list, { path, stored: [collection, id], named, fresh }) => {
  beforeEach(async () => {
    await mongo.collection(collection).deleteMany({});
    expect((await ask('anna', 'PUT', path, { ...named('first'), ...fresh }, onlyNew)).status).toBe(200);
  });

  const current = async (): Promise<{ revision: number; name: unknown }> => {
    const { body } = await ask('anna', 'GET', `/${list}`);
    return (body as unknown as Record<string, { revision: number; name: unknown }[]>)[list]?.[0] ?? { revision: -1, name: undefined };
  };

  test('what is to be made takes nobody’s place', async () => {
    const before = await current();
    const answer = await ask('bob', 'PUT', path, { ...named('second'), ...fresh }, onlyNew);
    expect(answer).toMatchObject({ status: 412, body: { code: 'not-new' } });
    expect(await current()).toEqual(before);
  });

  test('two who make the same at once: one does', async () => {
    await mongo.collection(collection).deleteMany({});
    const made = await Promise.all(['anna', 'bob'].map((who) => ask(who, 'PUT', path, { ...named(who), ...fresh }, onlyNew)));
    expect(made.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
  });

  test('who changes what somebody changed meanwhile is told who, and nothing is lost', async () => {
    const { revision } = await current();
    expect(await ask('anna', 'PUT', path, { ...named('of anna'), revision })).toMatchObject({
      status: 200,
      body: { revision: revision + 1 },
    });
    expect(await ask('bob', 'PUT', path, { ...named('of bob'), revision })).toMatchObject({
      status: 409,
      body: { code: 'changed-meanwhile', details: { changedBy: 'anna' } },
    });
    expect((await current()).name).toEqual(named('of anna').name);
    // After reading it again, bob can change it.
    expect((await ask('bob', 'PUT', path, { ...named('of bob'), revision: revision + 1 })).status).toBe(200);
  });

  test('of two changes at once one is made', async () => {
    const { revision } = await current();
    const changes = await Promise.all(
      ['anna', 'bob', 'carl', 'dora'].map((who) => ask(who, 'PUT', path, { ...named(`of ${who}`), revision })),
    );
    expect(changes.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await current()).revision).toBe(revision + 1);
  });

  test('what was stored before changes were counted is changed once by who has read it', async () => {
    await mongo.collection<{ _id: string }>(collection).updateOne({ _id: id }, { $unset: { revision: '', changedBy: '' } });
    const { revision } = await current();
    expect(revision).toBe(0);
    expect((await ask('anna', 'PUT', path, { ...named('of anna'), revision })).status).toBe(200);
    expect((await ask('bob', 'PUT', path, { ...named('of bob'), revision })).status).toBe(409);
  });

  test('a program that names no revision changes what is there', async () => {
    expect((await ask('bob', 'PUT', path, named('of bob'))).status).toBe(200);
    expect((await current()).name).toEqual(named('of bob').name);
  });
});

test('a form that was open when the emergency switch was pressed does not open the number again', async () => {
  const { path, named, fresh } = edited.numbers;
  await mongo.collection('service_numbers').deleteMany({});
  const made = await ask('anna', 'PUT', path, { ...named('first'), ...fresh, status: 'draft' }, onlyNew);
  await mongo.collection<{ _id: string }>('service_numbers').updateOne({ _id: '4005000' }, { $set: { status: 'in-service' } });
  expect((await ask('bob', 'POST', '/numbers/emergency', { closed: true, reason: 'fire alarm' })).status).toBe(200);
  expect(await ask('anna', 'PUT', path, { ...named('first'), status: 'in-service', revision: made.body.revision })).toMatchObject({
    status: 409,
    body: { code: 'changed-meanwhile', details: { changedBy: 'bob' } },
  });
});

test('of two who make or change the same trunk at once one is told so, and nothing of theirs is mixed', async () => {
  const { path, named } = edited.trunks;
  await mongo.collection('trunks').deleteMany({});
  const whole = async (): Promise<readonly unknown[]> => {
    const { trunks } = (await ask('anna', 'GET', '/trunks')).body as unknown as {
      trunks: { name: string; digest: { username: string } }[];
    };
    return trunks.map(({ name, digest }) => [name, digest.username]);
  };
  const makers = ['anna', 'bob', 'carl', 'dora'];
  const made = await Promise.all(makers.map((who) => ask(who, 'PUT', path, named(who), onlyNew)));
  // 409: the other entry did not exist when this one was checked, but did when it was written.
  expect(made.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { status } of made) expect([200, 409, 412]).toContain(status);
  const maker = makers[made.findIndex(({ status }) => status === 200)] ?? '';
  expect(await whole()).toEqual([[maker, maker]]);

  const changes = await Promise.all(makers.map((who) => ask(who, 'PUT', path, { ...named(`of ${who}`), revision: 1 })));
  expect(changes.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  const changer = `of ${makers[changes.findIndex(({ status }) => status === 200)] ?? ''}`;
  expect(await whole()).toEqual([[changer, changer]]);
  for (const { body } of changes.filter(({ status }) => status === 409))
    expect(body).toMatchObject({ code: 'changed-meanwhile', details: { changedBy: changer.slice(3) } });
  // Deleted meanwhile: saving the open form does not bring it back.
  expect((await ask('anna', 'DELETE', path)).status).toBe(204);
  expect((await ask('bob', 'PUT', path, { ...named('of bob'), revision: 2 })).status).toBe(409);
  expect(await whole()).toEqual([]);
});
