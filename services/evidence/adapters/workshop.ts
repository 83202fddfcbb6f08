import { mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { Say } from '../../shared/domain/language.js';
import type { Workshop } from '../pack/pack-needs.js';
import { readableRows } from '../quality/readable-rows.js';
import { isRowFile } from '../quality/row-fields.js';
import { writeCsv } from './csv-file.js';

/** Folders under `<home>/evidence/work`. Folders that exist at the start belong to a process that has ended. */
export function createWorkshops(
  home: string,
  zone: string,
): { open(packId: string, fileName: string, say: Say): Promise<Workshop>; sweep(): Promise<void> } {
  const siteTime = siteClock(zone);
  const root = join(home, 'evidence', 'work');
  const outbox = join(home, 'evidence', 'packs');
  return {
    async open(packId, fileName, say) {
      const folder = join(root, packId);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await mkdir(outbox, { recursive: true, mode: 0o700 });
      const pathOf = (name: string): string => join(folder, `${name}.csv`);
      const tablePathOf = (name: string): string => join(folder, `${name}.table.csv`);
      return {
        keep: (name, columns, rows, seen) =>
          writeCsv(
            pathOf(name),
            columns,
            rows,
            seen,
            isRowFile(name) ? { path: tablePathOf(name), rows: readableRows(name, say, siteTime) } : undefined,
          ),
        pathOf,
        tablePathOf,
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

const OFFSET_FOR_MS = 900_000;

/**
 * A moment as `2026-10-01 09:30:00` at the site. It is called millions of times, so the offset of each quarter of an hour is looked up only
 * once.
 */
function siteClock(zone: string): (atMs: number) => string {
  const offsets = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor(atMs / OFFSET_FOR_MS);
    let offsetMs = offsets.get(quarter);
    if (offsetMs === undefined) {
      if (offsets.size > 10_000) offsets.clear();
      offsets.set(quarter, (offsetMs = DateTime.fromMillis(quarter * OFFSET_FOR_MS, { zone }).offset * 60_000));
    }
    return new Date(atMs + offsetMs).toISOString().slice(0, 19).replace('T', ' ');
  };
}

/** Files that every pack contains unchanged. They are next to the sources, because the compiler does not copy them. */
export async function readFixedFiles(): Promise<{ readonly name: string; readonly body: Uint8Array }[]> {
  return Promise.all(['verify.html', 'recompute.py'].map(async (name) => ({ name, body: await readFile(join(verifierFolder, name)) })));
}

/** The folder of `verify.html` and `recompute.py`. */
export const verifierFolder = new URL('../verifier/', import.meta.url).pathname.replace('/dist/services/', '/services/');
