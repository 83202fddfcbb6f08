import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { rights, type Right, type Role } from '../../../services/shared/domain/people/rights.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { LOOK_UPS_AN_HOUR } from '../../../services/shared/platform/reach/number-look-ups.js';
import { callRow } from '../../support/centre/call-row.js';
import { newPerson } from '../../support/centre/people.js';
import { addressOf, leavesOf, sampleOf, withAt, type WalkedRoute } from '../../support/hostile/route-walk.js';
import { Stack } from '../../support/stack.js';
import { routesOf } from '../../support/centre/two-clients.js';

// Text that stores and documents cannot hold, in every field of every route; and numbers that are guessed by searching.

jest.setTimeout(180_000);

let stack: Stack;
let mongo: Connection;
let routes: readonly WalkedRoute[];
let inspector: string;
let admin: string;
const tokens = new Map<Role, string>();
const tokenFor = (right: string): string | undefined =>
  (rights[right as Right] as readonly Role[]).map((role) => tokens.get(role)).find((token) => token !== undefined);

const CALLER = '13912340000';

beforeAll(async () => {
  stack = await Stack.start();
  for (const [role, name] of [
    ['admin', 'admin'],
    ['security-admin', 'admin'],
    ['agent', 'agent1'],
    ['supervisor', 'supervisor'],
    ['compliance', 'compliance'],
    ['auditor', 'auditor'],
  ] as const)
    tokens.set(role, await stack.signIn(name));
  admin = tokens.get('admin') ?? '';
  routes = await routesOf(stack, admin);
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  inspector = (await newPerson(stack, admin, { name: 'inspector', roles: ['inspector'], expiresAt })).token;
  mongo = await connectMongo(stack.config);
  const caller = { callerNumber: CALLER, callerMasked: '139****0000', callerHash: numberHasher(stack.config.MASTER_KEY)(CALLER) };
  await mongo
    .collection<{ _id: string }>('calls')
    .insertOne(callRow('00000000guessed', { called: '4001000', queueId: 'service', ...caller }));
});

afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

/** 501 is a refusal by name: this site has no mail server. */
const isFault = (status: number): boolean => status >= 500 && status !== 501;

describe('text that is no plain text', () => {
  const texts = ['\0', 'x\0y', '\u0001', '\u001b[2J', '\ud800', '\udfff', '('.repeat(64), '[a-'.repeat(30), '$where', '\u007f'];

  test('in every field of every query and every part of an address: never a failure of the server', async () => {
    let tried = 0;
    const failed: string[] = [];
    for (const { method, path, right, query, uploadBytes } of routes) {
      const token = tokenFor(right);
      const asked = { ...(token === undefined ? {} : { token }), ...(method === 'get' || uploadBytes !== null ? {} : { body: {} }) };
      const addresses = [
        ...Object.keys(query.properties ?? {}).flatMap((field) =>
          texts
            .filter((text) => !/\p{Surrogate}/u.test(text))
            .map((text) => `${addressOf(path, () => 'x')}?${field}=${encodeURIComponent(text)}`),
        ),
        ...(path.includes(':')
          ? ['%00', '%01', '%ed%a0%80', '%ff', '%'].map((part) => addressOf(path, () => '@').replaceAll('%40', part))
          : []),
      ];
      tried += addresses.length;
      const statuses = await Promise.all(addresses.map(async (address) => (await stack.http(method.toUpperCase(), address, asked)).status));
      failed.push(...statuses.flatMap((status, i) => (isFault(status) ? [`${method} ${addresses[i]} ${status}`] : [])));
    }
    process.stdout.write(`${tried} addresses with text that is no plain text\n`);
    expect(failed).toEqual([]);
  });

  test('in every field of every body', async () => {
    let tried = 0;
    const failed: string[] = [];
    for (const { method, path, right, body } of routes.filter(({ body: schema }) => Object.keys(schema).length > 0)) {
      const token = tokenFor(right);
      for (const leaf of leavesOf(body))
        for (const text of texts) {
          tried += 1;
          const sent = withAt(sampleOf(body), leaf, text);
          const address = addressOf(path, () => 'nothing');
          const { status } = await stack.http(method.toUpperCase(), address, { body: sent, ...(token === undefined ? {} : { token }) });
          if (isFault(status)) failed.push(`${method} ${path} ${leaf.join('.')} ${JSON.stringify(text)} ${status}`);
        }
    }
    process.stdout.write(`${tried} bodies with text that is no plain text\n`);
    expect(failed).toEqual([]);
    expect(tried).toBeGreaterThan(1_000);
  });

  test('a note of a recording may be searched for by any plain text, and by no other', async () => {
    const token = tokens.get('supervisor') ?? '';
    const status = async (note: string): Promise<number> =>
      (await stack.http('GET', `/api/recordings?note=${encodeURIComponent(note)}`, { token })).status;
    expect(await status('\0')).toBe(400);
    expect(await status('(a+)+$ 投诉')).toBe(200);
  });
});

