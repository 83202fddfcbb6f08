// npx tsx bench/documents.ts [--json]: the embedded document store through the MongoDB driver, both on this machine, fsync on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, type Collection, type Document } from 'mongodb';
import { documents, rateOf, row, type Load, type Row } from './support/documents-support.js';
import { percentile, report } from './support/report.js';

const million = 1_000_000;

async function anonymousMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  // Anonymous pages only: the mapped data file is reclaimable.
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Appends of 4 KB a second, each flushed: what the disk gives to one writer. */
async function flushRate(folder: string): Promise<number> {
  const file = await open(join(folder, 'flushes'), 'w');
  const page = Buffer.alloc(4096, 'x');
  const rounds = 300;
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round += 1) {
    await file.write(page);
    await file.datasync();
  }
  await file.close();
  return rounds / ((performance.now() - startedAt) / 1000);
}

async function fill(rows: Collection<Row>, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 5_000) await rows.insertMany(Array.from({ length: 5_000 }, (_row, index) => row(at + index)));
}

async function measure(uri: string, rows: Collection<Row>, flushes: number): Promise<void> {
  await rows.createIndexes([
    { key: { agent: 1, startedAt: -1 } },
    { key: { queue: 1, startedAt: 1 } },
    { key: { callId: 1 }, unique: true },
  ]);
  const insert: Load = { operation: 'insertOne', count: 20_000, width: 32 };
  report({
    what: 'insertOne at concurrency 32',
    value: await rateOf(uri, insert, 1),
    unit: '/s',
    target: '>= 6,000',
    baseline: { what: '4 KB appended and flushed, one writer', value: flushes },
  });
  await fill(rows, insert.count, documents);
  const loads: readonly (readonly [what: string, target: string, load: Load])[] = [
    ['findOne by _id at concurrency 32', '>= 6,000', { operation: 'findOne', count: 30_000, width: 32 }],
    ['indexed find + sort, limit 20, at concurrency 16', '>= 2,500', { operation: 'find', count: 10_000, width: 16 }],
    ['updateOne at concurrency 16', '>= 4,000', { operation: 'updateOne', count: 20_000, width: 16 }],
  ];
  for (const processes of [1, 2] as const) {
    const driver = processes === 1 ? 'one driver process' : 'two driver processes';
    const baseline = { what: `ping, ${driver}`, value: await rateOf(uri, { operation: 'ping', count: 30_000, width: 32 }, processes) };
    for (const [what, target, load] of loads)
      report({ what: `${what}, ${driver}`, value: await rateOf(uri, load, processes), unit: '/s', target, baseline });
  }
}

function group(rows: Collection<Row>): Promise<Document[]> {
  return rows.aggregate([{ $group: { _id: '$queue', calls: { $sum: 1 }, seconds: { $avg: '$seconds' } } }]).toArray();
}

async function timeOfGroup(rows: Collection<Row>): Promise<number> {
  const startedAt = performance.now();
  await group(rows);
  return performance.now() - startedAt;
}

/** Point reads, one after another, until `work` is done; milliseconds of each. */
async function readsBeside(rows: Collection<Row>, work: Promise<unknown>): Promise<number[]> {
  let running = true;
  const done = work.finally(() => (running = false));
  const latenciesMs: number[] = [];
  while (running) {
    const askedAt = performance.now();
    await rows.findOne({ _id: (latenciesMs.length * 7919) % documents });
    latenciesMs.push(performance.now() - askedAt);
  }
  await done;
  return latenciesMs;
}

async function measureMillion(rows: Collection<Row>, pid: number): Promise<void> {
  const startedAt = performance.now();
  await fill(rows, documents, million);
  report({
    what: 'insertMany of 5,000, up to a million documents',
    value: (million - documents) / ((performance.now() - startedAt) / 1000),
    unit: '/s',
  });
  const { length } = await rows.find({ agent: 7 }).toArray();
  if (length !== million / 200) throw new Error(`${length} documents were found`);
  const groups = group(rows);
  const latenciesMs = await readsBeside(rows, groups);
  if ((await groups).length !== 12) throw new Error('The $group lost a queue');
  const alone = await readsBeside(rows, new Promise((resolve) => setTimeout(resolve, 2_000)));
  report({
    what: 'findOne while a $group reads a million, p99',
    value: percentile(latenciesMs, 0.99),
    unit: 'ms',
    target: '<= 50',
    baseline: { what: 'nothing else asked', value: percentile(alone, 0.99) },
  });
  report({ what: 'anonymous memory with a million documents', value: await anonymousMb(pid), unit: 'MB', target: '<= 500' });
}

// Beside the code and not in /tmp, which may be memory: flushing is half of what is measured.
const cache = join(import.meta.dirname, '../.cache');
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, 'documents-bench-'));
const main = join(import.meta.dirname, '../dist/infra/embedded/documents/main.js');
const start = (): ReturnType<typeof spawn> =>
  spawn(process.execPath, [main, '--listen', '127.0.0.1:0', '--data', folder], { stdio: ['ignore', 'pipe', 'ignore'] });
const ready = async (store: ReturnType<typeof spawn>): Promise<string> => {
  if (store.stdout === null) throw new Error('The store has no output');
  const [line] = (await once(store.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString()) as { uri: string }).uri;
};

let store = start();
try {
  const uri = await ready(store);
  const client = await new MongoClient(uri, { maxPoolSize: 4 }).connect();
  const rows = client.db('bench').collection<Row>('rows');
  await measure(uri, rows, await flushRate(folder));
  report({
    what: '$group over 100,000, the first, with the start of a thread',
    value: await timeOfGroup(rows),
    unit: 'ms',
    target: '<= 1,000',
  });
  report({ what: '$group over 100,000, the second', value: await timeOfGroup(rows), unit: 'ms', target: '<= 1,000' });
  await measureMillion(rows, store.pid ?? 0);
  await client.close();
  store.kill('SIGTERM');
  await once(store, 'exit');
  const startedAt = performance.now();
  store = start();
  await ready(store);
  report({ what: 'start with a million documents', value: performance.now() - startedAt, unit: 'ms', target: '<= 1,000' });
} finally {
  store.kill('SIGTERM');
  await once(store, 'exit');
  await rm(folder, { recursive: true, force: true });
}
