import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workshop } from '../pack/pack-needs.js';
import { writeCsv } from './csv-file.js';

/** Folders under `<home>/evidence/work`. Folders that exist at the start belong to a process that has ended. */
export function createWorkshops(home: string): { open(packId: string, fileName: string): Promise<Workshop>; sweep(): Promise<void> } {
  const root = join(home, 'evidence', 'work');
  const outbox = join(home, 'evidence', 'packs');
  return {
    async open(packId, fileName) {
      const folder = join(root, packId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await mkdir(outbox, { recursive: true, mode: 0o700 });
      const pathOf = (name: string): string => join(folder, `${name}.csv`);
      return {
        keep: (name, columns, rows, seen) => writeCsv(pathOf(name), columns, rows, seen),
        pathOf,
        archivePath: join(outbox, fileName),
        clear: () => rm(folder, { recursive: true, force: true }),
      };
    },
    async sweep() {
      await rm(root, { recursive: true, force: true });
      for (const name of await readdir(outbox).catch(() => [])) if (name.endsWith('.part')) await rm(join(outbox, name), { force: true });
    },
  };
}

/** Files that every pack contains unchanged. They are next to the sources, because the compiler does not copy them. */
export async function readFixedFiles(): Promise<{ readonly name: string; readonly body: Uint8Array }[]> {
  return Promise.all(['verify.html', 'recompute.py'].map(async (name) => ({ name, body: await readFile(join(verifierFolder, name)) })));
}

/** The folder of `verify.html` and `recompute.py`. */
export const verifierFolder = new URL('../verifier/', import.meta.url).pathname.replace('/dist/services/', '/services/');
