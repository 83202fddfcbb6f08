import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createCampaignOf, createCampaignRoutes } from '../../../services/campaigns/index.js';
import { afterTimeOut } from '../../../services/campaigns/campaign.js';
import { createMongoRows } from '../../../services/campaigns/adapters/mongo-rows.js';
import { createCampaignRules, createDoNotCall, createGateDecisions, createGateFeed } from '../../../services/outbound/index.js';
import { createMongoConsents } from '../../../services/outbound/adapters/mongo-outbound.js';
import type { CommandBus } from '../../../services/shared/contracts/calls/commands.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { newId } from '../../../services/shared/platform/stores/new-id.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import type { AuditEntry } from '../../../services/shared/platform/http/route.js';
import { createSecretCipher } from '../../../services/shared/platform/stores/secret-cipher.js';
import { reachesAll } from '../../support/reaches.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// Lists of campaigns through the parser process into the embedded document store, and what the outbound rules say to their rows.

const MASTER_KEY = randomBytes(32).toString('base64');
const hashNumber = numberHasher('key');
const registers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  numbers: { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: '' },
  trunks: { direction: 'both', state: 'in-use', permittedCallers: ['95100'], forwarding: true },
};
/** 100,000 when run by hand: `ROWS=100000`. A machine that runs other tests as well gets the whole minute for fewer. */
const ROWS = Number(process.env['ROWS'] ?? 20_000);
const audited: AuditEntry[] = [];
const cipher = createSecretCipher([MASTER_KEY], 'campaign rows');
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

const audit = async (entry: AuditEntry): Promise<void> => void audited.push(entry);
const outbound = () => ({
  mongo,
  feed: createGateFeed(valkey, silentLogger),
  zone: 'Asia/Shanghai',
  register: async (name: string) => registers[name],
  registerList: async () => [],
});

async function ask(method: string, path: string, input: object): Promise<unknown> {
  const routes = createCampaignRoutes({
    config: { MASTER_KEY, MASTER_KEY_PREVIOUS: [], SITE_TIME_ZONE: 'Asia/Shanghai' },
    mongo,
    commands: { send: async () => [] } as unknown as CommandBus,
    audit,
    log: silentLogger,
    callingOut: createCampaignRules({ ...outbound(), waysOut: async () => [{ trunkId: 'carrier', from: '95100' }] }),
    hashNumber,
    reaches: reachesAll(true),
  });
  const found = routes.find((each) => each.method === method && each.path === path);
  const scope = { queues: [], sites: [], clientUnits: [] };
  const principal = { userId: 'boss', name: 'Boss', sessionId: 's', roles: ['supervisor'], scope };
  return found?.handle({ principal, params: {}, query: {}, body: {}, from: '127.0.0.1', ...input } as never);
}

const settings = {
  ...{ name: 'notice', from: '95100', purpose: 'service-notice', queueId: 'service', mode: 'preview', script: '' },
  ...{ previewSeconds: 60, countdownSeconds: 5, mostTries: 3, busyAgainMinutes: 15, noAnswerAgainMinutes: 240, mostRefusalsPercent: 10 },
  mostComplaintsPer10000: 100,
};
const make = async (): Promise<string> => ((await ask('post', '/campaigns', { body: settings })) as { id: string }).id;
const importList = (id: string, list: string, commit: 'yes' | 'no' = 'yes') =>
  ask('post', '/campaigns/:id/import', {
    params: { id },
    query: { fileName: 'list.csv', commit },
    upload: { bytes: async () => Buffer.from(list) },
  });

async function consent(numbers: readonly string[]): Promise<void> {
  await createMongoConsents(mongo).putMany(
    numbers.map((number) => ({
      ...{ id: newId(), numberHash: hashNumber(number) ?? '', numberMasked: '***', purposes: ['service-notice'] as const },
      ...{ channel: 'web' as const, givenAt: new Date('2026-03-01T00:00:00Z'), evidence: 'form 7', by: 'boss', at: new Date() },
    })),
  );
}
const numbersFrom = (first: number, count: number): string[] => Array.from({ length: count }, (_, i) => String(first + i));

