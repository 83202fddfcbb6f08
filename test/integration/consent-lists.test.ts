import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'minio';
import mongoose from 'mongoose';
import { createAllReads } from '../../services/main/reads.js';
import { createDoNotCall, createGateDecisions, createGateFeed, createOutboundRoutes } from '../../services/outbound/index.js';
import { silentLogger } from '../../services/shared/platform/logger.js';
import { numberHasher } from '../../services/shared/platform/number-hash.js';
import type { AuditEntry } from '../../services/shared/platform/route.js';
import { reachesAll } from '../support/reaches.js';
import { temporaryStore } from './documents-support.js';
import { startValkey, stopProcess } from './recording-support.js';

// Lists of consents through the parser process into the embedded document store, and what ends a consent, as the gate then decides.

const hashNumber = numberHasher('key');
const registers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  numbers: { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: 'C1' },
  clients: { clientId: 'C1', name: 'North', state: 'active', contractFrom: '2026-01-01', contractUntil: '2099-12-31' },
  trunks: { direction: 'both', state: 'in-use', permittedCallers: ['95100'], forwarding: true },
};
const audited: AuditEntry[] = [];
let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let server: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  server = await startValkey();
  valkey = new Redis(server.url);
});
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(server.child);
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

const needs = () => ({
  mongo,
  valkey,
  hashNumber,
  zone: 'Asia/Shanghai',
  register: async (name: string) => registers[name],
  registerList: async (name: string) => (name === 'clients' ? [registers['clients'] ?? {}, { clientId: 'C2', name: 'South' }] : []),
  feed: createGateFeed(valkey, silentLogger),
  audit: async (entry: AuditEntry): Promise<void> => void audited.push(entry),
  log: silentLogger,
});

async function ask(method: string, path: string, input: object): Promise<unknown> {
  const routes = createOutboundRoutes({
    ...needs(),
    reads: createAllReads(mongo),
    // No original of a consent is asked for here.
    objects: new Client({ endPoint: '127.0.0.1', port: 9, useSSL: false, accessKey: 'none', secretKey: 'none' }),
    bucket: 'none',
    keepDays: 30,
    bus: { publish: async () => undefined },
    waysOut: async () => [],
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
}
const importList = (text: string, commit: 'yes' | 'no') =>
  ask('post', '/outbound/consents/import', {
    query: { fileName: 'list.csv', commit },
    upload: { file: async () => Buffer.from(text) },
  });
const decision = async (number: string, permitId = `p${number}`): Promise<string> => {
  const { permission } = await createGateDecisions({ ...needs(), now: () => new Date(new Date().setUTCHours(2, 0, 0, 0)) }).decide(
    { callId: 'c', way: 'call-out', agentId: 'anna', number, purpose: 'enquiry', ways: [{ trunkId: 'carrier', from: '95100' }] },
    { numberHash: hashNumber(number) ?? '', permitId },
  );
  return permission.allowed ? 'permitted' : permission.reason;
};
const HEADS = 'number,purposes,channel,givenAt,evidence,clientUnit,validUntil';
const rowOf = (number: string, clientUnit = ''): string => `${number},enquiry,web,2026-03-01 10:00,form 1,${clientUnit},`;

test('a list is checked without being written, then taken over; each refused row has its reason, and the gate lets the others out', async () => {
  const list = [HEADS, rowOf('13800000001'), rowOf('12'), rowOf('13800000002', 'C1'), rowOf('13800000003', 'C2')].join('\n');
  const expected = { rows: 4, good: 3, refused: [{ line: 3, fault: 'number' }] };
  expect(await importList(list, 'no')).toMatchObject({ ...expected, committed: false });
  expect(await decision('13800000001')).toBe('no-consent');
  expect(await importList(list, 'yes')).toMatchObject({ ...expected, committed: true });
  // The third person agreed to be called for another client unit than the one whose number is shown.
  expect([await decision('13800000001'), await decision('13800000002'), await decision('13800000003')]).toEqual([
    'permitted',
    'permitted',
    'no-consent',
  ]);
  expect(audited.at(-1)).toMatchObject({ what: 'consent.list-imported', after: { rows: 4, good: 3, refused: 1, fileName: 'list.csv' } });
  expect(JSON.stringify(audited)).not.toContain('13800000001');
  const { consents } = (await ask('get', '/outbound/consents', { query: { skip: 0, limit: 50, number: '13800000002' } })) as {
    consents: { list: { sha256: string; line: number }; clientUnit: string }[];
  };
  expect(consents).toMatchObject([{ clientUnit: 'C1', list: { fileName: 'list.csv', line: 4 } }]);
  // The same list once more adds nothing.
  expect(await importList(list, 'yes')).toMatchObject({ good: 0, refused: [{ line: 2, fault: 'known' }, { fault: 'number' }, {}, {}] });
});

test('a list without a needed column is refused with the columns that are missing', async () => {
  await expect(importList('number,channel\n13800000001,web', 'no')).rejects.toMatchObject({
    code: 'invalid-request',
    details: { columns: ['purposes', 'givenAt', 'evidence'] },
  });
});

test('whoever refuses takes back every consent, whatever the channel; taking the refusal back revives none, and an old list does not either', async () => {
  const numbers = ['13800000011', '13800000012', '13800000013'] as const;
  const list = [HEADS, ...numbers.map((number) => rowOf(number))].join('\n');
  await importList(list, 'yes');
  expect(await Promise.all(numbers.map((number) => decision(number)))).toEqual(['permitted', 'permitted', 'permitted']);
  // By an agent's or compliance person's entry, by a complaint, and by a list that somebody else keeps.
  await ask('post', '/do-not-call', { body: { numbers: [numbers[0]], reason: 'asked-by-voice', source: 'call 7' } });
  await createDoNotCall(needs()).add(numbers[1], 'harassment', 'complaint 9');
  await ask('post', '/do-not-call', { body: { numbers: [numbers[2]], reason: 'external-list', source: 'a list' } });
  expect(await Promise.all(numbers.map((number) => decision(number)))).toEqual(Array(3).fill('refused-by-person'));
  expect(audited.filter(({ what }) => what === 'consent.withdrawn')).toMatchObject([
    { who: 'boss', reason: 'asked-by-voice' },
    { who: 'system', reason: 'harassment' },
  ]);
  expect(await importList(list, 'no')).toMatchObject({
    good: 0,
    refused: [{ fault: 'refused' }, { fault: 'refused' }, { fault: 'refused' }],
  });
  for (const number of numbers) await ask('post', '/do-not-call/withdraw', { body: { number, evidence: 'letter' } });
  expect(await Promise.all(numbers.map((number) => decision(number)))).toEqual(['no-consent', 'no-consent', 'permitted']);
});
