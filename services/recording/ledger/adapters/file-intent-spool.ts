import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntentSpool, Lease, SpooledIntent } from '../ports.js';
import { whenMissing } from '../../../shared/platform/processes/error-code.js';

interface LeaseFile {
  readonly owner: string;
  readonly leases: readonly Lease[];
  /** Versions until 2026-11-28 did not keep it. */
  readonly givenUpTo?: number;
}

const BOOT = '/proc/sys/kernel/random/boot_id';

/**
 * The ledger's own corner of the home folder: `lease.json`, `given` with the boot of the machine and the highest issued number, and
 * `intents.jsonl` while the document store is away.
 */
export function createFileIntentSpool(folder: string): IntentSpool {
  const leasePath = join(folder, 'lease.json');
  const intentsPath = join(folder, 'intents.jsonl');
  const givenPath = join(folder, 'given');
  let owner = '';
  let boot = '';
  let given: Promise<FileHandle> | undefined;

  async function lastGiven(): Promise<{ readonly lastGiven?: number }> {
    const [writtenIn, number] = ((await readFile(givenPath, 'utf8').catch(whenMissing)) ?? '').split(/\s+/);
    return writtenIn === boot && Number.isSafeInteger(Number(number)) ? { lastGiven: Number(number) } : {};
  }

  async function keep(file: LeaseFile): Promise<void> {
    const handle = await open(`${leasePath}.new`, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(file));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(`${leasePath}.new`, leasePath);
  }

  return {
    async load() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      boot = (await readFile(BOOT, 'utf8')).trim();
      const text = await readFile(leasePath, 'utf8').catch(whenMissing);
      const kept: LeaseFile = text === undefined ? { owner: randomUUID(), leases: [] } : (JSON.parse(text) as LeaseFile);
      if (text === undefined) await keep(kept);
      ({ owner } = kept);
      const lines = ((await readFile(intentsPath, 'utf8').catch(whenMissing)) ?? '').split('\n');
      return { givenUpTo: 0, ...kept, ...(await lastGiven()), waiting: lines.flatMap(readIntent) };
    },
    keepLeases: (leases, givenUpTo) => keep({ owner, leases, givenUpTo }),
    async noteGiven(number) {
      given ??= open(givenPath, constants.O_CREAT | constants.O_WRONLY, 0o600);
      // When the file could not be opened, the next number tries again.
      const handle = await given.catch((error: unknown) => {
        given = undefined;
        throw error;
      });
      // Always of one length, so that the text before is overwritten as a whole.
      await handle.write(`${boot} ${String(number).padStart(16, '0')}\n`, 0);
    },
    async append(intent) {
      const handle = await open(intentsPath, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND, 0o600);
      try {
        // The newline comes first: it closes a line that a crash left torn.
        await handle.writeFile(`\n${JSON.stringify(intent)}`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    },
    clear: () => rm(intentsPath, { force: true }),
    async close() {
      const handle = await given;
      given = undefined;
      await handle?.close();
    },
  };
}

/** A torn line was never acknowledged. */
function readIntent(line: string): SpooledIntent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as SpooledIntent];
  } catch {
    return [];
  }
}
