import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { IntentSpool, Lease, SpooledIntent } from '../ports.js';
import { whenMissing } from '../../../shared/platform/error-code.js';

interface LeaseFile {
  readonly owner: string;
  readonly leases: readonly Lease[];
}

/** The ledger's own corner of the home folder: `lease.json`, and `intents.jsonl` while the document store is away. */
export function createFileIntentSpool(folder: string): IntentSpool {
  const leasePath = join(folder, 'lease.json');
  const intentsPath = join(folder, 'intents.jsonl');
  let owner = '';

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
      const text = await readFile(leasePath, 'utf8').catch(whenMissing);
      const kept: LeaseFile = text === undefined ? { owner: randomUUID(), leases: [] } : (JSON.parse(text) as LeaseFile);
      if (text === undefined) await keep(kept);
      ({ owner } = kept);
      const lines = ((await readFile(intentsPath, 'utf8').catch(whenMissing)) ?? '').split('\n');
      return { ...kept, waiting: lines.flatMap(readIntent) };
    },
    keepLeases: (leases) => keep({ owner, leases }),
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