test('a list is checked without being written; each row that the rules refuse has its reason; numbers and names lie sealed', async () => {
  await consent(['13800000001', '13800000002']);
  await createDoNotCall({ ...outbound(), hashNumber, audit }).add('13800000003', 'external-list', 'a list');
  const id = await make();
  const list = 'number,name\n13800000001,Ms Wang\n13800000003,\n13800000004,\n13800000001,\n12,\n13800000002,\n';
  const expected = {
    ...{ rows: 6, good: 2 },
    refused: [
      { line: 3, fault: 'refused' },
      { line: 4, fault: 'no-consent' },
      { line: 5, fault: 'repeated' },
      { line: 6, fault: 'number' },
    ],
  };
  expect(await importList(id, list, 'no')).toMatchObject({ ...expected, committed: false });
  expect(await ask('get', '/campaigns/:id/rows', { params: { id }, query: { skip: 0, limit: 50 } })).toMatchObject({ total: 0 });
  expect(await importList(id, list)).toMatchObject({ ...expected, committed: true });
  expect(await ask('get', '/campaigns/:id/rows', { params: { id }, query: { skip: 0, limit: 50 } })).toMatchObject({
    ...{ total: 2, rows: [{ line: 2, numberMasked: '138****0001', state: 'waiting', tries: 0 }, { line: 7 }] },
  });
  const stored = JSON.stringify(await mongo.collection('campaign_rows').find({ campaignId: id }).toArray());
  expect(stored).not.toMatch(/13800000001|Ms Wang/);
  expect(JSON.stringify(audited)).not.toMatch(/13800000001|Ms Wang/);
  expect(await importList(id, list)).toMatchObject({ good: 0, refused: [{ line: 2, fault: 'known' }, {}, {}, {}, {}, { fault: 'known' }] });
  await expect(importList(id, 'name\nMs Wang\n')).rejects.toMatchObject({ code: 'invalid-request', details: { columns: ['number'] } });
});

test('a list that is taken over twice at the same moment calls nobody twice', async () => {
  const numbers = numbersFrom(13_600_000_000, 40);
  await consent(numbers);
  const id = await make();
  const list = `number\n${numbers.join('\n')}\n`;
  await Promise.all([importList(id, list), importList(id, list), importList(id, list)]);
  expect(await createMongoRows(mongo, cipher).counts(id)).toMatchObject({ all: numbers.length, waiting: numbers.length });
});

test('rows come in the order of the list, one to each agent; of many who take the same one, one has it; what is done keeps no number', async () => {
  const id = newId();
  const rows = createMongoRows(mongo, cipher);
  const at = new Date();
  const numbers = numbersFrom(13_900_000_000, 3);
  await rows.addMany(
    { campaignId: id, importId: 'i', at },
    numbers.map((number, i) => ({ line: i + 2, numberHash: number, numberMasked: '139', contact: { number, name: '', note: '' } })),
  );
  const first = await rows.next(id, at);
  expect(first).toMatchObject({ line: 2, contact: { number: numbers[0] } });
  const offer = { since: at, until: at };
  const taken = await Promise.all(
    numbersFrom(1, 8).map((agentId) => rows.present(first?.id ?? '', { callId: `c${agentId}`, agentId, offer })),
  );
  const [one, ...others] = taken.filter((row) => row !== undefined);
  expect(others).toEqual([]);
  expect((await rows.next(id, at))?.line).toBe(3);
  const { id: rowId = '', callId } = one ?? {};
  const dialled = await Promise.all(
    [1, 2, 3].map(() => rows.move(rowId, { state: 'presented', callId }, { state: 'dialling', lookAt: at })),
  );
  expect(dialled.filter((row) => row !== undefined)).toHaveLength(1);
  expect(await rows.move(rowId, { state: 'dialling', callId: 'another' }, { state: 'done', outcome: 'failed' })).toBeUndefined();
  expect(await rows.move(rowId, { state: 'dialling', callId }, { state: 'done', outcome: 'busy', tries: 1 })).not.toHaveProperty('contact');
  expect(await rows.counts(id)).toMatchObject({ all: 3, waiting: 2, done: 1, busy: 1, tried: 1 });
  await rows.erase(id);
  expect((await rows.next(id, at))?.contact).toBeUndefined();
});

test('a countdown that the agent has stopped dials nothing, even when it had run out in that moment', async () => {
  const id = newId();
  const rows = createMongoRows(mongo, cipher);
  const at = new Date();
  const contact = { number: '13900000010', name: '', note: '' };
  await rows.addMany({ campaignId: id, importId: 'i', at }, [{ line: 2, numberHash: 'h', numberMasked: '139', contact }]);
  const rowId = (await rows.next(id, at))?.id ?? '';
  await rows.present(rowId, { callId: 'c', agentId: 'anna', offer: { since: at, until: at, dialAt: at } });
  expect(await rows.hold(rowId, 'c')).toBe(true);
  const next = { state: 'dialling', lookAt: at } as const;
  expect(await rows.move(rowId, { state: 'presented', callId: 'c', dialAt: at }, next)).toBeUndefined();
  expect(await rows.move(rowId, { state: 'presented', callId: 'c' }, next)).toMatchObject({ state: 'dialling' });
});

