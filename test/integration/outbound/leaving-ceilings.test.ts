import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createValkeyClaims } from '../../../services/outbound/adapters/valkey-claims.js';
import { createGate, createPermitBook } from '../../../services/outbound/index.js';
import type { LeaveRequest } from '../../../services/outbound/gate/gate.js';
import { systemClock } from '../../../services/shared/platform/processes/system-clock.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { setCeilings, transfer, usualCeilings } from './ceilings-support.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// The ceilings of a day and the caps of a number, counted in the embedded document store and in Valkey by two processes at a time.

const rows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  numbers: { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: 'C1' },
  clients: { state: 'active', contractFrom: '2026-01-01', contractUntil: '2099-12-31' },
  trunks: { direction: 'both', state: 'in-use', permittedCallers: ['95100'], forwarding: true },
  destinations: { clientId: 'C1', validUntil: '2099-12-31' },
};

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let valkeyServer: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  valkeyServer = await startValkey();
  valkey = new Redis(valkeyServer.url);
});
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(valkeyServer.child);
  await mongo.close();
  await store[Symbol.asyncDispose]();
});
beforeEach(async () => {
  for (const name of ['outbound_days', 'outbound_attempts', 'outbound_settings']) await mongo.collection(name).deleteMany({});
  await valkey.flushall();
});

const gate = (
  register = async (name: string): Promise<Readonly<Record<string, unknown>> | undefined> => rows[name],
  registerList: (name: string) => Promise<readonly Readonly<Record<string, unknown>>[]> = async () => [],
  permits = createPermitBook(systemClock),
) =>
  createGate({
    mongo,
    zone: 'Asia/Shanghai',
    hashNumber: numberHasher('key'),
    valkey,
    register,
    registerList,
    log: silentLogger,
    audit: async () => undefined,
    permits,
    // Ten in the morning at the site.
    now: () => new Date(new Date().setUTCHours(2, 0, 0, 0)),
  });

async function outcomes(requests: readonly LeaveRequest[], gates = [gate()]): Promise<Record<string, number>> {
  const answers = await Promise.all(
    requests.map((request, i) =>
      (gates[i % gates.length] ?? gate()).permit(request).then(
        () => 'permitted',
        (error: unknown) => (error as { code: string }).code,
      ),
    ),
  );
  return Object.fromEntries([...new Set(answers)].map((answer) => [answer, answers.filter((each) => each === answer).length]));
}

test('two processes together let out as many calls as the day allows, and not one more', async () => {
  await setCeilings(mongo, { callsADay: 7 });
  const requests = Array.from({ length: 20 }, () => transfer());
  expect(await outcomes(requests, [gate(), gate()])).toEqual({ permitted: 7, 'outbound-ceiling': 13 });
});

test('a trunk has a ceiling of its own; another trunk goes on', async () => {
  await setCeilings(mongo, { trunkCallsADay: 2 });
  const other = { ways: [{ trunkId: 'carrier.two', from: '95100' }] };
  expect(await outcomes([transfer(), transfer(), transfer()])).toEqual({ permitted: 2, 'outbound-ceiling': 1 });
  expect(await outcomes([transfer(other)])).toEqual({ permitted: 1 });
});

test('one number is reached so often a day, in whatever spelling', async () => {
  await setCeilings(mongo, { numberCallsADay: 2 });
  const spellings = ['02160000001', '+862160000001', '1790902160000001', '008602160000001'];
  expect(await outcomes(spellings.map((number) => transfer({ number })))).toEqual({ permitted: 2, 'outbound-ceiling': 2 });
});

test('two processes together try a number no more often than the caps allow', async () => {
  const callback = { way: 'callback', purpose: 'prompt-return', called: undefined, number: '13800000001' } as const;
  const askedIn = { callId: 'c0', vouched: true, automatic: false };
  const requests = Array.from({ length: 12 }, () => transfer({ ...callback, askedIn }));
  expect(await outcomes(requests, [gate(), gate(), gate()])).toEqual({ permitted: 3, 'outbound-too-often': 9 });
  // The live state was lost: the attempts say what has been dialled.
  await valkey.flushall();
  expect(await outcomes([transfer({ ...callback, askedIn })])).toEqual({ 'outbound-too-often': 1 });
});

test.each<[what: string, register: string, row: object]>([
  ['a trunk that nobody registered', 'trunks', { state: undefined }],
  ['a trunk that may not show the number', 'trunks', { permittedCallers: ['95200'] }],
  ['a trunk that may show nothing', 'trunks', { permittedCallers: [] }],
  ['a trunk that forwards no calls', 'trunks', { forwarding: false }],
  ['a trunk whose contract has ended', 'trunks', { contractUntil: '2026-01-01' }],
  ['a number whose client unit has no contract', 'clients', { contractUntil: '2026-01-01' }],
  ['a number that is used outside the licence', 'numbers', { area: '上海' }],
])('a transfer leaves by no %s', async (_what, register, change) => {
  const asked = async (name: string) => (name === register ? { ...rows[name], ...change } : rows[name]);
  const licence = { scope: 'provincial', provinces: ['北京'] };
  const list = async () => (register === 'numbers' ? [licence] : []);
  expect(await outcomes([transfer()], [gate(asked, list)])).toEqual({ 'outbound-number': 1 });
});

