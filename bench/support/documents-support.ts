// What the benchmark asks of a document store. Run as a program it is one driver process: `documents-support.ts URI OPERATION COUNT WIDTH`
// prints "ready" when it is warm, waits for a line, works, and prints how many milliseconds that took.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { argv } from 'node:process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MongoClient, type Document } from 'mongodb';

/** The documents of the measured collection before it grows to a million. */
export const documents = 100_000;
const spreadMs = 86_400_000;
const self = fileURLToPath(import.meta.url);

export interface Row extends Document {
  readonly _id: number;
}

/** About 0.6 KB of BSON. */
export function row(index: number): Row {
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

export type Operation = 'ping' | 'findOne' | 'find' | 'updateOne' | 'insertOne';

function operationOf(client: MongoClient, operation: Operation): (index: number) => Promise<unknown> {
  const db = client.db('bench');
  const rows = db.collection<Row>('rows');
  const idOf = (index: number): number => (index * 7919) % documents;
  switch (operation) {
    case 'ping':
      return () => db.command({ ping: 1 });
    case 'findOne':
      return (index) => rows.findOne({ _id: idOf(index) });
    case 'find':
      return (index) =>
        rows
          .find({ agent: index % 200 })
          .sort({ startedAt: -1 })
          .limit(20)
          .toArray();
    case 'updateOne':
      return (index) => rows.updateOne({ _id: idOf(index) }, { $set: { status: 'done' }, $inc: { seconds: 1 } });
    case 'insertOne':
      return (index) => rows.insertOne(row(index));
  }
}

/** Runs an operation from `width` lanes; returns the milliseconds it took. */
async function inParallel(count: number, width: number, work: (index: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return performance.now() - startedAt;
}

export interface Load {
  readonly operation: Operation;
  /** Operations in all, and how many of them at once. */
  readonly count: number;
  readonly width: number;
}

/** Operations a second from one or more driver processes that share the load and begin together. */
export async function rateOf(uri: string, { operation, count, width }: Load, processes: 1 | 2): Promise<number> {
  const share = [operation, String(count / processes), String(width / processes)];
  const drivers = Array.from({ length: processes }, () => {
    const child = spawn(process.execPath, ['--import', 'tsx', self, uri, ...share], { stdio: ['pipe', 'pipe', 'inherit'] });
    return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
  });
  await Promise.all(drivers.map(({ lines }) => lines.next()));
  for (const { child } of drivers) child.stdin.write('go\n');
  const elapsedMs = await Promise.all(drivers.map(async ({ lines }) => Number((await lines.next()).value)));
  for (const { child } of drivers) if (child.exitCode === null) await once(child, 'exit');
  return count / (Math.max(...elapsedMs) / 1000);
}

if (argv[1] === self) {
  const [uri = '', operation = 'ping', count = '0', width = '1'] = argv.slice(2);
  const client = await new MongoClient(uri, { maxPoolSize: Number(width) }).connect();
  const work = operationOf(client, operation as Operation);
  // An insert cannot be rehearsed: its documents would exist already.
  const rehearsal = operationOf(client, operation === 'insertOne' ? 'ping' : (operation as Operation));
  await inParallel(3_000, Number(width), rehearsal);
  console.log('ready');
  const input = createInterface(process.stdin);
  await once(input, 'line');
  console.log(await inParallel(Number(count), Number(width), work));
  input.close();
  await client.close();
}