test('of more agents than rows are read at once, each has the clock of the row', async () => {
  const id = newId();
  const rows = createMongoRows(mongo, cipher);
  const at = new Date();
  const agents = numbersFrom(13_500_000_000, 230);
  await rows.addMany(
    { campaignId: id, importId: 'i', at },
    agents.map((number, i) => ({ line: i + 2, numberHash: number, numberMasked: '135', contact: { number, name: '', note: '' } })),
  );
  for (const agentId of agents)
    await rows.present((await rows.next(id, at))?.id ?? '', { callId: `c${agentId}`, agentId, offer: { since: at, until: at } });
  expect((await rows.presented()).filter(({ campaignId }) => campaignId === id)).toHaveLength(agents.length);
});

test('an agent sees the row that is to be decided, not one whose call was heard of no more', async () => {
  const id = newId();
  const rows = createMongoRows(mongo, cipher);
  const at = new Date();
  const contact = { number: '13900000011', name: '', note: '' };
  await rows.addMany(
    { campaignId: id, importId: 'i', at },
    ['h1', 'h2'].map((numberHash, i) => ({ line: i + 2, numberHash, numberMasked: '139', contact })),
  );
  const offer = { since: at, until: at };
  const first = await rows.present((await rows.next(id, at))?.id ?? '', { callId: 'c1', agentId: 'cleo', offer });
  await rows.move(first?.id ?? '', { state: 'presented', callId: 'c1' }, { state: 'dialling', lookAt: at });
  expect(await rows.inHandOf('cleo')).toMatchObject({ callId: 'c1' });
  await rows.present((await rows.next(id, at))?.id ?? '', { callId: 'c2', agentId: 'cleo', offer });
  expect(await rows.inHandOf('cleo')).toMatchObject({ callId: 'c2' });
});

test('whoever is promised another call gets it from the same agent; later anybody of the queue may call', async () => {
  const id = newId();
  const rows = createMongoRows(mongo, cipher);
  const at = new Date();
  const contact = { number: '13900000009', name: '', note: '' };
  await rows.addMany({ campaignId: id, importId: 'i', at }, [{ line: 2, numberHash: 'h', numberMasked: '139', contact }]);
  const rowId = (await rows.next(id, at))?.id ?? '';
  await rows.present(rowId, { callId: 'c', agentId: 'anna', offer: { since: at, until: at } });
  await rows.move(rowId, { state: 'presented', callId: 'c' }, { state: 'dialling', lookAt: at });
  const later = (ms: number): Date => new Date(at.getTime() + ms);
  const promise = { notBefore: later(1_000), wantedUntil: later(5_000) };
  expect(await rows.again(rowId, 'bert', promise)).toBe(false);
  expect(await rows.again(rowId, 'anna', promise)).toBe(true);
  await rows.move(rowId, { state: 'dialling', callId: 'c' }, { state: 'waiting', outcome: 'reached', tries: 1 });
  expect([await rows.wanted(id, at), await rows.next(id, later(2_000))]).toEqual([[], undefined]);
  // In wrap-up the agent chooses another time; nobody else does.
  expect(await rows.again(rowId, 'bert', { ...promise, notBefore: later(500) })).toBe(false);
  expect(await rows.again(rowId, 'anna', { ...promise, notBefore: later(500) })).toBe(true);
  expect(await rows.wanted(id, later(600))).toMatchObject([{ wantedAgentId: 'anna' }]);
  expect(await rows.wanted(id, later(2_000))).toMatchObject([{ wantedAgentId: 'anna', contact }]);
  expect(await rows.next(id, later(6_000))).toMatchObject({ id: rowId });
});

test('a row whose key is gone is listed and found like the others, without what its list said', async () => {
  const id = newId();
  const at = new Date();
  const contact = { number: '13900000012', name: '', note: '' };
  await createMongoRows(mongo, cipher).addMany({ campaignId: id, importId: 'i', at }, [
    { line: 2, numberHash: 'h', numberMasked: '139', contact },
  ]);
  const others = createMongoRows(mongo, createSecretCipher([randomBytes(32).toString('base64')], 'campaign rows'));
  expect((await others.next(id, at))?.contact).toBeUndefined();
  expect((await others.list({ campaignId: id, skip: 0, limit: 10 })).rows).toMatchObject([{ line: 2, numberMasked: '139' }]);
  expect(await createMongoRows(mongo, cipher).next(id, at)).toMatchObject({ contact });
});