test('the minutes of legs that have ended count, and a leg that was not dialled does not', async () => {
  await setCeilings(mongo, { minutesADay: 10, numberCallsADay: 1 });
  const one = gate();
  const unused = transfer();
  await one.unused(await one.permit(unused));
  // Not dialled: the number may be tried again.
  const permit = await one.permit({ ...unused, callId: 'again' });
  const dialledAt = new Date(new Date().setUTCHours(2, 0, 0, 0));
  const { permitId: attemptId, trunkId, from } = permit;
  const ended = { attemptId, trunkId, from, dialledAt, failure: undefined };
  await one.ended({ ...ended, answeredAt: dialledAt, endedAt: new Date(dialledAt.getTime() + 9 * 60_000) });
  expect(await outcomes([transfer()])).toEqual({ permitted: 1 });
  await one.ended({ ...ended, answeredAt: dialledAt, endedAt: new Date(dialledAt.getTime() + 60_000) });
  expect(await outcomes([transfer()])).toEqual({ 'outbound-ceiling': 1 });
  expect(await mongo.collection<{ _id: string }>('outbound_attempts').findOne({ _id: permit.permitId })).toMatchObject({
    way: 'transfer',
    answeredAt: dialledAt,
  });
});

test('one number takes so many minutes a day, whoever ended its legs and whatever the live state has lost; another goes on', async () => {
  await setCeilings(mongo, { numberMinutesADay: 10 });
  const [number, other] = ['02160000001', '02160000002'];
  const [one, two] = [gate(), gate()];
  const dialledAt = new Date(new Date().setUTCHours(2, 0, 0, 0));
  async function talked(on: ReturnType<typeof gate>, endedBy: ReturnType<typeof gate>, minutes: number): Promise<void> {
    const { permitId: attemptId, trunkId, from } = await on.permit(transfer({ number }));
    const endedAt = new Date(dialledAt.getTime() + minutes * 60_000);
    await endedBy.ended({ attemptId, trunkId, from, dialledAt, answeredAt: dialledAt, endedAt, failure: undefined });
  }
  await talked(one, one, 6);
  // The process that permitted it is gone, and another ends the call.
  await talked(one, two, 3);
  expect(await outcomes([transfer({ number })])).toEqual({ permitted: 1 });
  await talked(two, two, 1);
  expect(await outcomes([transfer({ number: '1790902160000001' })])).toEqual({ 'outbound-ceiling': 1 });
  expect(await outcomes([transfer({ number: other })])).toEqual({ permitted: 1 });
  await valkey.flushall();
  expect(await outcomes([transfer({ number })])).toEqual({ 'outbound-ceiling': 1 });
  expect(await outcomes([transfer({ number: other })])).toEqual({ permitted: 1 });
});

test('legs that a gate gives back to the live state count their minutes once', async () => {
  const claims = createValkeyClaims(valkey);
  const [at, midnight] = [new Date(), new Date(Date.now() - 1_000)];
  const leg = { numberHash: 'h', permitId: 'p1', at, isTry: false, lastedMs: 6 * 60_000 };
  const [day, trunkId, least] = ['2026-12-01', 'carrier.one', { calls: 0, lastedMs: 0, trunkCalls: 0, trunkLastedMs: 0 }] as const;
  const take = (permitId: string, change: object = {}): ReturnType<typeof claims.take> =>
    claims.take({
      ...{ numberHash: 'h', permitId, at, midnight, mostADay: 9, caps: [], day, trunkId, least, leastToNumberMs: 0 },
      ceilings: { ...usualCeilings, numberMinutesADay: 10 },
      ...change,
    });
  for (let i = 0; i < 3; i += 1) await claims.restore([leg]);
  await claims.lasted({ day, trunkId, least, numberHash: 'h', permitId: 'p1', at, lastedMs: leg.lastedMs });
  expect(await take('p2')).toBeUndefined();
  await claims.restore([{ ...leg, permitId: 'p3', lastedMs: 4 * 60_000 }]);
  expect(await take('p4')).toBe('over-ceiling');
  // The next day begins with none.
  expect(await take('p5', { midnight: new Date(at.getTime() + 1) })).toBeUndefined();
});

test('a call that is not dialled takes nothing from the day, however often it is given back', async () => {
  await setCeilings(mongo, { callsADay: 3, trunkCallsADay: 2 });
  const [one, other] = [gate(), gate()];
  for (let i = 0; i < 10; i += 1) {
    const permit = await one.permit(transfer());
    await one.unused(permit);
    await one.unused(permit);
  }
  expect(await outcomes([transfer(), transfer(), transfer()], [one, other])).toEqual({ permitted: 2, 'outbound-ceiling': 1 });
  const { calls: ofDay } = (await mongo.collection<{ _id: string; calls: number }>('outbound_days').findOne({})) ?? {};
  expect(ofDay).toBe(2);
  // What the live state has lost is in the document store, without what was given back.
  await valkey.flushall();
  expect(await outcomes([transfer()])).toEqual({ 'outbound-ceiling': 1 });
});

test('a trunk over which nothing of a call was sent has it not among its calls of the day', async () => {
  await setCeilings(mongo, { trunkCallsADay: 1 });
  const permits = createPermitBook(systemClock);
  const one = gate(undefined, undefined, permits);
  const ways = ['carrier.one', 'carrier.two', 'carrier.three'].map((trunkId) => ({ trunkId, from: '95100' }));
  const first = await one.permit(transfer({ ways }));
  // Every channel of the first trunk is taken; the second takes the call, and refuses it.
  expect(permits.redeem(first)).toBe(true);
  permits.notSent(first);
  const second = await one.otherWay(first);
  expect(second).toMatchObject({ trunkId: 'carrier.two' });
  expect(await outcomes([transfer({ ways: ways.slice(0, 1) })])).toEqual({ permitted: 1 });
  expect(await outcomes([transfer({ ways: ways.slice(1, 2) })])).toEqual({ 'outbound-ceiling': 1 });
});
