// npm run bench -- --only gate: what the gate of calls out takes to decide, with a million numbers on the do-not-call list and a hundred
// thousand consents in the embedded document store, and Valkey beside it. The rows of the licence file come from memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { startDocumentStore } from '../infra/embedded/documents/index.js';
import { refusalCodes, type LeaveRequest } from '../services/outbound/gate/gate.js';
import { createGate, createGateDecisions, createGateMemory, createPermitBook } from '../services/outbound/index.js';
import { systemClock } from '../services/shared/platform/processes/system-clock.js';
import { silentLogger } from '../services/shared/platform/processes/logger.js';
import { numberHasher } from '../services/shared/platform/reach/number-hash.js';
import { startValkey, stopProcess } from '../test/integration/recording/recording-support.js';
import { percentile, report } from './support/report.js';

const REFUSALS = 1_000_000;
const CONSENTS = 100_000;
const BATCH = 10_000;
const DECISIONS = 3_000;
const WARM = 300;

const hashNumber = numberHasher('the key of the benchmark');
/** Mobile numbers: the first million refused, the next hundred thousand consented, the rest are unknown. */
const numberOf = (i: number): string => `139${String(10_000_000 + i)}`;
const hashOf = (i: number): string => hashNumber(numberOf(i)) ?? '';

const rows: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  numbers: { kind: '95', state: 'in-use', direction: 'both', validUntil: '', commitmentLetter: true, outboundReason: '', clientId: 'C1' },
  clients: { state: 'active', contractFrom: '2026-01-01', contractUntil: '2099-12-31' },
  trunks: { direction: 'both', state: 'in-use', permittedCallers: ['95100'], forwarding: true },
};

const folder = await mkdtemp(join(tmpdir(), 'bench-gate-'));
const documents = await startDocumentStore({ folder: join(folder, 'documents') });
const valkeyServer = await startValkey();
const valkey = new Redis(valkeyServer.url);
const mongo = await mongoose.createConnection(documents.uri).asPromise();
try {
  await fill();
  await decide();
} finally {
  valkey.disconnect();
  await mongo.close();
  await documents.close();
  await stopProcess(valkeyServer.child);
  await rm(folder, { recursive: true, force: true });
}

async function fill(): Promise<void> {
  const at = new Date(Date.now() - 86_400_000);
  const startedAt = performance.now();
  for (let from = 0; from < REFUSALS; from += BATCH)
    await mongo.collection<{ _id: string }>('do_not_call').insertMany(
      Array.from({ length: BATCH }, (_, i) => ({
        ...{ _id: hashOf(from + i), numberMasked: '139****0000', reason: 'external-list', source: 'list', at, by: 'bench' },
      })),
    );
  for (let from = 0; from < CONSENTS; from += BATCH)
    await mongo.collection<{ _id: string }>('outbound_consents').insertMany(
      Array.from({ length: BATCH }, (_, i) => ({
        ...{ _id: `consent-${from + i}`, numberHash: hashOf(REFUSALS + from + i), numberMasked: '139****0000', purposes: ['enquiry'] },
        ...{ channel: 'web', givenAt: at, evidence: 'form', by: 'bench', at },
      })),
    );
  for (const model of Object.values(mongo.models)) await model.createIndexes();
  report({ what: 'rows stored', value: (REFUSALS + CONSENTS) / ((performance.now() - startedAt) / 1_000), unit: 'rows/s' });
}

async function decide(): Promise<void> {
  const parts = {
    mongo,
    zone: 'Asia/Shanghai',
    hashNumber,
    valkey,
    register: async (name: string) => rows[name],
    registerList: async () => [],
    log: silentLogger,
    // Ten in the morning at the site.
    now: () => new Date(new Date().setUTCHours(2, 0, 0, 0)),
  };
  const memory = createGateMemory(parts);
  const decisions = createGateDecisions({ ...parts, memory });
  const gate = createGate({ ...parts, memory, audit: async () => undefined, permits: createPermitBook(systemClock) });
  for (const model of Object.values(mongo.models)) await model.createIndexes();
  const startedAt = performance.now();
  const heapBefore = process.memoryUsage();
  await memory.service.start();
  while (memory.position() === undefined) await setTimeout(100);
  report({ what: 'lists remembered after', value: (performance.now() - startedAt) / 1_000, unit: 's' });
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const grown = heapUsed - heapBefore.heapUsed + arrayBuffers - heapBefore.arrayBuffers;
  report({ what: 'memory of the lists', value: grown / 2 ** 20, unit: 'MiB' });
  const kinds = [
    ['a number that has refused', (i: number) => i * 150, 'outbound-do-not-call'],
    ['a number without consent', (i: number) => REFUSALS + CONSENTS + i, 'outbound-consent'],
    ['a number with consent', (i: number) => REFUSALS + i * 16, 'permitted'],
  ] as const;
  const requestOf = (kind: string, i: number, place: number): LeaveRequest => ({
    ...{ callId: `${kind}-${i}`, way: 'call-out', agentId: 'anna', number: numberOf(place), purpose: 'enquiry' },
    ways: [{ trunkId: 'carrier', from: '95100' }],
  });
  for (const [what, place, expected] of kinds) {
    await timed(
      `decision, ${what}`,
      '<= 2 ms',
      async (i) => {
        const request = requestOf(expected, i, place(i));
        const leg = { numberHash: hashNumber(request.number) ?? '', permitId: request.callId };
        const { permission } = await decisions.decide(request, leg);
        return permission.allowed ? 'permitted' : refusalCodes[permission.reason];
      },
      expected,
    );
  }
  for (const [what, place, expected] of kinds) {
    await timed(
      `answer with its row on the disk, ${what}`,
      undefined,
      async (i) =>
        gate.permit(requestOf(`row-${expected}`, i, place(i + DECISIONS))).then(
          () => 'permitted',
          (error: unknown) => (error as { code: string }).code,
        ),
      expected,
    );
  }
  await memory.service.stop();
}

async function timed(what: string, target: string | undefined, ask: (i: number) => Promise<string>, expected: string): Promise<void> {
  const took: number[] = [];
  for (let i = 0; i < DECISIONS; i += 1) {
    const startedAt = performance.now();
    const answer = await ask(i);
    took.push(performance.now() - startedAt);
    if (answer !== expected) throw new Error(`${what}: ${answer}`);
  }
  const warm = took.slice(WARM);
  report({ what: `${what}, p50`, value: percentile(warm, 0.5), unit: 'ms' });
  report({ what: `${what}, p99`, value: percentile(warm, 0.99), unit: 'ms', ...(target === undefined ? {} : { target }) });
}
