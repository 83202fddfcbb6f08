import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { createMongoConsents, createMongoStops } from '../../../services/outbound/adapters/mongo-outbound.js';
import { createMongoRules } from '../../../services/outbound/adapters/mongo-rules.js';
import { createMongoRefusals } from '../../../services/outbound/adapters/mongo-refusals.js';
import { announcedConsents, announcedRefusals, announcedRules, announcedStops } from '../../../services/outbound/announcing.js';
import type { LeaveRequest } from '../../../services/outbound/gate/gate.js';
import { createGateDecisions, createGateFeed, createGateMemory } from '../../../services/outbound/index.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';
import { until } from '../../support/until.js';

// What a process remembers of the lists, with the real stream in Valkey and the embedded document store: whatever is changed by another process
// holds for the next decision, and what the live state loses is read anew.

const hashNumber = numberHasher('key');
const hashOf = (number: string): string => hashNumber(number) ?? '';
const AT = new Date('2026-03-10T02:00:00Z');
const register: Record<string, Readonly<Record<string, unknown>>> = {
  numbers: { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: 'C1' },
  clients: { state: 'active', contractFrom: '2026-01-01', contractUntil: '2099-12-31' },
  trunks: { direction: 'both', state: 'in-use', permittedCallers: ['95100'], forwarding: true },
};

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let server: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;
const ends: (() => Promise<void>)[] = [];

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
beforeEach(async () => {
  for (const name of ['do_not_call', 'outbound_consents', 'outbound_stops', 'outbound_rules', 'outbound_attempts', 'outbound_days'])
    await mongo.collection(name).deleteMany({});
  await valkey.flushall();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A process that decides: with its own connection to the live state, and a memory that is filled. */
async function process() {
  const own = new Redis(server.url);
  let reads = 0;
  const parts = {
    mongo,
    valkey: own,
    zone: 'Asia/Shanghai',
    hashNumber,
    register: async (name: string) => ((reads += 1), register[name]),
    registerList: async () => [],
    log: silentLogger,
    now: () => AT,
  };
  const memory = createGateMemory(parts);
  await memory.service.start();
  ends.push(async () => {
    await memory.service.stop();
    own.disconnect();
  });
  await until(memory.position, (position) => position !== undefined);
  const remembering = createGateDecisions({ ...parts, memory });
  const reading = createGateDecisions(parts);
  let permits = 0;
  const ask =
    (decisions: typeof reading) =>
    async (number: string, change: Partial<LeaveRequest> = {}): Promise<string> => {
      const request: LeaveRequest = {
        ...{ callId: 'c', way: 'call-out', agentId: 'anna', number, purpose: 'enquiry', ways: [{ trunkId: 'carrier', from: '95100' }] },
        ...change,
      };
      const { permission } = await decisions.decide(request, { numberHash: hashOf(number), permitId: `p${(permits += 1)}` });
      return permission.allowed ? 'permitted' : permission.reason;
    };
  return { memory, ask: ask(remembering), askStores: ask(reading), reads: () => reads };
}

/** What another process changes. */
function changes() {
  const feed = createGateFeed(valkey, silentLogger);
  const refusals = announcedRefusals(createMongoRefusals(mongo), feed);
  const consents = announcedConsents(createMongoConsents(mongo), feed);
  let serial = 0;
  return {
    feed,
    stops: announcedStops(createMongoStops(mongo), feed),
    rules: announcedRules(createMongoRules(mongo), feed),
    refuse: (number: string) =>
      refusals.put({ numberHash: hashOf(number), numberMasked: '1', reason: 'asked-by-key', source: 'x', at: AT, by: 'x' }),
    takeBack: (number: string) => refusals.withdraw(hashOf(number), { at: AT, by: 'x', evidence: 'x' }),
    async agree(number: string): Promise<string> {
      const id = `consent-${(serial += 1)}-${String(Math.random())}`;
      await consents.put({
        ...{ id, numberHash: hashOf(number), numberMasked: '1', purposes: ['enquiry'], channel: 'web', givenAt: AT, evidence: 'x' },
        ...{ by: 'x', at: AT },
      });
      return id;
    },
    revoke: (id: string) => consents.withdraw(id, { at: AT, by: 'x', reason: 'x' }),
  };
}

const NUMBER = '13800000001';

test('what was stored before the process began is remembered; what another process changes holds for the next decision', async () => {
  const { refuse, takeBack, agree, revoke } = changes();
  const first = await agree(NUMBER);
  await refuse('13800000002');
  const { ask, memory } = await process();
  expect([await ask(NUMBER), await ask('13800000002'), await ask('13800000003')]).toEqual(['permitted', 'refused-by-person', 'no-consent']);
  await revoke(first);
  expect(await ask(NUMBER)).toBe('no-consent');
  await agree(NUMBER);
  expect(await ask(NUMBER)).toBe('permitted');
  await refuse(NUMBER);
  expect(await ask(NUMBER)).toBe('refused-by-person');
  await takeBack(NUMBER);
  expect(await ask(NUMBER)).toBe('permitted');
  expect(memory.position()).toBeDefined();
});

test('a stop, other hours and a row of the register hold for the next decision; between two changes nothing is read', async () => {
  const { agree, stops, rules, feed } = changes();
  for (let i = 1; i <= 9; i += 1) await agree(`1380000000${i}`);
  const { ask, reads } = await process();
  expect(await ask(NUMBER)).toBe('permitted');
  const before = reads();
  expect(await ask('13800000002')).toBe('permitted');
  expect(reads()).toBe(before);
  await stops.stop({ id: 's', scope: 'client', value: 'C1', reason: 'x', by: 'x', byName: 'x', at: AT });
  expect(await ask('13800000003')).toBe('stopped');
  await stops.lift('s');
  expect(await ask('13800000003')).toBe('permitted');
  await rules.change({ window: { fromMinute: 14 * 60, toMinute: 15 * 60 } }, { at: AT, by: 'x', byName: 'x' });
  expect(await ask('13800000004')).toBe('outside-window');
  await rules.change({ window: { fromMinute: 9 * 60, toMinute: 15 * 60 } }, { at: AT, by: 'x', byName: 'x' });
  const inUse = register['numbers'];
  try {
    register['numbers'] = { ...inUse, state: 'suspended' };
    await feed.publish({ topic: 'register', hashes: [] });
    expect(await ask('13800000005')).toBe('number-not-usable');
  } finally {
    register['numbers'] = inUse ?? {};
  }
  await feed.publish({ topic: 'register', hashes: [] });
  expect(await ask('13800000005')).toBe('permitted');
});

test('with a live state that has lost everything the stores are asked, and what has been before is not forgotten', async () => {
  const { agree, refuse } = changes();
  await agree(NUMBER);
  const { ask, memory } = await process();
  await mongo
    .collection<{ _id: string }>('outbound_attempts')
    .insertMany(
      [1, 2, 3].map(
        (i) => ({ _id: `a${i}`, callId: `a${i}`, way: 'call-out', at: AT, numberHash: hashOf(NUMBER), allowed: true }) as never,
      ),
    );
  await valkey.flushall();
  // Not published: as if the live state had lost its last second.
  await createMongoRefusals(mongo).put({
    ...{ numberHash: hashOf('13800000002'), numberMasked: '1', reason: 'asked-by-key', source: 'x', at: AT, by: 'x' },
  });
  expect([await ask(NUMBER), await ask('13800000002')]).toEqual(['too-often', 'refused-by-person']);
  await until(memory.position, (position) => position !== undefined);
  expect([await ask(NUMBER), await ask('13800000002')]).toEqual(['too-often', 'refused-by-person']);
  await refuse('13800000003');
  expect(await ask('13800000003')).toBe('refused-by-person');
});

test('a live state that has lost its counts has those of the store again before a gate decides from memory: the caps count once', async () => {
  const { agree } = changes();
  await agree(NUMBER);
  const { ask, memory } = await process();
  const attempt = (_id: string, change: object = {}) =>
    ({ _id, callId: _id, way: 'call-out', at: AT, numberHash: hashOf(NUMBER), allowed: true, ...change }) as never;
  await mongo
    .collection<{ _id: string }>('outbound_attempts')
    .insertMany([attempt('a1'), attempt('a2'), attempt('a3', { unused: true }), attempt('a4', { way: 'transfer' })]);
  const before = memory.position();
  await valkey.flushall();
  await until(memory.position, (position) => position !== undefined && position !== before);
  // Filling the memory again, or in another process, counts no leg twice.
  await process();
  expect([await ask(NUMBER), await ask(NUMBER), await ask(NUMBER), await ask(NUMBER)]).toEqual([
    'permitted',
    'too-often',
    'too-often',
    'too-often',
  ]);
  expect(await valkey.zcard(`outbound:legs:${hashOf(NUMBER)}`)).toBe(4);
  for (const kind of ['tries', 'legs']) expect(await valkey.pttl(`outbound:${kind}:${hashOf(NUMBER)}`)).toBeGreaterThan(0);
});

test('a connection that was made anew is taken for a live state that may have lost the last changes', async () => {
  const { memory, ask } = await process();
  const position = memory.position();
  await createMongoRefusals(mongo).put({
    ...{ numberHash: hashOf(NUMBER), numberMasked: '1', reason: 'asked-by-key', source: 'x', at: AT, by: 'x' },
  });
  await valkey.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await until(memory.position, (now) => now !== undefined && now !== position);
  expect(await ask(NUMBER)).toBe('refused-by-person');
});

test('a process that is further behind than the stream reaches reads everything anew', async () => {
  const { memory, ask } = await process();
  const position = memory.position() ?? '';
  await createMongoRefusals(mongo).put({
    ...{ numberHash: hashOf(NUMBER), numberMasked: '1', reason: 'asked-by-key', source: 'x', at: AT, by: 'x' },
  });
  await valkey.xadd('outbound:changes', '*', 'change', JSON.stringify({ topic: 'stops', hashes: [] }));
  await valkey.xtrim('outbound:changes', 'MAXLEN', 1);
  expect(await ask(NUMBER)).toBe('refused-by-person');
  await until(memory.position, (now) => now !== undefined && now !== position);
  expect(await ask(NUMBER)).toBe('refused-by-person');
});

test('two processes that remember decide after any changes as one that reads everything', async () => {
  const numbers = ['13800000011', '13800000012', '13800000013', '13800000014'];
  const step = fc.record({
    what: fc.constantFrom('refuse' as const, 'takeBack' as const, 'agree' as const, 'revoke' as const),
    number: fc.constantFrom(...numbers),
  });
  const { refuse, takeBack, agree, revoke } = changes();
  const [one, two] = [await process(), await process()];
  const given = new Map<string, string[]>();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const { what, number } of steps) {
        if (what === 'refuse') await refuse(number);
        else if (what === 'takeBack') await takeBack(number);
        else if (what === 'agree') given.set(number, [...(given.get(number) ?? []), await agree(number)]);
        else await revoke(given.get(number)?.pop() ?? 'none');
      }
      for (const number of numbers) {
        // A permitted call counts towards the number's caps.
        const uncounted = () => valkey.del(`outbound:tries:${hashOf(number)}`, `outbound:legs:${hashOf(number)}`);
        await uncounted();
        const expected = await one.askStores(number);
        await uncounted();
        expect([await one.ask(number), await two.ask(number)]).toEqual([expected, expected]);
      }
    }),
    { numRuns: 25 },
  );
});
