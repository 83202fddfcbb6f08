import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { MANIFEST } from '../pack/manifest.js';
import { readPackFile } from './pack-verifier.js';
import { createZip } from './zip-writer.js';

const Listed = z.object({ files: z.array(z.object({ name: z.string() })) });

/** The names of the files that the manifest of a pack lists. */
export async function packFiles(path: string): Promise<readonly string[]> {
  const manifest = await readPackFile(path, MANIFEST);
  return manifest === undefined ? [] : Listed.parse(JSON.parse(manifest.toString('utf8'))).files.map(({ name }) => name);
}

/** A ZIP of some files of a pack, without their folder. It is on the disk only while it is read. */
export async function excerptOf(path: string, names: readonly string[], folder: string): Promise<AsyncIterable<Uint8Array>> {
  const work = await mkdtemp(join(tmpdir(), 'proofline-submission-'));
  try {
    const target = join(work, 'submission.zip');
    const archive = await createZip(target);
    try {
      for (const name of names) {
        const body = await readPackFile(path, name);
        if (body !== undefined) await archive.add(name.slice(folder.length), body, { stored: !name.endsWith('.pdf') });
      }
      await archive.close();
    } catch (error) {
      await archive.abandon();
      throw error;
    }
    const stream = createReadStream(target);
    await once(stream, 'open');
    return stream;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
