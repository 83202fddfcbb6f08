import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { PackRecord, PackStore } from '../ports.js';

/**
 * Copies of sealed archives on this machine's disk, for reading: the newest one stays, others are removed. A copy is compared with the
 * digest of the record while it is made. A different one fails with `wrong-state`, because it is no longer what was sealed.
 */
export function createArchiveCopies(home: string, packs: Pick<PackStore, 'read'>): (pack: PackRecord) => Promise<string> {
  const folder = join(home, 'evidence', 'looked-at');
  let last: Promise<unknown> = Promise.resolve();

  async function copyOf(pack: PackRecord): Promise<string> {
    const path = join(folder, pack.fileName);
    const there = await stat(path).catch(() => undefined);
    if (there?.size === pack.sizeBytes) return path;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) await rm(join(folder, name), { force: true });
    const hash = createHash('sha256');
    await pipeline(
      await packs.read(pack),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(`${path}.part`, { mode: 0o600 }),
    );
    if (hash.digest('hex') !== pack.sha256) {
      await rm(`${path}.part`, { force: true });
      throw new CallCentreError('wrong-state', 'The stored archive is not the one that was sealed.');
    }
    await rename(`${path}.part`, path);
    return path;
  }
  // One after the other: two readers of different packs must not remove each other's copy half-way.
  return (pack) => {
    const copy = last.then(() => copyOf(pack));
    last = copy.catch(() => undefined);
    return copy;
  };
}
