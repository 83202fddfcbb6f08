import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, linkFile } from './files.js';

/**
 * Hard links to the files of stored objects, on their own disk: an object that is deleted during a backup is still there for it. If the
 * disk does not support links, nothing is held, and a deletion makes the backup start again.
 */
export class HeldObjects {
  readonly #blobs: string;
  readonly #folder: string;

  /** Removes what one that was killed has left. */
  constructor(blobs: string, folder: string) {
    this.#blobs = blobs;
    this.#folder = folder;
    this.release();
  }

  /** Holds all that are there now, but for those that somebody else has. */
  holdAll(isHeldElsewhere: (id: string) => boolean): void {
    for (const id of filesUnder(this.#blobs)) if (!isHeldElsewhere(id)) this.hold(id);
  }

  hold(id: string): void {
    linkFile(join(this.#blobs, id), join(this.#folder, id));
  }

  /** Where the bytes of an object are read. */
  pathOf(id: string): string {
    const held = join(this.#folder, id);
    return existsSync(held) ? held : join(this.#blobs, id);
  }

  release(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
