import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import writeXlsx from 'write-excel-file/node';
import {
  createCustomerErasure,
  createCustomerReach,
  createCustomerRoutes,
  createHashesOfCaller,
} from '../../../services/customers/index.js';
import { createAllReads } from '../../../services/main/reads.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Principal } from '../../../services/shared/domain/people/rights.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { createPlaceReach } from '../../../services/shared/platform/reach/place-reach.js';
import { createReach } from '../../../services/shared/platform/reach/reach.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// Customers of two client units through their routes, in the embedded document store.

const NORTH = { number: '4001000', clientUnit: 'north', flow: { queueId: 'n' } };
const SOUTH = { number: '4002000', clientUnit: 'south', flow: { queueId: 's' } };
const hashNumber = numberHasher('key');
const audited: AuditEntry[] = [];
const raised: string[] = [];
const forgotten: string[] = [];
const callsWithoutNotes: string[] = [];
/** The live calls, by id: who calls which number of ours. */
const live = new Map<string, { callerHash?: string; callerMasked: string; called: string; agentIds: string[] }>();

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let server: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;

const personOf = (userId: string, clientUnits: readonly string[] = [], queues: readonly string[] = []): Principal => ({
  userId,
  name: `name of ${userId}`,
  sessionId: 's',
  roles: ['supervisor'],
  scope: { queues, sites: [], clientUnits },
});
const everywhere = personOf('all');
const north = personOf('northern', ['north']);
const south = personOf('southern', ['south']);
const ofTeam: Principal = { ...personOf('leader', ['north']), scope: { queues: [], sites: [], clientUnits: ['north'], teams: ['t1'] } };

const numbersOf = async () => [NORTH, SOUTH];
const needs = () => ({
  mongo,
  valkey,
  hashNumber,
  reads: createAllReads(mongo),
  numbersOf,
  places: createPlaceReach({ numbersOf, queuesOf: async () => [] }),
  reachOf: createReach(numbersOf),
  lookUps: { take: async () => true },
  bus: { publish: async (_name: string, event: { code?: string }) => void raised.push(event.code ?? '') },
  audit: async (entry: AuditEntry): Promise<void> => void audited.push(entry),
  commands: {
    send: async (_name: string, { callId }: { callId: string }) => {
      const call = live.get(callId);
      if (call === undefined) throw new Error('no such call');
      return call;
    },
  },
});

type Made = { id: string; version: number; name: string; numbers: { id: string; masked: string }[]; merged: { id: string }[] };

async function ask(person: Principal, key: string, input: object = {}): Promise<unknown> {
  const [method = '', path = ''] = key.split(' ');
  const routes = createCustomerRoutes(needs() as never);
  const found = routes.find((each) => each.method === method.toLowerCase() && each.path === path);
  expect(found).toBeDefined();
  return found?.handle({ principal: person, params: {}, query: {}, body: {}, from: '127.0.0.1', ...input } as never);
}
const entry = (name: string, more: object = {}) => ({ name, fields: {}, tags: [], note: '', ...more });
const make = async (person: Principal, name: string, clientUnit: string, numbers: readonly string[], more: object = {}): Promise<Made> =>
  (await ask(person, 'POST /customers', { body: { ...entry(name, more), clientUnit, numbers } })) as Made;
const search = async (person: Principal, text: string): Promise<string[]> => {
  const found = (await ask(person, 'GET /customers', { query: { search: text, skip: 0, limit: 50 } })) as { customers: Made[] };
  return found.customers.map(({ name }) => name).sort();
};
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof CallCentreError ? error.code : Promise.reject(error as Error)),
  );
const calling = (callId: string, number: string | undefined, called: string): void => {
  const callerHash = number === undefined ? undefined : hashNumber(number);
  live.set(callId, { ...(callerHash === undefined ? {} : { callerHash }), callerMasked: '138****0001', called, agentIds: ['anna'] });
};
const stored = (filter: object) => mongo.collection('customers').find(filter).toArray();

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  server = await startValkey();
  valkey = new Redis(server.url);
  const rows = [NORTH, SOUTH].map(({ number, clientUnit }) => ({ _id: number, clientUnit }));
  await mongo.collection<{ _id: string; clientUnit: string }>(createAllReads(mongo).serviceNumbers.collection).insertMany(rows);
});
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(server.child);
  await mongo.close();
  await store[Symbol.asyncDispose]();
});

