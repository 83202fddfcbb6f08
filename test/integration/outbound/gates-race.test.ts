import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import type { LeaveRequest } from '../../../services/outbound/gate/gate.js';
import { setCeilings, transfer } from './ceilings-support.js';
import { temporaryStore } from '../documents/documents-support.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';
import type { GateOrder } from './racing-gate.js';

// The ceilings hold over processes: two of them, each with a gate and connections of its own, ask one Valkey and one document store at the same moment.

const AT_ONCE = 25;

/** A process with a gate. */
class Gate {
  readonly answers: string[] = [];
  readonly #over: (() => void)[] = [];
  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout ?? process.stdin }).on('line', (line) => {
      if (line === 'ready' || line === 'done') this.#over.shift()?.();
      else this.answers.push(line);
    });
  }

  static async start(mongoUri: string, valkeyUrl: string): Promise<Gate> {
    const script = join(import.meta.dirname, 'racing-gate.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, mongoUri, valkeyUrl], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const gate = new Gate(child);
    await gate.#done();
    return gate;
  }

  #done(): Promise<void> {
    return new Promise((resolve) => this.#over.push(resolve));
  }

  async asks(order: GateOrder): Promise<void> {
    const done = this.#done();
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
    await done;
  }

  /** Asks for permits and is killed as soon as it has one. */
  async diesAsking(permits: readonly LeaveRequest[]): Promise<void> {
    const order: GateOrder = { permits };
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
    await once(this.child.stdout ?? process.stdin, 'data');
    await this.kill();
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}

let store: Awaited<ReturnType<typeof temporaryStore>>;
let mongo: mongoose.Connection;
let valkeyServer: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;
let gates: [Gate, Gate];

beforeAll(async () => {
  store = await temporaryStore();
  mongo = await mongoose.createConnection(store.uri).asPromise();
  valkeyServer = await startValkey();
  valkey = new Redis(valkeyServer.url);
}, 60_000);
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(valkeyServer.child);
  await mongo.close();
  await store[Symbol.asyncDispose]();
});
beforeEach(async () => {
  for (const name of ['outbound_days', 'outbound_attempts', 'outbound_settings']) await mongo.collection(name).deleteMany({});
  await valkey.flushall();
  gates = await Promise.all([Gate.start(store.uri, valkeyServer.url), Gate.start(store.uri, valkeyServer.url)]);
}, 60_000);

afterEach(() => Promise.all(gates.map((gate) => gate.kill())));

const many = (change: Partial<LeaveRequest> = {}): LeaveRequest[] => Array.from({ length: AT_ONCE }, () => transfer(change));
const count = (answers: readonly string[], what = 'permitted'): number => answers.filter((answer) => answer === what).length;

/** Both gates ask at the same moment; the answers of both. */
async function race(change: Partial<LeaveRequest> = {}): Promise<readonly string[]> {
  await Promise.all(gates.map((gate) => gate.asks({ permits: many(change) })));
  return gates.flatMap(({ answers }) => answers.splice(0));
}

test('calls of a day', async () => {
  await setCeilings(mongo, { callsADay: 7 });
  const answers = await race();
  expect([count(answers), count(answers, 'outbound-ceiling')]).toEqual([7, 2 * AT_ONCE - 7]);
  expect((await mongo.collection<{ _id: string; calls: number }>('outbound_days').findOne({}))?.calls).toBe(7);
}, 60_000);

test('calls of a trunk; another trunk has its own', async () => {
  await setCeilings(mongo, { trunkCallsADay: 5 });
  expect(count(await race())).toBe(5);
  expect(count(await race({ ways: [{ trunkId: 'carrier.two', from: '95100' }] }))).toBe(5);
}, 60_000);

test('calls to a number, and tries of a number within the caps', async () => {
  await setCeilings(mongo, { numberCallsADay: 2 });
  expect(count(await race({ number: '02160000001' }))).toBe(2);
  const askedIn = { callId: 'c0', vouched: true, automatic: false };
  const tried = await race({ way: 'callback', purpose: 'prompt-return', called: undefined, number: '13800000001', askedIn });
  // One number, two ceilings: the smaller one holds.
  expect(count(tried)).toBe(2);
}, 60_000);

test('tries of a number where the day would allow more', async () => {
  await setCeilings(mongo, {});
  const askedIn = { callId: 'c0', vouched: true, automatic: false };
  const tried = await race({ way: 'callback', purpose: 'prompt-return', called: undefined, number: '13800000001', askedIn });
  expect([count(tried), count(tried, 'outbound-too-often')]).toEqual([3, 2 * AT_ONCE - 3]);
}, 60_000);

test('minutes: calls that end at two processes at the same moment are added up, each once', async () => {
  await setCeilings(mongo, { minutesADay: 13, trunkMinutesADay: 1_000 });
  await Promise.all(gates.map((gate) => gate.asks({ permits: [transfer()] })));
  await Promise.all(gates.map((gate) => gate.asks({ lastMinutes: 6 })));
  for (const { answers } of gates) expect(answers.splice(0)).toEqual(['permitted']);
  // Twelve of thirteen minutes are used: one more call of a minute fits, and then none.
  await gates[0].asks({ permits: [transfer()] });
  expect(gates[0].answers.splice(0)).toEqual(['permitted']);
  await gates[1].asks({ lastMinutes: 1 });
  expect(count(await race(), 'outbound-ceiling')).toBe(2 * AT_ONCE);
}, 60_000);

test('a process that is killed while it asks takes no more than the ceiling with it', async () => {
  await setCeilings(mongo, { callsADay: 9 });
  const [first, second] = gates;
  await Promise.all([first.diesAsking(many()), second.asks({ permits: many() })]);
  const before = count([...first.answers, ...second.answers]);
  expect(before).toBeLessThanOrEqual(9);
  const next = await Gate.start(store.uri, valkeyServer.url);
  await Promise.all([next.asks({ permits: many() }), second.asks({ permits: many() })]);
  const after = count([...first.answers, ...second.answers, ...next.answers]);
  expect(after).toBeLessThanOrEqual(9);
  // What the killed process had counted and not used is lost with it, and nothing else.
  expect(await valkey.hget((await valkey.keys('outbound:day:*'))[0] ?? '', 'calls')).toBe('9');
  await next.kill();
}, 60_000);
