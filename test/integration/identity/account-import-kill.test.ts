import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { argon2Passwords } from '../../../services/identity/adapters/credentials.js';
import type { MadeAccount, UnfinishedImport } from '../../../services/shared/contracts/api/centre/account-imports.js';
import { until } from '../../support/until.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';
import { importEnv, importRoutes } from './import-rig.js';

// A process that imports accounts is killed with SIGKILL before each write, and before its answer is read. What is left is carried on.

jest.setTimeout(300_000);

type Row = { readonly _id: string } & Record<string, unknown>;

const MONTH_MS = 30 * 86_400_000;
const list = Buffer.from('name,displayName,roles,team\nli.si,李四,agent,day\nwang.wu,王五,security-admin,day\nsun.liu,孙六,supervisor,\n');
let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let server: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;
let env: Record<string, string>;
let send: ReturnType<typeof importRoutes>;
let order: string;

beforeAll(async () => {
  store = await temporaryStore();
  server = await startValkey();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  valkey = new Redis(server.url);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  env = importEnv(store.uri, server.url, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  send = importRoutes(env, mongo, valkey);
});
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(server.child);
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

/** A site that was set up a month ago, so that roles of weight wait for a second administrator, and an import that is to be carried out. */
beforeEach(async () => {
  for (const name of ['users', 'account_changes', 'account_imports', 'teams', 'audited']) await mongo.collection(name).deleteMany({});
  const longAgo = new Date(Date.now() - MONTH_MS);
  await mongo.collection<Row>('users').insertOne({
    ...{ _id: 'boss', name: 'boss', displayName: 'Boss', passwordHash: '', passwordHistory: [], passwordSetAt: longAgo },
    ...{ mustChangePassword: false, roles: ['admin', 'security-admin'], disabled: false, createdAt: longAgo },
    scope: { queues: [], sites: [], clientUnits: [] },
  });
  await mongo.collection<Row>('teams').insertOne({ _id: 'day', name: { 'zh-CN': '白班' } });
  const asked = { query: { fileName: 'people.csv', commit: 'yes' }, bytes: list };
  ({ order } = (await send('POST /users/import', asked)) as { order: string });
});

interface Part {
  readonly made: readonly MadeAccount[];
}

/** One request in a process that dies before this write; its answer, if it lived to give one. */
async function mortal(key: string, body: object, writes: number): Promise<Part | 'killed'> {
  const script = join(import.meta.dirname, 'import-worker.ts');
  const asked = JSON.stringify({ params: { id: order }, body });
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(env), key, asked, String(writes)], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [code, signal]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null, string | null]>]);
  if (signal === 'SIGKILL') return 'killed';
  expect(code).toBe(0);
  return JSON.parse(said) as Part;
}

/** What the page does with an import that it lists: goes on, and makes the first passwords anew that nobody has saved. */
async function carriedOn(): Promise<Map<number, string>> {
  const known = new Map<number, string>();
  const asked = { params: { id: order } };
  // The lock of a process that died within a change of accounts ends by itself.
  const { made } = (await until(
    () => (send('POST /users/imports/:id/continue', asked) as Promise<Part>).catch(() => undefined),
    (part) => part !== undefined,
    30_000,
  )) as Part;
  for (const { line, password } of made) known.set(line, password);
  await send('POST /users/imports/:id/handed', { ...asked, body: { lines: [...known.keys()] } });
  const renewed = (await send('POST /users/imports/:id/passwords', { ...asked, body: { after: 0 } })) as Part;
  for (const { line, password } of renewed.made) known.set(line, password);
  return known;
}
const unfinished = async () => ((await send('GET /users/imports')) as { imports: readonly UnfinishedImport[] }).imports;

/** Every account is there once, with its team, the request for its roles, and a password that somebody has. */
async function expectWhole(known: ReadonlyMap<number, string>): Promise<void> {
  const users = await mongo.collection('users').find({ 'madeFrom.order': order }).sort({ 'madeFrom.line': 1 }).toArray();
  expect(users.map(({ name }) => name as string)).toEqual(['li.si', 'wang.wu', 'sun.liu']);
  expect(users.map((user) => (user['memberships'] as { teamId: string }[] | undefined)?.map(({ teamId }) => teamId))).toEqual([
    ['day'],
    ['day'],
    undefined,
  ]);
  for (const { passwordHash, madeFrom } of users) {
    const password = known.get((madeFrom as { line: number }).line) ?? '';
    expect(await argon2Passwords.verify(passwordHash as string, password)).toBe(true);
  }
  const changes = await mongo.collection('account_changes').find({}).toArray();
  expect(changes.map(({ kind, userName }) => `${userName as string}: ${kind as string}`).sort()).toEqual(['孙六: confirm', '王五: roles']);
}

test('killed before each write of its accounts, an import is listed and carried on: account, team, request and password, once each', async () => {
  let deaths = 0;
  for (;;) {
    const ended = await mortal('POST /users/imports/:id/continue', {}, deaths);
    expect(await unfinished()).toHaveLength(1);
    const known = await carriedOn();
    await expectWhole(known);
    if (ended !== 'killed') break;
    deaths += 1;
    await mongo.collection<Row>('users').deleteMany({ _id: { $ne: 'boss' } });
    await mongo.collection('account_changes').deleteMany({});
    await mongo.collection<Row>('account_imports').updateOne({ _id: order }, { $set: { handed: [], refused: [] } });
  }
  // An audit row and an account each; a row of its audit, the request and its notice for the two that need one.
  expect(deaths).toBeGreaterThanOrEqual(10);
});

test('killed before each write of new first passwords, the next request makes those anew that nobody has read', async () => {
  for (let deaths = 0; ; deaths += 1) {
    if (deaths === 0)
      expect((await send('POST /users/imports/:id/continue', { params: { id: order } })) as Part).toMatchObject({ left: 0 });
    const ended = await mortal('POST /users/imports/:id/passwords', { after: 0 }, deaths);
    expect(await unfinished()).toMatchObject([{ rows: 3, made: 3, left: 0, unread: 3 }]);
    if (ended !== 'killed') {
      expect(deaths).toBe(6);
      break;
    }
  }
  await expectWhole(await carriedOn());
  await send('POST /users/imports/:id/handed', { params: { id: order }, body: { lines: [2, 3, 4] } });
  expect(await unfinished()).toEqual([]);
});