describe('a whole number that is guessed', () => {
  test('is asked for on routes that count it, all of them', () => {
    // The numbers by which reports are narrowed are the centre's own.
    const asks = routes.filter(
      ({ path, query }) =>
        !path.startsWith('/figures/') && ['number', 'search', 'caller', 'phone'].some((name) => query.properties?.[name] !== undefined),
    );
    expect(asks.length).toBeGreaterThan(5);
    for (const { path, looksUpNumber } of asks) expect([path, looksUpNumber]).toEqual([path, true]);
  });

  test('its hidden digits are not found by searching for each, on one route or on several', async () => {
    const guesses = Array.from({ length: 100 }, (_, i) => `139${String(1_000 + i)}0000`);
    const paths = ['/api/calls?search=', '/api/recordings?number=', `/api/evidence/inspector/find?date=2026-01-01&number=`];
    let found = 0;
    const statuses: number[] = [];
    for (const [i, guess] of [...guesses, CALLER].entries()) {
      const { status, body } = await stack.http('GET', `${paths[i % paths.length]}${guess}`, { token: inspector });
      statuses.push(status);
      found += JSON.stringify(body).includes('00000000guessed') ? 1 : 0;
    }
    expect(found).toBe(0);
    expect(statuses.filter((status) => status === 200)).toHaveLength(LOOK_UPS_AN_HOUR);
    expect(statuses.filter((status) => status === 429)).toHaveLength(guesses.length + 1 - LOOK_UPS_AN_HOUR);
    // The masked digits, which every page shows, may be searched for freely; so may a number that has been counted.
    const free = await stack.http('GET', `/api/evidence/inspector/find?date=${new Date().toISOString().slice(0, 10)}&number=0000`, {
      token: inspector,
    });
    expect(free.status).toBe(200);
    expect((await stack.http('GET', `/api/calls?search=${guesses[0]}`, { token: inspector })).status).toBe(200);
    expect((await stack.http('GET', '/api/evidence/inspector/find?date=2026-01-01&number=40000', { token: inspector })).status).toBe(400);
  });

  test('each leaves a row in the audit log, without the number', async () => {
    const { body } = await stack.http('GET', '/api/audit?what=number.searched&limit=200', { token: tokens.get('auditor') ?? '' });
    const rows = (body as { rows: { object: string; success: boolean }[] }).rows;
    expect(rows.filter(({ success }) => success)).toHaveLength(LOOK_UPS_AN_HOUR);
    expect(rows.some(({ object }) => /\d{8}/.test(object))).toBe(false);
  });

  test('who knows the whole number finds the call by it', async () => {
    const token = tokens.get('compliance') ?? '';
    const { body } = await stack.http('GET', `/api/recordings?number=${encodeURIComponent('+86 139 1234 0000')}`, { token });
    expect(body).toMatchObject({ recordings: [] });
    const supervisor = tokens.get('supervisor') ?? '';
    const answer = await stack.http('GET', `/api/calls?search=${CALLER}`, { token: supervisor });
    expect(answer.body).toMatchObject({ calls: [{ callId: '00000000guessed' }] });
  });
});
