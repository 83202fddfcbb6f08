import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'minio';
import mongoose from 'mongoose';
import writeXlsx from 'write-excel-file/node';
import { createAllReads } from '../../../services/main/reads.js';
import { createDoNotCall, createGateDecisions, createGateFeed, createOutboundRoutes } from '../../../services/outbound/index.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { reachesAll } from '../../support/reaches.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// Lists of consents through the parser process into the embedded document store, what ends a consent, and how the gate decides then.

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
const importList = (file: string | Uint8Array, commit: 'yes' | 'no') =>
  ask('post', '/outbound/consents/import', {
    query: { fileName: 'list.csv', commit },
    upload: { bytes: async () => Buffer.from(file) },
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

test('a list in UTF-16 is read; what is no sheet is refused as that', async () => {
  const unicode = Buffer.from(`\uFEFF${[HEADS, rowOf('13800000011')].join('\n')}`, 'utf16le');
  expect(await importList(unicode, 'no')).toMatchObject({ rows: 1, good: 1, refused: [] });
  await expect(importList(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]), 'no')).rejects.toMatchObject({ code: 'not-a-sheet' });
});

test('whoever refuses takes back every consent, whatever the channel; taking the refusal back revives none, and an old list does not either', async () => {
  const numbers = ['13800000011', '13800000012', '13800000013'] as const;
  const list = [HEADS, ...numbers.map((number) => rowOf(number))].join('\n');
  await importList(list, 'yes');
  expect(await Promise.all(numbers.map((number) => decision(number)))).toEqual(['permitted', 'permitted', 'permitted']);
  // A refusal entered by an agent or a compliance officer, by a complaint, and by somebody else's list.
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

const refuse = (number: string, reason = 'asked-by-voice') =>
  ask('post', '/do-not-call', { body: { numbers: [number], reason, source: 'call 8' } });
const takeBack = (number: string) => ask('post', '/do-not-call/withdraw', { body: { number, evidence: 'letter' } });
const consentsOf = async (number: string) =>
  ((await ask('get', '/outbound/consents', { query: { skip: 0, limit: 50, number } })) as { consents: { id: string }[] }).consents;

test('the list of last month revives no consent that was taken back since, singly or by a refusal that was taken back in its turn', async () => {
  const [singly, once, twice, byList, never] = ['13800000021', '13800000022', '13800000023', '13800000024', '13800000025'] as const;
  const numbers = [singly, once, twice, byList];
  const list = [HEADS, ...numbers.map((number) => rowOf(number))].join('\n');
  expect(await importList(list, 'yes')).toMatchObject({ good: 4 });
  const [consent] = await consentsOf(singly);
  await ask('post', '/outbound/consents/:id/withdraw', { params: { id: consent?.id }, body: { reason: 'by letter' } });
  await refuse(once);
  await takeBack(once);
  await refuse(twice);
  await takeBack(twice);
  await refuse(twice, 'external-list');
  await takeBack(twice);
  await refuse(byList, 'external-list');
  await takeBack(byList);
  expect(await importList(list, 'yes')).toMatchObject({
    good: 0,
    refused: [2, 3, 4, 5].map((line) => ({ line, fault: line === 5 ? 'known' : 'refused' })),
  });
  const all = () => Promise.all(numbers.map((number) => decision(number)));
  expect(await all()).toEqual(['no-consent', 'no-consent', 'no-consent', 'permitted']);
  // A person of whom nothing was on record when they refused.
  await refuse(never);
  await takeBack(never);
  await refuse(never, 'external-list');
  await takeBack(never);
  expect(await importList([HEADS, rowOf(never)].join('\n'), 'yes')).toMatchObject({ good: 0, refused: [{ fault: 'refused' }] });
  // A consent given later than all of that holds.
  await mongo
    .collection('do_not_call')
    .updateMany({ lastOfPerson: { $exists: true } }, { $set: { lastOfPerson: new Date('2026-03-02T00:00:00Z') } });
  const anew = rowOf(never).replace('2026-03-01', '2026-03-03');
  expect(await importList([HEADS, anew].join('\n'), 'yes')).toMatchObject({ good: 1, refused: [] });
  expect(await decision(never)).toBe('permitted');
});

test('a refusal that comes again after it was taken back stands with its own time, reason and source', async () => {
  const number = '13800000031';
  const row = async () =>
    ((await ask('get', '/do-not-call', { query: { skip: 0, limit: 50, number } })) as { refusals: Readonly<Record<string, unknown>>[] })
      .refusals[0];
  await ask('post', '/do-not-call', { body: { numbers: [number], reason: 'external-list', source: 'a list' } });
  const first = await row();
  await refuse(number);
  // A consent in force stays as it is.
  expect(await row()).toEqual(first);
  await takeBack(number);
  await refuse(number, 'asked-by-sms');
  expect(await row()).toMatchObject({ reason: 'asked-by-sms', source: 'call 8' });
  expect(await row()).not.toHaveProperty('withdrawn');
  expect((await row())?.['at']).not.toEqual(first?.['at']);
  expect(await decision(number)).toBe('refused-by-person');
});

test('a workbook whose days and times are date cells is taken over, with the times of the site', async () => {
  const day = { value: new Date(Date.UTC(2026, 2, 2)), format: 'yyyy-mm-dd' };
  const moment = { value: new Date(Date.UTC(2026, 2, 1, 10, 30)), format: 'yyyy-mm-dd hh:mm' };
  const until = { value: new Date(Date.UTC(2098, 11, 31)), format: 'yyyy-mm-dd' };
  const texts = (...values: string[]) => values.map((value) => ({ value }));
  const xlsx = await writeXlsx([
    HEADS.split(',').map((value) => ({ value })),
    [...texts('13800000041', 'enquiry', 'web'), moment, ...texts('form 1', ''), until],
    [{ value: 13_800_000_042 }, ...texts('enquiry', 'web'), day, ...texts('form 2', '', '2098-12-31')],
  ]).toBuffer();
  expect(await importList(xlsx, 'yes')).toMatchObject({ rows: 2, good: 2, refused: [] });
  const validUntil = new Date('2098-12-31T15:59:59.999Z');
  expect(await consentsOf('13800000041')).toMatchObject([{ givenAt: new Date('2026-03-01T02:30:00Z'), validUntil }]);
  expect(await consentsOf('13800000042')).toMatchObject([{ givenAt: new Date('2026-03-01T16:00:00Z'), validUntil }]);
  expect(await decision('13800000041')).toBe('permitted');
});