test('a number belongs to one customer of a client unit, whoever adds it at the same time, and no number is stored', async () => {
  const outcomes = await Promise.all([1, 2, 3].map((i) => refusal(make(everywhere, `race ${i}`, 'north', ['13800000001']))));
  expect(outcomes.sort()).toEqual(['already-exists', 'already-exists', 'done']);
  // The same number makes a separate customer in another unit.
  await make(everywhere, '南方', 'south', ['+86 138 0000 0001']);
  const one = await make(everywhere, 'other', 'north', ['13800000002', '13800000002']);
  expect(one.numbers).toHaveLength(1);
  expect(await refusal(ask(everywhere, 'POST /customers/:id/numbers', { params: { id: one.id }, body: { number: '13800000001' } }))).toBe(
    'already-exists',
  );
  expect(JSON.stringify(await stored({}))).not.toMatch(/1380000000[12]/);
  expect(JSON.stringify(audited)).not.toMatch(/1380000000[12]/);
  // Two customers without a number do not conflict.
  await make(everywhere, 'none 1', 'north', []);
  await make(everywhere, 'none 2', 'north', []);
});

test('a supervisor of a client unit, or of a queue of one, finds and reaches the customers of that unit alone', async () => {
  const [ours, theirs] = [
    await make(north, '欧阳修', 'north', ['13800000011'], { tags: ['VIP'] }),
    await make(south, '欧阳询', 'south', ['13800000011'], { tags: ['vip'] }),
  ];
  expect([await search(north, '欧阳'), await search(south, '阳询'), await search(everywhere, '欧阳')]).toEqual([
    ['欧阳修'],
    ['欧阳询'],
    ['欧阳修', '欧阳询'],
  ]);
  expect([await search(north, 'Vip'), await search(north, '138-0000-0011'), await search(north, '修欧')]).toEqual([
    ['欧阳修'],
    ['欧阳修'],
    [],
  ]);
  expect(await search(personOf('queue', [], ['s']), '欧阳')).toEqual(['欧阳询']);
  expect(await search(personOf('nowhere', [], ['none']), '欧阳')).toEqual([]);
  expect(await search(ofTeam, '欧阳')).toEqual([]);
  const reach = createCustomerReach(needs());
  expect([await reach(north, ours.id, 'read'), await reach(north, theirs.id, 'read'), await reach(everywhere, 'x', 'read')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(await reach(ofTeam, ours.id, 'read')).toBe(false);
  expect(await refusal(make(ofTeam, 'x', 'north', []))).toBe('not-found');
  expect(await refusal(make(north, 'x', 'south', []))).toBe('not-found');
  expect(await refusal(make(north, 'x', '', []))).toBe('not-found');
  expect(await refusal(make(personOf('nowhere', [], ['none']), 'x', '', []))).toBe('not-found');
});

test('the record opens with the call, is made and changed in it, and a withheld number is nobody', async () => {
  await ask(everywhere, 'PUT /customer-fields', {
    body: { fields: [{ id: 'level', label: { 'zh-CN': '等级', en: 'Level' }, kind: 'choice', choices: ['gold'] }] },
  });
  calling('c1', '13800000021', NORTH.number);
  calling('c2', '13800000021', SOUTH.number);
  calling('c3', undefined, NORTH.number);
  const at = (callId: string) =>
    ask(everywhere, 'GET /calls/:callId/customer', { params: { callId } }) as Promise<{ known: boolean; customer: Made | null }>;
  const put = (callId: string, body: object) => ask(everywhere, 'PUT /calls/:callId/customer', { params: { callId }, body });
  expect(await at('c1')).toMatchObject({ known: true, customer: null });
  const made = (await put('c1', entry('孙女士', { fields: { level: 'gold' } }))) as Made;
  expect((await at('c1')).customer).toMatchObject({ id: made.id, name: '孙女士', numbers: [{ masked: '138****0001' }] });
  // On another client unit's number, the same person is not that unit's customer.
  expect((await at('c2')).customer).toBeNull();
  expect(await refusal(put('c1', { ...entry('x'), fields: { level: 'bronze' }, version: 1 }))).toBe('invalid-request');
  const changes = await Promise.all(['A', 'B'].map((name) => refusal(put('c1', { ...entry(name), version: 1 }))));
  expect(changes.sort()).toEqual(['changed-meanwhile', 'done']);
  // Whoever has not seen that the customer exists cannot make a second one.
  expect(await refusal(put('c1', entry('C')))).toBe('changed-meanwhile');
  expect(await at('c3')).toMatchObject({ known: false, customer: null });
  expect(await refusal(put('c3', entry('nobody')))).toBe('not-supported');
  expect(
    await refusal(ask(everywhere, 'POST /calls/:callId/customer-number', { params: { callId: 'c3' }, body: { customerId: made.id } })),
  ).toBe('not-supported');
});

test('what was written for one customer does not land on another who has the number of the call since', async () => {
  const [one, other] = [
    await make(everywhere, 'Former owner', 'north', ['13800000081']),
    await make(everywhere, 'Present owner', 'north', ['13800000082']),
  ];
  // Both have the same version: only the id tells them apart.
  expect(other.version).toBe(one.version);
  calling('g1', '13800000082', NORTH.number);
  const params = { callId: 'g1' };
  const put = (customerId: string) =>
    refusal(
      ask(everywhere, 'PUT /calls/:callId/customer', {
        params,
        body: { ...entry('Of the former'), version: one.version, customerId },
      }),
    );
  expect(await put(one.id)).toBe('changed-meanwhile');
  expect(await ask(everywhere, 'GET /calls/:callId/customer', { params })).toMatchObject({
    customer: { id: other.id, name: 'Present owner', version: other.version },
  });
  expect(await search(everywhere, 'owner')).toEqual(['Former owner', 'Present owner']);
  expect(await put(other.id)).toBe('done');
});

test('an agent who was not in a call learns nothing of its caller and changes nothing, also without a scope', async () => {
  const agent: Principal = { ...personOf('anna'), roles: ['agent'] };
  calling('f1', '13800000071', NORTH.number);
  const params = { callId: 'f1' };
  const made = (await ask(agent, 'PUT /calls/:callId/customer', { params, body: entry('own call') })) as Made;
  const stranger: Principal = { ...agent, userId: 'stranger' };
  const tries = [
    ask(stranger, 'GET /calls/:callId/customer', { params }),
    ask(stranger, 'PUT /calls/:callId/customer', { params, body: { ...entry('x'), version: 1 } }),
    ask(stranger, 'GET /calls/:callId/customer-candidates', { params, query: { search: 'own' } }),
    ask(stranger, 'POST /calls/:callId/customer-number', { params, body: { customerId: made.id } }),
  ];
  expect(await Promise.all(tries.map(refusal))).toEqual(['not-found', 'not-found', 'not-found', 'not-found']);
  expect(await search(everywhere, 'own call')).toEqual(['own call']);
});

test('a caller with another telephone is found in the call and gets the number; the customers of another unit are not found there', async () => {
  const [ours, theirs] = [await make(everywhere, '司马光', 'north', ['13800000031']), await make(everywhere, '司马迁', 'south', [])];
  calling('d1', '13800000032', NORTH.number);
  const candidates = await ask(everywhere, 'GET /calls/:callId/customer-candidates', {
    params: { callId: 'd1' },
    query: { search: '司马' },
  });
  expect(candidates).toMatchObject({ customers: [{ id: ours.id }] });
  const give = (customerId: string) =>
    ask(everywhere, 'POST /calls/:callId/customer-number', { params: { callId: 'd1' }, body: { customerId } });
  expect(await refusal(give(theirs.id))).toBe('not-found');
  expect(((await give(ours.id)) as Made).numbers).toHaveLength(2);
  // Either number leads to the history of both.
  const hashes = await createHashesOfCaller(needs() as never)({ called: NORTH.number, callerHash: hashNumber('13800000031') ?? '' });
  expect([...hashes].sort()).toEqual([hashNumber('13800000031'), hashNumber('13800000032')].sort());
  expect(await createHashesOfCaller(needs() as never)({ called: SOUTH.number, callerHash: 'h' })).toEqual(['h']);
});

test('two are merged by hand and taken apart again; one of another unit, itself and one that is merged already are refused', async () => {
  const [one, other, third] = [
    await make(everywhere, 'Merge One', 'north', ['13800000041']),
    await make(everywhere, 'Merge Other', 'north', ['13800000042']),
    await make(everywhere, 'Merge Third', 'south', []),
  ];
  const merge = (id: string, otherId: string) =>
    ask(everywhere, 'POST /customers/:id/merge', { params: { id }, body: { otherId, reason: 'the same person' } }) as Promise<Made>;
  expect([await refusal(merge(one.id, one.id)), await refusal(merge(one.id, third.id))]).toEqual(['invalid-request', 'invalid-request']);
  expect(await merge(one.id, other.id)).toMatchObject({
    numbers: [{}, {}],
    merged: [{ id: other.id, name: 'Merge Other', reason: 'the same person' }],
  });
  expect(audited.at(-1)).toMatchObject({ what: 'customer.merged', object: `customer:${one.id}`, reason: 'the same person', who: 'all' });
  expect(await search(everywhere, 'merge o')).toEqual(['Merge One']);
  expect(await refusal(ask(everywhere, 'GET /customers/:id', { params: { id: other.id } }))).toBe('not-found');
  // Nobody else can take a number that came with the merged customer.
  expect(await refusal(make(everywhere, 'x', 'north', ['13800000042']))).toBe('already-exists');
  const apart = () =>
    ask(everywhere, 'POST /customers/:id/separate', { params: { id: one.id }, body: { otherId: other.id, reason: 'it was not' } });
  expect(await apart()).toMatchObject({ numbers: [{}], merged: [] });
  expect(await search(everywhere, 'merge o')).toEqual(['Merge One', 'Merge Other']);
  expect(await ask(everywhere, 'GET /customers/:id', { params: { id: other.id } })).toMatchObject({ customer: { numbers: [{}] } });
  expect(await refusal(apart())).toBe('wrong-state');
});

test('a list is checked without being written, then taken over; rows whose number has a customer are refused, also a second time', async () => {
  const list = [
    'number,name,tags,Level',
    '13800000051,导入一,老客户,gold',
    '13800000052;13800000053,导入二,,',
    '12,导入三,,',
    '13800000054,导入四,,bronze',
    '13800000001,known,,',
  ].join('\n');
  const send = (commit: 'yes' | 'no', file: string | Uint8Array = list) =>
    ask(north, 'POST /customers/import', {
      query: { fileName: 'list.csv', commit, clientUnit: 'north' },
      upload: { bytes: async () => Buffer.from(file) },
    });
  const faults = [
    { line: 4, fault: 'number' },
    { line: 5, fault: 'field' },
    { line: 6, fault: 'known' },
  ];
  expect(await send('no')).toMatchObject({ rows: 5, good: 2, refused: faults, committed: false });
  // A trial run tells which numbers are customers', so the audit log names who tried.
  expect(audited.at(-1)).toMatchObject({ what: 'customer.list-tried', success: true, after: { unit: 'north', good: 2 } });
  expect(await search(north, '导入')).toEqual([]);
  expect(await send('yes')).toMatchObject({ good: 2, refused: faults, committed: true });
  expect(await search(north, '导入')).toEqual(['导入一', '导入二']);
  expect(await search(north, '13800000053')).toEqual(['导入二']);
  expect(await send('yes')).toMatchObject({ good: 0 });
  const workbook = await writeXlsx([
    ['号码', '姓名'].map((value) => ({ value })),
    ['13800000055', '表格'].map((value) => ({ value })),
  ]).toBuffer();
  expect(await send('yes', workbook)).toMatchObject({ good: 1, refused: [] });
  expect(await refusal(ask(north, 'POST /customers/import', { query: { fileName: 'x', commit: 'no', clientUnit: 'south' } }))).toBe(
    'not-found',
  );
});

test('who opens one customer after the other is stopped at the limit, with one alarm, and each one opened is in the audit log', async () => {
  const reader = personOf('reader');
  const made = await Promise.all(Array.from({ length: 122 }, (_, i) => make(everywhere, `bulk ${i}`, 'north', [])));
  const outcomes: string[] = [];
  for (const { id } of made) outcomes.push(await refusal(ask(reader, 'GET /customers/:id', { params: { id } })));
  expect([outcomes.filter((each) => each === 'done').length, outcomes.filter((each) => each === 'too-many-requests').length]).toEqual([
    120, 2,
  ]);
  expect(raised).toEqual(['many-look-ups']);
  expect(audited.filter(({ who, what }) => who === 'reader' && what === 'customer.opened')).toHaveLength(120);
  // A customer opened within the hour opens again.
  expect(await refusal(ask(reader, 'GET /customers/:id', { params: { id: made[0]?.id } }))).toBe('done');
  expect(await refusal(ask(reader, 'GET /customers', { query: { search: 'bulk', skip: 0, limit: 5 } }))).toBe('too-many-requests');
  // Nor can the pages of the list be turned one after another; the first page is always free.
  const pages = [0, 50].map((skip) => refusal(ask(reader, 'GET /customers', { query: { skip, limit: 50 } })));
  expect(await Promise.all(pages)).toEqual(['done', 'too-many-requests']);
});

test('an erasure leaves no name, field or note of the customer and of whoever was merged into it', async () => {
  const [one, other] = [
    await make(everywhere, 'Erased Zhuge', 'north', ['13800000061'], {
      note: 'secret note',
      fields: { level: 'gold' },
      tags: ['tag-erased'],
    }),
    await make(everywhere, 'Erased Second', 'north', ['13800000062']),
  ];
  await ask(everywhere, 'POST /customers/:id/merge', { params: { id: one.id }, body: { otherId: other.id, reason: 'same' } });
  // A call of its number, one of another number, and one for another client.
  for (const [_id, number, called] of [
    ['erased-own', '13800000061', NORTH.number],
    ['erased-other', '13800000099', NORTH.number],
    ['erased-south', '13800000061', SOUTH.number],
  ] as const)
    await mongo
      .collection<{ _id: string }>('calls')
      .insertOne({ _id, callerHash: hashNumber(number), called, invitedAt: new Date() } as never);
  const erasure = createCustomerErasure({
    ...needs(),
    forgetNote: async (hash: string) => void forgotten.push(hash),
    forgetCallNotes: async (callIds: readonly string[]) => void callsWithoutNotes.push(...callIds),
  } as never);
  await erasure.present(one.id);
  // Erasing the merged customer erases both.
  const rest = await erasure.erase(other.id, { who: 'officer', from: '127.0.0.1', reason: 'request r1 of the person' });
  expect(rest).toEqual({ calls: 1, recordings: 0, complaints: 0, consents: 0 });
  expect(callsWithoutNotes).toEqual(['erased-own']);
  expect(forgotten.sort()).toEqual([hashNumber('13800000061'), hashNumber('13800000062')].sort());
  expect(JSON.stringify(await stored({}))).not.toMatch(/Erased|erased|secret note/);
  expect(JSON.stringify(audited.filter(({ what }) => what === 'customer.erased'))).not.toMatch(/Erased|secret/);
  expect(await erasure.gone(one.id)).toBe(true);
  expect(await erasure.erase(one.id, { who: 'officer', from: '', reason: '' })).toBeUndefined();
  // The number is free again: whoever calls from it is unknown until somebody makes a customer.
  calling('e1', '13800000061', NORTH.number);
  expect(await ask(everywhere, 'GET /calls/:callId/customer', { params: { callId: 'e1' } })).toMatchObject({ customer: null });
});
