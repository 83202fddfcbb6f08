import { constants } from 'node:fs';
import { open, readdir, readFile, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { entryHeader, wholeEntries, type JournalEntry } from './spool-entry.js';
import { flushFolder } from './spool-folders.js';

const NAME = /^journal-(\d+)\.log$/;

/**
 * One append-only file for all calls, flushed once for all of them. Each entry names the call and the position, so that replaying is safe
 * any number of times. An older journal is retired, not removed, until all of its contents are stored elsewhere.
 */
export class SpoolJournal {
  #current: { readonly handle: FileHandle; readonly path: string; readonly sinceMs: number } | undefined;
  #number = 0;
  readonly #retired: string[] = [];

  constructor(private readonly folder: string) {}

  get ageMs(): number {
    return performance.now() - (this.#current?.sinceMs ?? performance.now());
  }

  /** The entries of earlier processes, oldest first. A torn end was never acknowledged and is left out. These journals are retired now. */
  async left(): Promise<JournalEntry[]> {
    const names = (await readdir(this.folder)).filter((name) => NAME.test(name)).sort();
    const entries: JournalEntry[] = [];
    for (const name of names) {
      this.#retired.push(join(this.folder, name));
      this.#number = Math.max(this.#number, Number(NAME.exec(name)?.[1]));
      for (const entry of wholeEntries(await readFile(join(this.folder, name)))) entries.push(entry);
    }
    return entries;
  }

  /** Begins the next journal. A failed journal may end in half an entry, so nothing is appended to it. */
  async open(): Promise<void> {
    this.#number += 1;
    const path = join(this.folder, `journal-${String(this.#number).padStart(10, '0')}.log`);
    const handle = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND, 0o600);
    const old = this.#current;
    this.#current = { handle, path, sinceMs: performance.now() };
    if (old !== undefined) {
      this.#retired.push(old.path);
      await old.handle.close();
    }
    await flushFolder(this.folder);
  }

  /** All in one write and one flush. */
  async write(entries: readonly JournalEntry[]): Promise<void> {
    const handle = this.#current?.handle;
    if (handle === undefined) throw new Error('the journal of the spool is closed');
    const whole = Buffer.concat(entries.flatMap((entry) => [entryHeader(entry), entry.body]));
    for (let at = 0; at < whole.length;) at += (await handle.write(whole, at)).bytesWritten;
    await handle.datasync();
  }

  /** Everything in the retired journals is stored elsewhere now. */
  async dropRetired(): Promise<void> {
    for (const path of this.#retired.splice(0)) await unlink(path);
  }

  async close(): Promise<void> {
    await this.#current?.handle.close();
    this.#current = undefined;
  }
}
