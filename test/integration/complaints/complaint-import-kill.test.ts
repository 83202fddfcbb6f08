import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '../../support/until.js';
import { ComplaintRig } from './complaint-rig.js';

// An import is killed with SIGKILL while its lines are staged, and while its cases appear. Nothing stays half done.

jest.setTimeout(180_000);

const LINES = 4_000;
let rig: ComplaintRig;
let file: string;

beforeAll(async () => {
  rig = await ComplaintRig.start([['boss', 'supervisor']]);
  // The rules exist once a worker has started.
  const worker = rig.worker();
  await worker.start();
  await worker.stop();
  file = join(rig.stores.folder, 'cases.csv');
  const lines = Array.from(
    { length: LINES },
    (_, i) => `mail,waiting,138${String(i).padStart(8, '0')},waited too long,2026-03-02T02:00:00Z`,
  );
  writeFileSync(file, ['source,kind,number,text,receivedAt', ...lines].join('\n'));
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());

function spawnWorker(...job: readonly string[]): ChildProcess & AsyncDisposable {
  const script = join(import.meta.dirname, 'complaint-worker.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(rig.env), ...job], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return Object.assign(child, {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  });
}

const count = (collection: string): Promise<number> => rig.stores.mongo.collection(collection).countDocuments();
async function killedWhen(child: ChildProcess, reached: () => Promise<boolean>): Promise<void> {
  const exited = once(child, 'exit');
  await until(reached, Boolean, 60_000);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
}

test('killed while its lines are staged, an import leaves no case, and what lay there is swept', async () => {
  await using child = spawnWorker('import', file);
  await killedWhen(child, async () => (await count('complaint_import_pieces')) >= 2);
  const pieces = await count('complaint_import_pieces');
  expect(pieces).toBeLessThan(LINES / 250);
  expect([await count('complaints'), await count('complaint_imports')]).toEqual([0, 0]);
  // An hour later.
  const anHourAgo = new Date(Date.now() - 3_700_000);
  await rig.stores.mongo.collection('complaint_import_pieces').updateMany({}, { $set: { stagedAt: anHourAgo } });
  await using worker = spawnWorker('work');
  expect(worker.pid).toBeDefined();
  await until(
    () => count('complaint_import_pieces'),
    (left) => left === 0,
    60_000,
  );
  expect(await count('complaints')).toBe(0);
});

test('killed while its cases appear, an import is carried on by the next process: each case once, with its own number', async () => {
  await using taken = spawnWorker('import', file);
  await once(taken, 'exit');
  expect(await count('complaint_imports')).toBe(1);
  {
    await using worker = spawnWorker('work');
    await killedWhen(worker, async () => (await count('complaints')) > 0);
  }
  const landed = await count('complaints');
  expect(landed).toBeLessThan(LINES);
  await using next = spawnWorker('work');
  expect(next.pid).toBeDefined();
  await until(async () => (await rig.stores.mongo.collection('complaint_imports').findOne({}))?.['doneAt'] !== undefined, Boolean, 120_000);
  const cases = await rig.stores.mongo
    .collection('complaints')
    .find({}, { projection: { number: 1, 'complainant.numberHash': 1 } })
    .toArray();
  expect(cases).toHaveLength(LINES);
  expect(new Set(cases.map(({ number }) => String(number))).size).toBe(LINES);
  expect(new Set(cases.map(({ complainant }) => (complainant as { numberHash: string }).numberHash)).size).toBe(LINES);
  expect(await count('complaint_import_pieces')).toBe(0);
});
