import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { fillCalls } from '../../../bench/support/evidence-support.js';
import { verifyPack } from '../../../services/evidence/index.js';
import { EvidenceSite } from './evidence-support.js';
import { spawnMounted } from '../mounted.js';

// A pack is made while its disk fills, while its process is killed, and while the clock is set back.

jest.setTimeout(240_000);

let site: EvidenceSite;
const period = { from: '2026-10-01', to: '2026-10-31' };

beforeAll(async () => {
  site = await EvidenceSite.start();
  // The workers of this file are processes of their own.
  await site.worker.stop();
  await fillCalls(site.mongo, Date.parse('2026-10-01T00:00:00+08:00'), 20, 280);
});

afterAll(async () => {
  await (site as EvidenceSite | undefined)?.[Symbol.asyncDispose]();
});

interface Line {
  readonly step: string;
  readonly failed?: string;
  readonly files: readonly string[];
}

const argumentsOf = (home: string): string[] => [
  join(import.meta.dirname, 'evidence-worker.ts'),
  JSON.stringify({ ...site.env, PROOFLINE_HOME: home }),
];

function spawnWorker(home: string): ChildProcess & AsyncDisposable {
  const child = spawn(process.execPath, ['--import', 'tsx', ...argumentsOf(home)], {
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

/** Orders a pack once the worker is ready; resolves with the worker's lines up to the one that is wanted. */
async function linesUntil(child: ChildProcess, wanted: (line: Line) => boolean): Promise<Line[]> {
  const lines: Line[] = [];
  if (child.stdout === null) throw new Error('the worker has no output');
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    if (line.step === 'ready')
      await site.commands.send('evidence.make-pack', { kind: 'inspection', ...period, requestedBy: 'test' }, { timeoutMs: 20_000 });
    if (wanted(line)) return lines;
  }
  throw new Error(`the worker ended after ${JSON.stringify(lines.at(-1))}`);
}

test('a disk that fills ends the pack with its reason and leaves nothing of it', async () => {
  const home = join(site.home, 'small-disk');
  await mkdir(home);
  // The rows of the period alone are larger than the disk.
  await using child = spawnMounted(1, home, argumentsOf(home));
  const last = (await linesUntil(child, ({ step }) => step === 'failed' || step === 'sealed')).at(-1);
  expect(last).toMatchObject({ step: 'failed', failed: 'disk-full', files: [] });
  expect(await site.mongo.collection('evidence_packs').countDocuments()).toBe(0);
});

test('kill -9 in the middle leaves no pack; the next start sweeps what lay there and the next pack is whole', async () => {
  const home = join(site.home, 'killed');
  await mkdir(home);
  {
    await using child = spawnWorker(home);
    const lines = await linesUntil(child, ({ step }) => step.startsWith('document:'));
    expect(lines.at(-1)?.files.join()).toMatch(/^proofline-JC-\d{8}-0001\.zip\.part$/);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  const outbox = join(home, 'evidence', 'packs');
  expect((await readdir(outbox)).filter((name) => name.endsWith('.zip'))).toEqual([]);
  expect(await site.mongo.collection('evidence_packs').countDocuments()).toBe(0);
  expect(await site.mongo.collection('evidence_jobs').countDocuments({ state: 'running' })).toBe(1);

  await using child = spawnWorker(home);
  const lines = await linesUntil(child, ({ step }) => step === 'failed' || step === 'sealed');
  expect(lines[0]).toEqual({ step: 'ready', files: [] });
  expect(lines.at(-1)?.step).toBe('sealed');
  const [name = ''] = await readdir(outbox);
  expect(await verifyPack(join(outbox, name))).toMatchObject({ ok: true, manifest: { number: 1, previous: null } });
  expect(await site.mongo.collection('evidence_jobs').countDocuments({ state: 'failed', reason: 'interrupted' })).toBe(1);
});

test.each<[string, number, boolean]>([
  // The contents of the pack date from before: only the order of the packs shows the change.
  ['a second', 1_000, true],
  // Nobody can have packed what happened a year later.
  ['a year', 365 * 86_400_000, false],
])('a clock that was set back by %s keeps the order of the chain, and the pack says so', async (_by, backMs, holds) => {
  const last = await site.mongo.collection('evidence_packs').findOne({}, { sort: { number: -1 } });
  const before = new Date((last as unknown as { madeAt: Date }).madeAt.getTime() - backMs);
  site.worker = site.newWorker(() => before);
  await site.worker.start();
  expect(await site.makePack('inspection', period.from, period.to)).toMatchObject({ step: 'sealed' });
  const made = await site.mongo.collection('evidence_packs').findOne({}, { sort: { number: -1 } });
  const { manifest, ok, findings } = await verifyPack(join(site.home, 'evidence', 'packs', made?.['fileName'] as string));
  expect(manifest).toMatchObject({
    number: (last?.['number'] as number) + 1,
    previous: last?.['manifestSha256'] as string,
    madeAt: before.toISOString(),
    clock: 'before-the-last-pack',
  });
  expect(findings.map(({ code }) => code)).toContain('clock-before-last');
  expect({ ok, later: findings.some(({ code }) => code === 'row-after-making') }).toEqual({ ok: holds, later: !holds });
});
