import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { io, type Socket } from 'socket.io-client';
import { fromPage, type Ack } from '../../../services/shared/contracts/calls/seat-socket.js';
import { api } from '../../../services/shared/contracts/api/api.js';
import { Stack } from '../../support/stack.js';

let stack: Stack;
let admin: string;
let agent: string;
let supervisor: string;
let auditor: string;

interface RouteRow {
  readonly method: string;
  readonly path: string;
  readonly right: string;
}

beforeAll(async () => {
  stack = await Stack.start();
  [admin, agent, supervisor, auditor] = (await Promise.all(
    ['admin', 'agent1', 'supervisor', 'auditor'].map((name) => stack.signIn(name)),
  )) as [string, string, string, string];
}, 120_000);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const connect = (token: string | undefined): Socket =>
  io(stack.web, { auth: token === undefined ? {} : { token }, transports: ['websocket'], rejectUnauthorized: false, reconnection: false });

const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });

const ask = (socket: Socket, name: string, payload: unknown): Promise<Ack> =>
  socket.timeout(10_000).emitWithAck(name, payload) as Promise<Ack>;

describe('every door', () => {
  test('the interface is described as OpenAPI to whoever may read the system', async () => {
    const { status, body } = await stack.http('GET', '/api/openapi.json', { token: admin });
    expect([status, (body as { openapi: string }).openapi]).toEqual([200, '3.1.0']);
    expect((await stack.http('GET', '/api/openapi.json', { token: agent })).status).toBe(403);
  });

  test('every route of the contract is served, and nothing else', async () => {
    const { body } = await stack.http('GET', '/api/system/routes', { token: admin });
    const served = (body as { routes: RouteRow[] }).routes.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    // Single sign-on is served only where the site has a provider.
    const declared = Object.keys(api).filter((key) => !key.startsWith('GET /session/single-sign-on'));
    expect(served.sort()).toEqual(declared.sort());
  });

  test('no route answers without a person, but those that are public', async () => {
    const { body } = await stack.http('GET', '/api/system/routes', { token: admin });
    const { routes } = body as { routes: RouteRow[] };
    expect(routes.length).toBeGreaterThan(40);
    for (const { method, path, right } of routes) {
      const address = `/api${path.replace(/:[a-zA-Z]+/g, 'x')}`;
      const { status } = await stack.http(method.toUpperCase(), address, method === 'get' ? {} : { body: {} });
      // Public routes are left out: they may refuse the empty body, and the session's own may answer 401 too.
      if (right !== 'public') expect([method, path, status]).toEqual([method, path, 401]);
    }
  }, 60_000);

  test("an agent is refused what is not an agent's, and the refusal is in the trail", async () => {
    for (const [method, path] of [
      ['GET', '/api/users'],
      ['GET', '/api/audit'],
      ['GET', '/api/complaints'],
      ['POST', '/api/proof-call'],
    ] as const)
      expect([path, (await stack.http(method, path, { token: agent })).status]).toEqual([path, 403]);
    const { body } = await stack.http('GET', '/api/audit?what=access.denied', { token: auditor });
    expect((body as { rows: { object: string; from: string; success: boolean }[] }).rows.slice(0, 4).map(({ object }) => object)).toContain(
      'get /users',
    );
  });

  test('an administrator cannot read the trail, an auditor cannot change an account', async () => {
    expect((await stack.http('POST', '/api/users', { token: auditor, body: {} })).status).toBe(403);
    expect((await stack.http('GET', '/api/recordings', { token: auditor })).status).toBe(403);
  });

  test('a session that was ended is worth nothing within a second', async () => {
    const gone = await stack.signIn('agent2');
    expect((await stack.http('GET', '/api/session/profile', { token: gone })).status).toBe(200);
    await stack.http('DELETE', '/api/session', { token: gone });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await stack.http('GET', '/api/session/profile', { token: gone })).status).toBe(401);
  });
});

