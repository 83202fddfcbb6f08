import { cpSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFileSpool } from '../../../services/recording/capture/adapters/file-spool.js';
import type { Spool, SpoolFile } from '../../../services/recording/capture/ports.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { removeFolder, temporaryFolder } from './recording-support.js';

// The disk is real. A crash is a copy of what the disk holds right after a flush, from which another spool starts.
const NEVER_MS = 3_600_000;
const BLOCK = new Uint8Array(60 * 1024).fill(7);
let root: string;
let made = 0;

beforeAll(async () => {
  root = await temporaryFolder();
});
afterAll(() => removeFolder(root));

const header = (callId: string) => ({
  callId,
  ledgerNumber: 1,
  relay: 'r',
  mediaCallId: callId,
  callerTag: 'A',
  farTag: 'far',
  originWallMs: 5,
});
const spoolIn = (folder: string, turnOverEveryMs = NEVER_MS): Spool => createFileSpool({ folder, log: silentLogger, turnOverEveryMs });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = async (file: SpoolFile | undefined): Promise<string> => new TextDecoder().decode(await file?.read(0));

async function begin(turnOverEveryMs?: number): Promise<{ folder: string; spool: Spool }> {
  made += 1;
  const folder = join(root, `spool-${made}`);
  await mkdir(folder);
  const spool = spoolIn(folder, turnOverEveryMs);
  await spool.start();
  return { folder, spool };
}

/** What the next process finds after a crash. */
async function afterCrash<T>(folder: string, look: (spool: Spool, copy: string) => Promise<T>): Promise<T> {
  made += 1;
  const copy = join(root, `crashed-${made}`);
  copyNow(folder, copy);
  const next = spoolIn(copy);
  await next.start();
  try {
    return await look(next, copy);
  } finally {
    await next.stop();
  }
}

/** Nothing else runs meanwhile except a thread that is busy: when it renames a file at that moment, the copy is made once more. */
function copyNow(folder: string, copy: string, tries = 5): void {
  try {
    cpSync(folder, copy, { recursive: true });
  } catch (error) {
    if (tries === 1) throw error;
    rmSync(copy, { recursive: true, force: true });
    copyNow(folder, copy, tries - 1);
  }
}

const foldersOf = (folder: string): Promise<string[]> => readdir(join(folder, 'calls'));

describe('a short call', () => {
  test('lives in the journal alone, and a crash gives all of it back', async () => {
    const { folder, spool } = await begin();
    const file = await spool.create(header('short'));
    file.append(bytes('one '));
    await file.settle();
    file.append(bytes('two'));
    expect(await text(file)).toBe('one two');
    await spool.keepSealed('short', bytes('sealed'));
    expect(await foldersOf(folder)).toEqual([]);
    expect(spool.list()).toEqual(['short']);
    await afterCrash(folder, async (next) => {
      expect(next.list()).toEqual(['short']);
      const again = await next.open('short');
      expect(again?.header).toEqual(header('short'));
      expect(await text(again)).toBe('one two');
      expect(await next.sealed('short')).toEqual(Buffer.from('sealed'));
    });
    await spool.stop();
  });

  test('that was removed does not come back', async () => {
    const { folder, spool } = await begin();
    const file = await spool.create(header('gone'));
    file.append(bytes('sound'));
    await file.settle();
    await spool.remove('gone');
    expect(spool.list()).toEqual([]);
    // The next flush, of whatever it is, also writes that the recording is gone.
    await (await spool.create(header('next'))).settle();
    expect(await afterCrash(folder, async (next) => next.list())).toEqual(['next']);
    await spool.stop();
  });

  test('gets its folder when the journal is turned over, and the old journal goes', async () => {
    const { folder, spool } = await begin(0);
    const file = await spool.create(header('turned'));
    file.append(bytes('sound'));
    await spool.keepSealed('turned', bytes('sealed'));
    await file.settle();
    expect((await readdir(join(folder, 'calls', 'turned'))).sort()).toEqual(['call.json', 'packets.log', 'sealed']);
    expect((await readdir(folder)).filter((name) => name.startsWith('journal')).length).toBe(1);
    file.append(bytes(' and more'));
    await file.settle();
    await afterCrash(folder, async (next) => {
      expect(await text(await next.open('turned'))).toBe('sound and more');
      expect(await next.sealed('turned')).toEqual(Buffer.from('sealed'));
    });
    await spool.stop();
  });
});

describe('a call that lasts', () => {
  test('has a folder, and after a crash what the folder lacks comes from the journal', async () => {
    const { folder, spool } = await begin();
    const file = await spool.create(header('long'));
    file.append(BLOCK);
    await file.settle();
    expect((await file.read(0)).length).toBe(BLOCK.length);
    file.append(bytes('tail'));
    await file.settle();
    const path = join(folder, 'calls', 'long', 'packets.log');
    await truncate(path, 100);
    await afterCrash(folder, async (next) => {
      const back = await (await next.open('long'))?.read(BLOCK.length - 1);
      expect(back).toEqual(new Uint8Array([7, ...bytes('tail')]));
    });
    await spool.keepSealed('long', bytes('sealed'));
    expect(await readFile(join(folder, 'calls', 'long', 'sealed'), 'utf8')).toBe('sealed');
    await spool.remove('long');
    expect(await foldersOf(folder)).toEqual([]);
    expect(await afterCrash(folder, async (next) => next.list())).toEqual([]);
    await spool.stop();
  });
});

