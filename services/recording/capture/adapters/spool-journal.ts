import { constants } from 'node:fs';
import { open, readdir, readFile, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

/** In the place of a position in the packet file. */
export const CALL_BEGUN = -1;
export const CALL_SEALED = -2;
export const CALL_REMOVED = -3;

/** Bytes of a call's packet file and where in it they belong, or one of the three above. */
export interface JournalEntry {
  readonly callId: string;
  readonly at: number;
  readonly body: Uint8Array;
}

const ENTRY_HEADER_BYTES = 20;
const NAME = /^journal-(\d+)\.log$/;

/**
 * One append-only file for all calls, flushed once for all of them. Each entry names the call and the place, so that replaying is safe any
 * number of times. An older journal is retired, not removed, until all that is in it stands elsewhere.
 */
export class SpoolJournal {
  #current: { readonly handle: FileHandle; readonly path: string; readonly sinceMs: number } | undefined;
  #number = 0;
  readonly #retired: string[] = [];

  constructor(private readonly folder: string) {}

  get ageMs(): number {
    return performance.now() - (this.#current?.sinceMs ?? performance.now());
  }

  /** What earlier processes left, oldest first; a torn tail was never acknowledged and is left out. These journals are retired now. */
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

  /** Begins another. One that failed may end in half an entry, so nothing is ever written behind it. */
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

  /** Everything in the retired ones stands elsewhere now. */
  async dropRetired(): Promise<void> {
    for (const path of this.#retired.splice(0)) await unlink(path);
  }

  async close(): Promise<void> {
    await this.#current?.handle.close();
    this.#current = undefined;
  }
}

/** u32 length of the body | u32 CRC-32 of the rest | f64 place in the file | u32 length of the id | id | body */
function entryHeader({ callId, at, body }: JournalEntry): Uint8Array {
  const id = Buffer.from(callId);
  const header = Buffer.alloc(ENTRY_HEADER_BYTES + id.length);
  header.writeUInt32BE(body.length, 0);
  header.writeDoubleBE(at, 8);
  header.writeUInt32BE(id.length, 16);
  id.copy(header, ENTRY_HEADER_BYTES);
  header.writeUInt32BE(crc32(body, crc32(header.subarray(8))), 4);
  return header;
}

function* wholeEntries(bytes: Buffer): Generator<JournalEntry> {
  for (let from = 0; from + ENTRY_HEADER_BYTES <= bytes.length;) {
    const bodyStart = from + ENTRY_HEADER_BYTES + bytes.readUInt32BE(from + 16);
    const end = bodyStart + bytes.readUInt32BE(from);
    if (end > bytes.length || crc32(bytes.subarray(from + 8, end)) !== bytes.readUInt32BE(from + 4)) return;
    const callId = bytes.toString('utf8', from + ENTRY_HEADER_BYTES, bodyStart);
    yield { callId, at: bytes.readDoubleBE(from + 8), body: bytes.subarray(bodyStart, end) };
    from = end;
  }
}

/** Makes the names in a folder last. */
export async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
