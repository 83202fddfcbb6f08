import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '../../../shared/platform/processes/logger.js';
import type { IntentSpool, LedgerStore } from '../ports.js';
import { RecordingLedger } from '../recording-ledger.js';
import { createFileIntentSpool } from './file-intent-spool.js';

const TOGETHER = 8;
const ROUNDS = 200;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intent-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const given = (): string => join(folder, 'given');
const noted = async (): Promise<number> => Number((await readFile(given(), 'utf8')).trim().split(' ')[1]);

/** A ledger on a disk, with a store that takes every row. */
async function begin(spool: IntentSpool = createFileIntentSpool(folder)) {
  const rows = new Set<number>();
  let next = 1;
  const leases: { owner: string; from: number; to: number }[] = [];
  const store = {
    lease: async (owner: string, size: number) => {
      leases.push({ owner, from: next, to: next + size - 1 });
      next += size;
      return leases;
    },
    intend: async ({ number }: { number: number }) => {
      rows.add(number);
      return true;
    },
    used: async () => [...rows],
  } as unknown as LedgerStore;
  const ledger = new RecordingLedger({ store, spool, log: silentLogger, steadyMs: () => 0 });
  await ledger.start();
  const intend = async (callId: string): Promise<number> => {
    const { ledgerNumber } = await ledger.intent({ callId, at: '2026-11-25T00:00:00.000Z' });
    return ledgerNumber;
  };
  return { ledger, rows, intend };
}

const openHandles = async (): Promise<number> => {
  const targets = (await readdir('/proc/self/fd')).map((fd) => readlink(join('/proc/self/fd', fd)).catch(() => ''));
  return (await Promise.all(targets)).filter((target) => target === given()).length;
};

test('of calls that come in at once the highest number stands on the disk before one of them has its own', async () => {
  const { ledger, intend } = await begin();
  const wrong: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const numbers = await Promise.all(Array.from({ length: TOGETHER }, (_, i) => intend(`c${round}-${i}`)));
    if ((await noted()) !== Math.max(...numbers)) wrong.push(round);
  }
  expect(wrong).toEqual([]);
  await ledger.close();
  expect(await noted()).toBe(ROUNDS * TOGETHER);
}, 30_000);

test('calls that come in at once open the note once, and nothing is open afterwards', async () => {
  const { ledger, intend } = await begin();
  await Promise.all(Array.from({ length: TOGETHER }, (_, i) => intend(`c${i}`)));
  expect(await openHandles()).toBe(1);
  await ledger.close();
  expect(await openHandles()).toBe(0);
});

test('the end of the ledger waits for the note that is under way', async () => {
  const spool = createFileIntentSpool(folder);
  const done: string[] = [];
  const [goOn, writing] = [new AbortController(), new AbortController()];
  const goesOn = once(goOn.signal, 'abort');
  const isWriting = once(writing.signal, 'abort');
  const { ledger, intend } = await begin({
    ...spool,
    async noteGiven(number) {
      writing.abort();
      await goesOn;
      await spool.noteGiven(number);
      done.push('noted');
    },
    async close() {
      done.push('closed');
      await spool.close();
    },
  });
  const call = intend('c1');
  await isWriting;
  const closing = ledger.close();
  goOn.abort();
  await Promise.all([call, closing]);
  expect(done).toEqual(['noted', 'closed']);
  expect(await noted()).toBe(1);
});

test('a note that the disk refuses holds up no call, and is written with the next number that it takes', async () => {
  const { ledger, rows, intend } = await begin();
  await mkdir(given());
  expect(await Promise.all([intend('c1'), intend('c2')])).toEqual([1, 2]);
  expect([...rows]).toEqual([1, 2]);
  await rmdir(given());
  expect(await intend('c3')).toBe(3);
  expect(await noted()).toBe(3);
  await ledger.close();
});