test('a long list is checked and taken over, at the rate of a hundred thousand rows a minute and more', async () => {
  const numbers = numbersFrom(15_000_000_000, ROWS);
  for (let i = 0; i < numbers.length; i += 5_000) await consent(numbers.slice(i, i + 5_000));
  const id = await make();
  const list = `number,name,note\n${numbers.map((number) => `${number},Ms Wang,order ${number.slice(-4)}`).join('\n')}\n`;
  const began = Date.now();
  expect(await importList(id, list)).toMatchObject({ rows: ROWS, good: ROWS, refused: [] });
  const tookMs = Date.now() - began;
  process.stdout.write(`${ROWS} rows of a campaign taken over in ${tookMs} ms\n`);
  expect(tookMs).toBeLessThan(60_000);
  const rows = createMongoRows(mongo, cipher);
  const counted = Date.now();
  expect(await rows.counts(id)).toMatchObject({ all: ROWS, waiting: ROWS });
  process.stdout.write(`${ROWS} rows were counted in ${Date.now() - counted} ms\n`);
  const asked = Date.now();
  expect((await rows.next(id, new Date()))?.line).toBe(2);
  process.stdout.write(`the next of ${ROWS} rows was found in ${Date.now() - asked} ms\n`);
}, 180_000);

test('the stop of a campaign holds for its own calls alone, from the next decision on, until it is lifted', async () => {
  const rules = createCampaignRules({ ...outbound(), waysOut: async () => [{ trunkId: 'carrier', from: '95100' }] });
  const number = '13800000002';
  const decision = async (campaignId: string | undefined, permitId: string): Promise<string> => {
    const gate = createGateDecisions({
      ...{ ...outbound(), valkey, hashNumber, log: silentLogger },
      now: () => new Date(new Date().setUTCHours(2, 0, 0, 0)),
    });
    const { permission } = await gate.decide(
      {
        ...{ callId: 'c', way: 'call-out', agentId: 'anna', number, purpose: 'service-notice', campaignId },
        ways: [{ trunkId: 'carrier', from: '95100' }],
      },
      { numberHash: hashNumber(number) ?? '', permitId },
    );
    return permission.allowed ? 'permitted' : permission.reason;
  };
  const why = { reason: 'paused', by: 'boss', byName: 'Boss' };
  expect(await rules.numberFault('95100')).toBeUndefined();
  expect(await rules.numberFault('95101')).toBe('trunk-not-permitted');
  await rules.stop('k1', why);
  await rules.stop('k1', why);
  expect([await decision('k1', 'p1'), await decision('k2', 'p2'), await decision(undefined, 'p3')]).toEqual([
    'stopped',
    'permitted',
    'permitted',
  ]);
  await rules.lift('k1');
  expect(await decision('k1', 'p4')).not.toBe('stopped');
});

test('a complaint about a call of a campaign counts its person once, whoever tells of it again; a call of no campaign counts nobody', async () => {
  const id = newId();
  const rows = createMongoRows(mongo, cipher);
  const at = new Date();
  const contact = { number: '13900000012', name: '', note: '' };
  await rows.addMany({ campaignId: id, importId: 'i', at }, [{ line: 2, numberHash: 'h12', numberMasked: '139', contact }]);
  const rowId = (await rows.next(id, at))?.id ?? '';
  await rows.present(rowId, { callId: 'complained', agentId: 'anna', offer: { since: at, until: at } });
  await rows.move(rowId, { state: 'presented' }, { state: 'done', outcome: 'reached', tries: 1 });
  for (const complaintId of ['TS1', 'TS1', 'TS2']) expect((await rows.complained('complained', complaintId))?.id).toBe(rowId);
  expect(await rows.complained('no-such-call', 'TS3')).toBeUndefined();
  expect(await rows.counts(id)).toMatchObject({ reached: 1, complained: 1 });
});

