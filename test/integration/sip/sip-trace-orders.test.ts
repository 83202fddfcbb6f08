import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createExpressApp } from '../../../services/api/adapters/express-app.js';
import type { Principal, Role } from '../../../services/shared/domain/people/rights.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { createSecretCipher } from '../../../services/shared/platform/stores/secret-cipher.js';
import { createValkeyTraces } from '../../../services/signalling/adapters/traces/valkey-traces.js';
import { createTraceRoutes } from '../../../services/signalling/trace/http.js';
import { MOST_ORDERS } from '../../../services/signalling/trace/trace.js';
import { reachesAll } from '../../support/reaches.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// Who may order SIP traces, how many at a time and for how long: over HTTP, by two processes on one Valkey.

const cipher = createSecretCipher([Buffer.alloc(32, 7).toString('base64')], 'SIP traces');
const audited: AuditEntry[] = [];
let valkeyServer: Awaited<ReturnType<typeof startValkey>>;
const connections: Redis[] = [];
const servers: Server[] = [];
let nowMs: number;

/** A process with its own connection. The token of a person is the role. */
async function process(): Promise<Server> {
  const valkey = new Redis(valkeyServer.url);
  connections.push(valkey);
  const audit = async (entry: AuditEntry): Promise<undefined> => void audited.push(entry);
  const whoIs = async (role: string): Promise<Principal> => ({
    ...{ userId: `id-of-${role}`, name: role, sessionId: `session-of-${role}`, roles: [role as Role] },
    scope: { queues: [], sites: [], clientUnits: [] },
  });
  const routes = createTraceRoutes({
    ...{ store: createValkeyTraces({ valkey, cipher, nowMs: () => nowMs }), audit, hashNumber: numberHasher('key'), nowMs: () => nowMs },
    reads: { calls: {} } as unknown as Parameters<typeof createTraceRoutes>[0]['reads'],
    lookUps: { take: async () => true },
    trunkIds: async () => ['carrier'],
  });
  const app = createExpressApp({
    ...{ routes, whoIs, audit, lookUps: { take: async () => true }, reaches: reachesAll(true), log: silentLogger, proxies: [] },
    ...{ pages: '/nonexistent', overTls: false, checksAnswers: true },
  });
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

beforeAll(async () => {
  valkeyServer = await startValkey();
  await process();
  await process();
});
beforeEach(async () => {
  await connections[0]?.flushall();
  nowMs = Date.now();
  audited.length = 0;
});
afterAll(async () => {
  for (const server of servers) server.close();
  for (const connection of connections) connection.disconnect();
  await stopProcess(valkeyServer.child);
});

interface Answer {
  readonly status: number;
  readonly body: { readonly code?: string; readonly details?: unknown; readonly id?: string; readonly until?: string };
}
async function ask(
  method: string,
  path: string,
  { body, who = 'admin', at = 0 }: { body?: object; who?: string; at?: number } = {},
): Promise<Answer> {
  const { port } = servers[at]!.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${String(port)}/api${path}`, {
    method,
    headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as Answer['body'] };
}
const wish = { scope: { kind: 'trunk', trunkId: 'carrier' }, minutes: 60, reason: 'one-way sound' };
const order = (more: object = {}, at = 0): Promise<Answer> => ask('POST', '/sip-traces', { body: { ...wish, ...more }, at });
const onNow = async (): Promise<number> => ((await ask('GET', '/sip-traces')).body as unknown as { orders: unknown[] }).orders.length;

test('two processes together begin as many traces as may be on, also at the same moment; the others read how many', async () => {
  const asked = await Promise.all(Array.from({ length: 16 }, (_, n) => order({}, n % 2)));
  expect(asked.filter(({ status }) => status === 200)).toHaveLength(MOST_ORDERS);
  for (const { status, body } of asked.filter((answer) => answer.status !== 200)) {
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'already-exists', details: { limit: 'traces', most: MOST_ORDERS } });
  }
  expect(await onNow()).toBe(MOST_ORDERS);
  // For each trace the log says whether it was begun: a refused one never stands there as begun alone.
  const rows = audited.filter(({ what }) => what === 'sip-trace.asked');
  const refused = new Set(rows.filter(({ success }) => !success).map(({ object }) => object));
  expect(rows.filter(({ success, object }) => success && !refused.has(object))).toHaveLength(MOST_ORDERS);
});

test('one that is ended, or has run out, makes room', async () => {
  const [first] = await Promise.all([order(), order({ minutes: 5 }), order(), order(), order()]);
  expect((await order()).status).toBe(409);
  expect((await ask('DELETE', `/sip-traces/${first?.body.id ?? ''}`, { at: 1 })).status).toBe(204);
  expect((await order({}, 1)).status).toBe(200);
  expect((await order()).status).toBe(409);
  nowMs += 5 * 60_000;
  expect(await onNow()).toBe(MOST_ORDERS - 1);
  expect((await order()).status).toBe(200);
  expect(await onNow()).toBe(MOST_ORDERS);
});

test('none lasts longer than a day, and none is without an end, a reason or a trunk that is there', async () => {
  for (const wrong of [{ minutes: 1_441 }, { minutes: 4 }, { minutes: undefined }, { reason: ' ' }])
    expect((await order(wrong)).status).toBe(400);
  expect((await order({ scope: { kind: 'trunk', trunkId: 'nobody' } })).status).toBe(404);
  const { body } = await order({ minutes: 1_440 });
  expect(Date.parse(body.until ?? '') - nowMs).toBe(24 * 3_600_000);
  nowMs += 24 * 3_600_000;
  expect(await onNow()).toBe(0);
});

test('only who has the right begins or ends one', async () => {
  const { body } = await order();
  for (const who of ['agent', 'supervisor', 'compliance', 'auditor', 'security-admin', 'inspector']) {
    expect((await ask('POST', '/sip-traces', { body: wish, who })).status).toBe(403);
    expect((await ask('DELETE', `/sip-traces/${body.id ?? ''}`, { who })).status).toBe(403);
  }
  expect(await onNow()).toBe(1);
});