describe('bad input', () => {
  test.each<[string, string, string, unknown, number]>([
    ['a body that is not JSON', 'POST', '/api/session', '{"name":', 400],
    ['wrong types', 'POST', '/api/session', { name: 7, password: [] }, 400],
    ['an operator in place of a name', 'POST', '/api/session', { name: { $gt: '' }, password: { $gt: '' } }, 400],
    ['a body of 300 KB', 'POST', '/api/session', { name: 'x'.repeat(300_000), password: 'x' }, 413],
    ['an address that is not there', 'GET', '/api/nothing', undefined, 404],
  ])('%s', async (_name, method, path, body, status) => {
    const answer = await stack.http(method, path, body === undefined ? {} : { body });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });

  test('an operator in a query is text, not a question to the store', async () => {
    expect((await stack.http('GET', '/api/complaints?state[$ne]=closed', { token: supervisor })).status).toBe(200);
    expect((await stack.http('GET', '/api/complaints/%7B%22$gt%22%3A%22%22%7D', { token: supervisor })).status).toBe(404);
  });

  test('tokens that are wrong, forged or empty open nothing', async () => {
    const [head, body, signature] = agent.split('.') as [string, string, string];
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    const raised = Buffer.from(JSON.stringify({ ...claims, roles: ['admin'] })).toString('base64url');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${raised}.`;
    for (const token of ['x', `${head}.${raised}.${signature}`, none, `${head}.${body}.${signature.slice(0, -2)}AA`])
      expect((await stack.http('GET', '/api/users', { token })).status).toBe(401);
  });
});

describe('sockets', () => {
  test('nobody connects without a token', async () => {
    for (const token of [undefined, 'nonsense']) {
      const socket = connect(token);
      await expect(connected(socket)).rejects.toThrow('not-signed-in');
      socket.close();
    }
  });

  test('the pages of a session that ends are cut at once, those of others stay', async () => {
    const [gone, stays] = [await stack.signIn('agent2'), await stack.signIn('agent2')];
    const [left, kept] = [connect(gone), connect(stays)];
    await Promise.all([connected(left), connected(kept)]);
    const cut = new Promise<string>((resolve) => left.once('disconnect', resolve));
    await stack.http('DELETE', '/api/session', { token: gone });
    expect(await cut).toBe('io server disconnect');
    expect(kept.connected).toBe(true);
    kept.close();
  });

  test('every event of a page is refused to a role without its right, and to a wrong payload', async () => {
    for (const name of Object.keys(fromPage)) {
      // A connection for each event: a single one may ask only so often.
      const socket = connect(auditor);
      await connected(socket);
      const answer = await ask(socket, name, {
        callId: 'x',
        state: 'ready',
        up: true,
        on: true,
        byMs: 1,
        keys: '1',
        reason: 'training',
        how: 'cancel',
        partyId: 'x',
        mode: 'listen',
        number: '1',
        purpose: 'x',
        target: { to: 'queue', queueId: 'x' },
        sentAtMs: 1,
        lossPercent: 0,
        jitterMs: 0,
        roundTripMs: 0,
      });
      if (name !== 'page:ping') expect([name, answer]).toMatchObject([name, { ok: false, code: 'not-allowed' }]);
      expect(await ask(socket, name, { sentAtMs: {}, callId: { $gt: '' } })).toMatchObject(
        name === 'seat:sync' ? { code: 'not-allowed' } : { ok: false, code: expect.stringMatching(/invalid-request|not-allowed/) },
      );
      socket.close();
    }
  }, 30_000);

  test('a page that talks too much is slowed, others are not', async () => {
    const [loud, quiet] = [connect(agent), connect(supervisor)];
    await Promise.all([loud, quiet].map(connected));
    const answers = await Promise.all(Array.from({ length: 120 }, () => ask(loud, 'page:ping', { sentAtMs: 1 })));
    expect(answers.filter((answer) => !answer.ok).length).toBeGreaterThan(0);
    expect(await ask(quiet, 'page:ping', { sentAtMs: 1 })).toMatchObject({ ok: true });
    loud.close();
    quiet.close();
  });
});

test('wrong passwords slow one name at one address down; colleagues still sign in', async () => {
  for (let i = 0; i < 6; i += 1) await stack.http('POST', '/api/session', { body: { name: 'compliance', password: `wrong-${i}` } });
  const { status, body } = await stack.http('POST', '/api/session', { body: { name: 'compliance', password: stack.password } });
  expect(status).toBe(429);
  expect((body as { details: { waitMs: number } }).details.waitMs).toBeGreaterThan(0);
  expect(await stack.signIn('supervisor')).toBeTruthy();
});

test("pages come with headers that keep others' scripts and frames out", async () => {
  const { headers } = await stack.http('GET', '/');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'strict-transport-security': expect.stringContaining('max-age') });
  expect(headers).not.toHaveProperty('x-powered-by');
});

test('the trail is whole: nobody changed a row, none is missing', async () => {
  const { body } = await stack.http('POST', '/api/audit/check', { token: auditor });
  expect(body).toMatchObject({ integrity: { ok: true }, completeness: { ok: true, missing: [] } });
});
