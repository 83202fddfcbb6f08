import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { DataFileError } from '../../data-file.js';
import { Catalogue } from '../storage/catalogue.js';
import type { Blob } from '../storage/blobs.js';

/** The metadata of a store as of one moment, and the files that it names. */
export interface MetadataCopy {
  files(): Generator<Pick<Blob, 'id' | 'bytes' | 'sha256Hex'>>;
  /** Afterwards `target` holds the metadata and nothing else. */
  close(): Promise<void>;
}

/**
 * Copies the metadata of a data folder that may be in use, as of the moment of the call, without its free pages.
 * The files that it names lie under `blobs/` of the folder and never change; one that is gone was deleted since.
 *
 * @throws DataFileError when there is no metadata
 */
export async function copyMetadata(dataFolder: string, target: string): Promise<MetadataCopy> {
  const source = join(dataFolder, 'metadata');
  if (!existsSync(join(source, 'data.mdb'))) throw new DataFileError('There are no objects in this folder.');
  mkdirSync(target, { recursive: true, mode: 0o700 });
  const root = open({ path: source, readOnly: true, maxDbs: 8, maxReaders: 256 });
  try {
    await root.backup(target, true);
  } finally {
    await root.close();
  }
  const catalogue = new Catalogue(
    target,
    async () => undefined,
    () => undefined,
  );
  return {
    files: () => catalogue.blobs(),
    async close() {
      await catalogue.close();
      rmSync(join(target, 'lock.mdb'), { force: true });
      const file = openSync(join(target, 'data.mdb'), 'r');
      fsyncSync(file);
      closeSync(file);
    },
  };
}