test('rows are exported with masked numbers, their outcome and why one was not dialled, and each export is in the audit log', async () => {
  const rows = createMongoRows(mongo, cipher);
  const [campaignId, at] = [await make(), new Date()];
  const list = ['13800000071', '13800000072'].map((number, line) => ({
    ...{ line: line + 2, numberHash: hashNumber(number) ?? '', numberMasked: `138****007${line + 1}` },
    contact: { number, name: '=1+1', note: '' },
  }));
  await rows.addMany({ campaignId, importId: 'i', at }, list);
  const [one, two] = (await rows.list({ campaignId, skip: 0, limit: 2 })).rows;
  const call = { callId: 'c1', agentId: 'anna' };
  await rows.present(one?.id ?? '', { ...call, offer: { since: at, until: at } });
  await rows.move(one?.id ?? '', { state: 'presented' }, { state: 'dialling' });
  for (const outcome of ['lost', 'reached'] as const)
    await rows.move(
      one?.id ?? '',
      { state: outcome === 'lost' ? 'dialling' : 'done' },
      { state: 'done', tries: 1, outcome, triedAt: at, attempt: { ...call, at, outcome } },
    );
  await rows.move(two?.id ?? '', { state: 'waiting' }, { state: 'done', outcome: 'not-permitted', why: 'outbound-do-not-call' });
  const file = new PassThrough();
  const response = Object.assign(file, { attachment: () => response, type: () => response });
  await ask('get', '/campaigns/:id/rows.csv', { params: { id: campaignId }, query: {}, response });
  const sheet = String(file.read());
  expect(sheet.split('\n').slice(1, 3)).toEqual([
    expect.stringMatching(/^2,138\*{4}0071,done,reached,,,1,/),
    expect.stringMatching(/^3,138\*{4}0072,done,not-permitted,outbound-do-not-call,,0,/),
  ]);
  expect(sheet).not.toContain('13800000071');
  expect(audited.at(-1)).toMatchObject({ what: 'campaign.exported', object: `campaign:${campaignId}`, after: { form: 'csv', rows: 2 } });
  expect(await ask('get', '/campaigns/:id/results', { params: { id: campaignId } })).toMatchObject({
    byAgent: [{ agentId: 'anna', attempts: 1, reached: 1, other: 0 }],
    byHour: [{ attempts: 1 }],
  });
});

test('a paused campaign goes on only for a reason, which is in the audit log beside who gave it', async () => {
  const id = await make();
  await mongo.collection<{ _id: string }>('campaigns').updateOne({ _id: id }, { $set: { state: 'paused' } });
  const started = audited.length;
  await expect(ask('post', '/campaigns/:id/start', { params: { id } })).rejects.toMatchObject({ code: 'reason-required' });
  // The reason was accepted; the campaign still has no list.
  await expect(ask('post', '/campaigns/:id/start', { params: { id }, body: { reason: 'script mended' } })).rejects.toMatchObject({
    code: 'wrong-state',
  });
  expect(audited.slice(started)).toMatchObject([
    { who: 'boss', what: 'campaign.started', success: false, reason: 'reason-required' },
    { who: 'boss', what: 'campaign.started', reason: 'script mended' },
  ]);
});

test('further columns lie sealed, the agent has them with the row, and a colleague learns the campaign of the call; a lapse counts', async () => {
  const number = '13800000021';
  await consent([number]);
  const id = ((await ask('post', '/campaigns', { body: { ...settings, script: 'Due {due} {order}' } })) as { id: string }).id;
  expect(await importList(id, `number,name,order\n${number},Ms Wang,secret 1024\n`)).toMatchObject({
    fields: ['order'],
    unfilled: ['due'],
  });
  const stored = await mongo.collection('campaign_rows').find({ campaignId: id }).toArray();
  expect(JSON.stringify(stored)).not.toContain('secret');

  const rows = createMongoRows(mongo, cipher);
  const now = new Date();
  const [row] = (await rows.list({ campaignId: id, skip: 0, limit: 1 })).rows;
  const to = { callId: newId(), agentId: 'anna', offer: { since: now, until: now } };
  await rows.present(row?.id ?? '', to);
  const offered = await ask('get', '/campaign-offer', { principal: { userId: 'anna' } });
  expect(offered).toMatchObject({ offer: { script: 'Due {due} {order}', fields: [{ name: 'order', value: 'secret 1024' }] } });

  const campaignOf = createCampaignOf({ config: { MASTER_KEY, MASTER_KEY_PREVIOUS: [], SITE_TIME_ZONE: 'Asia/Shanghai' }, mongo });
  expect([await campaignOf(to.callId), await campaignOf(newId())]).toEqual(['notice', undefined]);

  const presented = await rows.one(row?.id ?? '');
  await rows.move(row?.id ?? '', { state: 'presented', callId: to.callId }, afterTimeOut(presented ?? {}, now));
  expect(await ask('get', '/campaigns/:id/results', { params: { id } })).toMatchObject({
    byAgent: [{ agentId: 'anna', attempts: 0, lapsed: 1 }],
  });
  const listed = (await ask('get', '/campaigns/:id/rows', { params: { id }, query: { skip: 0, limit: 1 } })) as { rows: object[] };
  expect(JSON.stringify(listed)).not.toMatch(/secret|lapses/);
});
