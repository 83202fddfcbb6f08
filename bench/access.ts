// npm run bench -- --only access: what asking who may do what costs, how many people may sign in at once, and how fast the trail is written and checked.
import { spawn } from 'node:child_process';
import { generateKeyPairSync, hash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import mongoose from 'mongoose';
import { refuseByAddress } from '../services/api/refuse-reach.js';
import { refuseWithout, whoAsks } from '../services/api/authorise.js';
import { createMongoAuditStore } from '../services/audit/adapters/mongo-audit-store.js';
import { createAuditWriter } from '../services/audit/audit-service.js';
import { checkChain } from '../services/audit/chain.js';
import type { AuditStore } from '../services/audit/ports.js';
import { argon2Passwords, createTokens } from '../services/identity/adapters/credentials.js';
import { createTurns } from '../services/identity/turns.js';
import type { Principal } from '../services/shared/domain/people/rights.js';
import { reachesAll } from '../test/support/reaches.js';
import { percentile, report } from './support/report.js';

const PEOPLE = 1_000;
const REQUESTS = 100_000;
const SIGN_INS = 250;
/**
 * `BENCH_AUDIT_ROWS=10000000` makes the chain as long as the target asks; `BENCH_AUDIT_FOLDER` keeps it, and a kept chain is only checked.
 */
const ROWS = Number(process.env['BENCH_AUDIT_ROWS'] ?? 200_000);
const KEPT_FOLDER = process.env['BENCH_AUDIT_FOLDER'];
const TEN_MILLION = 10_000_000;
const sha256Hex = (text: string | Uint8Array): string => hash('sha256', text);

/** Checks token, session, right and reach of a request, without the network; the session was looked up within the last second. */
async function authorisation(): Promise<void> {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const tokens = createTokens([pem]);
  const scope = { queues: ['service'], sites: [], clientUnits: [] };
  const signed = Array.from({ length: PEOPLE }, (_, i) => {
    const person: Principal = { userId: randomUUID(), sessionId: randomUUID(), name: `person ${i}`, roles: ['supervisor'], scope };
    return tokens.sign(person, new Date(Date.now() + 600_000));
  });
  const whoIs = async (token: string): Promise<Principal | undefined> => tokens.verify(token);
  const reaches = reachesAll(true);
  const costs: number[] = [];
  for (let i = 0; i < REQUESTS; i += 1) {
    const startedAt = performance.now();
    const principal = await whoAsks(whoIs, signed[i % PEOPLE], 'calls.read');
    refuseWithout('calls.read', principal);
    await refuseByAddress(reaches, principal, { kind: 'object', of: 'call', param: 'callId' }, { callId: 'x' }, 'read');
    costs.push(performance.now() - startedAt);
  }
  const first = percentile(costs.slice(0, PEOPLE), 0.99);
  const name = `authorisation of a request, p99 of ${REQUESTS.toLocaleString('en')}`;
  report({
    what: name,
    value: percentile(costs, 0.99),
    unit: 'ms',
    target: '<= 0.2 ms',
    baseline: { what: 'p99 of the first use of a token', value: first },
  });
}

/** Sign-ins one after another, at the rate of a starting shift, beside two things that must not wait: the event loop and a ping. */
async function signIns(): Promise<void> {
  const hash = await argon2Passwords.hash('a password of somebody');
  const server = createServer((_request, response) => response.end('ok')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  const ping = (): Promise<number> =>
    new Promise((resolve) => {
      const startedAt = performance.now();
      get({ host: '127.0.0.1', port }, (response) => response.resume().once('end', () => resolve(performance.now() - startedAt)));
    });
  async function pinged(work: () => Promise<void>): Promise<number> {
    const took: number[] = [];
    let over = false;
    const pings = (async () => {
      while (!over) {
        took.push(await ping());
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    await work();
    over = true;
    await pings;
    return percentile(took, 0.95);
  }
  const idle = await pinged(() => new Promise((resolve) => setTimeout(resolve, 2_000)));
  const turns = createTurns({ places: 1, waitingMost: SIGN_INS, waitingOfOne: SIGN_INS });
  const loop = monitorEventLoopDelay({ resolution: 1 });
  let perMinute = 0;
  const busy = await pinged(async () => {
    loop.enable();
    const startedAt = performance.now();
    await Promise.all(
      Array.from({ length: SIGN_INS }, () => turns(() => argon2Passwords.verify(hash, 'a password of somebody'), '127.0.0.1')),
    );
    perMinute = (SIGN_INS / (performance.now() - startedAt)) * 60_000;
    loop.disable();
  });
  server.close();
  report({ what: 'passwords checked a minute, one at a time (one core)', value: perMinute, unit: '/min', target: '>= 500' });
  report({ what: 'a request beside them, p95', value: busy, unit: 'ms', baseline: { what: 'without them', value: idle } });
  report({ what: 'event loop held up meanwhile, p99', value: loop.percentile(99) / 1e6, unit: 'ms' });
}

/** Rows as the product writes them: ids of people and things, an address, now and then a reason and two digests. */
async function write(mongo: mongoose.Connection, store: AuditStore): Promise<void> {
  const plain = mongo.collection('plain');
  const people = Array.from({ length: 300 }, () => randomUUID());
  const entry = (i: number) => ({
    who: people[i % 300] ?? '',
    what: 'recording.played' as const,
    object: randomUUID(),
    from: `10.0.0.${i % 250}`,
    success: true,
    ...(i % 5 === 0 ? { reason: '客户要求回电' } : {}),
    ...(i % 5 === 1 ? { before: { i }, after: { i: i + 1 } } : {}),
  });
  const baselineRows = 20_000;
  const plainAt = performance.now();
  for (let i = 0; i < baselineRows; i += 500)
    await plain.insertMany(Array.from({ length: 500 }, (_, j) => ({ ...entry(i + j), hash: 'x'.repeat(64) })));
  const baseline = { what: 'the same rows without a chain', value: baselineRows / ((performance.now() - plainAt) / 1_000) };

  const writer = createAuditWriter({ store, sha256Hex, now: () => new Date() });
  const startedAt = performance.now();
  // As many writers as a large centre has people; each waits for its row before it writes the next.
  let next = 0;
  const person = async (): Promise<void> => {
    while (next < ROWS) await writer.append(entry((next += 1)));
  };
  await Promise.all(Array.from({ length: 500 }, person));
  report({
    what: 'rows written a second, 500 writers that wait',
    value: ROWS / ((performance.now() - startedAt) / 1_000),
    unit: '/s',
    target: '>= 2,000',
    baseline,
  });
}

async function trail(): Promise<void> {
  const folder = KEPT_FOLDER ?? (await mkdtemp(join(tmpdir(), 'proofline-bench-')));
  // A process of its own, as in the product.
  const main = join(import.meta.dirname, '../dist/infra/embedded/documents/main.js');
  const documents = spawn(process.execPath, [main, '--listen', '127.0.0.1:0', '--data', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(documents.stdout, 'data')) as [Buffer];
  const { uri } = JSON.parse(line.toString()) as { uri: string };
  // A kept chain may lack the search indexes; building them for ten million rows is no part of a check.
  const mongo = await mongoose.createConnection(`${uri}proofline`, { autoIndex: KEPT_FOLDER === undefined }).asPromise();
  try {
    const store = createMongoAuditStore(mongo);
    if ((await store.newest()) === undefined) await write(mongo, store);
    const checkedAt = performance.now();
    const verdict = await checkChain(store.links(1), [], { sha256Hex });
    const seconds = (performance.now() - checkedAt) / 1_000;
    if (!verdict.integrity.ok || !verdict.completeness.ok) throw new Error('the chain that was just written does not hold');
    report({ what: `rows checked a second, of ${verdict.rows.toLocaleString('en')}`, value: verdict.rows / seconds, unit: '/s' });
    report({ what: 'ten million rows at that rate', value: (TEN_MILLION / verdict.rows) * seconds, unit: 's', target: '<= 60 s' });
  } finally {
    await mongo.close();
    documents.kill();
    await once(documents, 'exit');
    if (KEPT_FOLDER === undefined) await rm(folder, { recursive: true, force: true });
  }
}

await authorisation();
await signIns();
await trail();
