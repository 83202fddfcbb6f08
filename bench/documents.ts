// npx tsx bench/documents.ts [--json]: the embedded document store through the MongoDB driver, both on this machine, fsync on.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, type Collection, type Document } from 'mongodb';
import { percentile, report } from './report.js';

const documents = 100_000;
const spreadMs = 86_400_000;

interface Row extends Document {
  readonly _id: number;
}

function row(index: number): Row {
  return {
    _id: index,
    callId: `call-${index}-${randomBytes(6).toString('hex')}`,
    agent: index % 200,
    queue: `queue-${index % 12}`,
    status: index % 3 === 0 ? 'missed' : 'answered',
    startedAt: new Date(1_700_000_000_000 + ((index * 7919) % spreadMs)),
    seconds: (index * 31) % 600,
    notes: 'x'.repeat(400),
  };
}

/** Runs `work` from `width` lanes; returns operations a second. */
async function inParallel(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return count / ((performance.now() - startedAt) / 1000);
}

async function anonymousMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  // Anonymous pages only: the mapped data file is reclaimable.
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

async function measure(rows: Collection<Row>, ping: () => Promise<unknown>): Promise<void> {
  const baseline = { what: 'ping, same concurrency', value: await inParallel(10_000, 32, ping) };
  await rows.createIndexes([
    { key: { agent: 1, startedAt: -1 } },
    { key: { queue: 1, startedAt: 1 } },
    { key: { callId: 1 }, unique: true },
  ]);
  const inserts = 20_000;
  report({
    what: 'insertOne at concurrency 32',
    value: await inParallel(inserts, 32, (index) => rows.insertOne(row(index))),
    unit: '/s',
    target: '>= 6,000',
    baseline,
  });
  for (let from = inserts; from < documents; from += 5_000)
    await rows.insertMany(Array.from({ length: 5_000 }, (_row, index) => row(from + index)));
  const reads = await inParallel(20_000, 32, (index) => rows.findOne({ _id: (index * 7919) % documents }));
  report({ what: 'findOne by _id at concurrency 32', value: reads, unit: '/s', target: '>= 6,000', baseline });
  const finds = await inParallel(5_000, 16, (index) =>
    rows
      .find({ agent: index % 200 })
      .sort({ startedAt: -1 })
      .limit(20)
      .toArray(),
  );
  report({ what: 'indexed find + sort, limit 20, at concurrency 16', value: finds, unit: '/s', target: '>= 2,500', baseline });
  const updates = await inParallel(10_000, 16, (index) =>
    rows.updateOne({ _id: (index * 7919) % documents }, { $set: { status: 'done' }, $inc: { seconds: 1 } }),
  );
  report({ what: 'updateOne at concurrency 16', value: updates, unit: '/s', target: '>= 4,000', baseline });
}

async function measureGroup(rows: Collection<Row>): Promise<void> {
  const group = (): Promise<Document[]> =>
    rows.aggregate([{ $group: { _id: '$queue', calls: { $sum: 1 }, seconds: { $avg: '$seconds' } } }]).toArray();
  const startedAt = performance.now();
  await group();
  report({ what: '$group over 100,000', value: performance.now() - startedAt, unit: 'ms', target: '<= 1,000' });
  let running = true;
  const grouping = (async (): Promise<void> => {
    for (let round = 0; round < 3; round += 1) await group();
    running = false;
  })();
  const latenciesMs: number[] = [];
  while (running) {
    const askedAt = performance.now();
    await rows.findOne({ _id: latenciesMs.length });
    latenciesMs.push(performance.now() - askedAt);
  }
  await grouping;
  report({ what: 'findOne while $group runs, p99', value: percentile(latenciesMs, 0.99), unit: 'ms', target: '<= 50' });
}

const folder = await mkdtemp(join(tmpdir(), 'documents-bench-'));
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
  const client = await new MongoClient(await ready(store), { maxPoolSize: 32 }).connect();
  const rows = client.db('bench').collection<Row>('rows');
  await measure(rows, () => client.db('bench').command({ ping: 1 }));
  await measureGroup(rows);
  report({ what: 'anonymous memory after it', value: await anonymousMb(store.pid ?? 0), unit: 'MB', target: '<= 500' });
  await client.close();
  store.kill('SIGTERM');
  await once(store, 'exit');
  const startedAt = performance.now();
  store = start();
  await ready(store);
  report({ what: 'start with 100,000 documents', value: performance.now() - startedAt, unit: 'ms', target: '<= 1,000' });
} finally {
  store.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
}