test('a disk that takes no folder for a while costs nothing: the journal has it, and the folder is made when it can be', async () => {
  const { folder, spool } = await begin();
  await rm(join(folder, 'calls'), { recursive: true });
  await writeFile(join(folder, 'calls'), 'in the way');
  const file = await spool.create(header('refused'));
  file.append(BLOCK);
  await file.settle();
  await expect(spool.keepSealed('refused', bytes('sealed'))).resolves.toBeUndefined();
  // The failure is reported as long as it lasts, however often the journal is flushed meanwhile, and blocks nothing.
  while (spool.state().failure === undefined) await new Promise((resolve) => setImmediate(resolve));
  await file.settle();
  await file.settle();
  expect(spool.state().failure).toBeDefined();
  await rm(join(folder, 'calls'));
  await mkdir(join(folder, 'calls'));
  file.append(bytes('tail'));
  await file.settle();
  while (spool.state().failure !== undefined) await new Promise((resolve) => setImmediate(resolve));
  expect((await file.read(0)).length).toBe(BLOCK.length + 'tail'.length);
  await afterCrash(folder, async (next) => {
    expect((await (await next.open('refused'))?.read(0))?.length).toBe(BLOCK.length + 'tail'.length);
    expect(await next.sealed('refused')).toEqual(Buffer.from('sealed'));
  });
  await spool.remove('refused');
  expect(await foldersOf(folder)).toEqual([]);
  await spool.stop();
});

test('a journal that is cut anywhere gives back whole entries and nothing else', async () => {
  const { folder, spool } = await begin();
  const file = await spool.create(header('cut'));
  for (const word of ['first ', 'second ', 'third']) {
    file.append(bytes(word));
    await file.settle();
  }
  const name = (await readdir(folder)).find((each) => each.startsWith('journal')) ?? '';
  const whole = await readFile(join(folder, name));
  await spool.stop();
  const found = new Set<string>();
  for (let length = 0; length <= whole.length; length += 7) {
    made += 1;
    const copy = join(root, `cut-${made}`);
    await mkdir(copy);
    await writeFile(join(copy, name), whole.subarray(0, length));
    const next = spoolIn(copy);
    await next.start();
    found.add(next.list().length === 0 ? 'nothing' : await text(await next.open('cut')));
    await next.stop();
  }
  expect([...found]).toEqual(['nothing', '', 'first ', 'first second ']);
});

type Deed = { readonly call: number; readonly deed: 'append' | 'block' | 'settle' | 'seal' | 'remove' };

test('whatever was done, a crash gives back what was settled of every call that was not removed', async () => {
  const deeds = fc.array(
    fc.record({ call: fc.nat({ max: 3 }), deed: fc.constantFrom('append', 'append', 'block', 'settle', 'seal', 'remove') }),
    { minLength: 1, maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(deeds, fc.constantFrom(0, NEVER_MS), async (list: readonly Deed[], turnOverEveryMs) => {
      const { folder, spool } = await begin(turnOverEveryMs);
      const all = new Map<string, { file: SpoolFile; appended: number; settled: number; sealed: boolean }>();
      const removed = new Set<string>();
      for (const { call, deed } of list) {
        const callId = `c${call}`;
        if (removed.has(callId)) continue;
        const known = all.get(callId) ?? { file: await spool.create(header(callId)), appended: 0, settled: 0, sealed: false };
        all.set(callId, known);
        if (deed === 'append' || deed === 'block') {
          const record = deed === 'block' ? BLOCK : bytes('sound');
          known.file.append(record);
          known.appended += record.length;
        } else if (deed === 'remove') {
          await spool.remove(callId);
          all.delete(callId);
          removed.add(callId);
        } else {
          if (deed === 'seal') await spool.keepSealed(callId, bytes('sealed'));
          known.sealed ||= deed === 'seal';
          await known.file.settle();
          for (const each of all.values()) each.settled = each.appended;
        }
        if (deed !== 'remove') expect((await known.file.read(0)).length).toBe(known.appended);
      }
      const one = [...all.values()][0];
      await one?.file.settle();
      for (const each of all.values()) each.settled = each.appended;
      for (const each of all.values()) {
        each.file.append(bytes('unsettled'));
        each.appended += 'unsettled'.length;
      }
      await afterCrash(folder, async (next) => {
        for (const [callId, { settled, appended, sealed }] of all) {
          const length = (await (await next.open(callId))?.read(0))?.length ?? 0;
          expect(length).toBeGreaterThanOrEqual(settled);
          expect(length).toBeLessThanOrEqual(appended);
          if (sealed) expect(await next.sealed(callId)).toEqual(Buffer.from('sealed'));
        }
      });
      await spool.stop();
    }),
    { numRuns: 40 },
  );
}, 120_000);
