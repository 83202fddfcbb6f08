import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rmdir, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Logger } from '../../../shared/platform/logger.js';
import { errorCode } from '../../error-code.js';
import type { Spool, SpoolFile, SpoolHeader } from '../ports.js';

const FLUSH_EVERY_MS = 100;
/** Call files are written in larger blocks than the journal: they need no flush of their own until the journal is turned over. */
const BLOCK_BYTES = 48 * 1024;
/** About six minutes of one call. */
const MOST_PENDING_BYTES = 8 * 1024 * 1024;
const TURN_OVER_EVERY_MS = 30_000;
const PACKETS = 'packets.log';
const HEADER = 'call.json';
const ENTRY_HEADER_BYTES = 20;

interface OpenFile {
  readonly header: SpoolHeader;
  handle: FileHandle | undefined;
  /** Appended and not yet in the journal. */
  pending: Uint8Array[];
  pendingBytes: number;
  /** In the journal and not yet in the file. */
  unwritten: Uint8Array[];
  unwrittenBytes: number;
  /** Bytes of the file that are written. */
  writtenBytes: number;
  /** Bytes that the journal has. */
  journaledBytes: number;
  writing: Promise<void>;
}

/**
 * The spool: a folder per call with its packet file, and one journal for all calls. What arrives goes to the journal, which is flushed
 * every 100 ms, once for all calls; the packet files are filled from memory in larger blocks and flushed when the journal is turned over.
 * After a crash the journal fills what the packet files lack: each entry names the place where its bytes belong, so that replaying is
 * safe any number of times.
 */
export function createFileSpool({ folder, log }: { readonly folder: string; readonly log: Logger }): Spool {
  const files = new Map<string, OpenFile>();
  let journal: { handle: FileHandle; path: string; sinceMs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  let lastFlushMs = 0;
  let failure: string | undefined;
  let journalNumber = 0;
  /** Journals that are no longer written and not yet covered by the call files. */
  const retired: string[] = [];

  const folderOf = (callId: string): string => join(folder, 'calls', callId);

  /** A journal that failed may end in half an entry, so nothing is ever written behind it. */
  async function openJournal(): Promise<void> {
    journalNumber += 1;
    const path = join(folder, `journal-${String(journalNumber).padStart(10, '0')}.log`);
    const handle = await open(path, constants.O_CREAT | constants.O_WRONLY | constants.O_APPEND, 0o600);
    const old = journal;
    journal = { handle, path, sinceMs: performance.now() };
    if (old !== undefined) {
      retired.push(old.path);
      await old.handle.close();
    }
    await flushFolder(folder);
  }

  async function turnOver(): Promise<void> {
    await openJournal();
    await Promise.all(
      [...files.values()].map(async (file) => {
        await writeOut(file);
        await file.handle?.datasync();
      }),
    );
    for (const path of retired.splice(0)) await unlink(path);
  }

  /** Everything pending goes into one write of the journal and is flushed with it. */
  async function flush(): Promise<void> {
    if (failure !== undefined) await openJournal();
    const current = journal;
    if (current === undefined) return;
    const entries: Uint8Array[] = [];
    const taken: { file: OpenFile; chunks: Uint8Array[]; bytes: number }[] = [];
    for (const file of files.values()) {
      if (file.pending.length === 0) continue;
      const body = Buffer.concat(file.pending);
      taken.push({ file, chunks: file.pending, bytes: body.length });
      file.pending = [];
      file.pendingBytes = 0;
      entries.push(entryHeader(file.header.callId, file.journaledBytes, body), body);
      file.journaledBytes += body.length;
    }
    if (entries.length > 0) {
      try {
        await writeAll(current.handle, entries);
        await current.handle.datasync();
      } catch (error) {
        for (const { file, chunks, bytes } of taken) {
          file.pending.unshift(...chunks);
          file.pendingBytes += bytes;
          file.journaledBytes -= bytes;
        }
        throw error;
      }
      for (const { file, chunks, bytes } of taken) {
        file.unwritten.push(...chunks);
        file.unwrittenBytes += bytes;
        if (file.unwrittenBytes >= BLOCK_BYTES) void writeOut(file).catch(noteFailure);
      }
    }
    lastFlushMs = performance.now();
    failure = undefined;
    if (performance.now() - current.sinceMs > TURN_OVER_EVERY_MS) await turnOver();
  }

  function noteFailure(error: unknown): void {
    failure = String(errorCode(error) ?? 'unknown');
    log.error({ err: error }, 'the recording spool cannot be written');
  }

  function flushSoon(): Promise<void> {
    flushing = flushing.then(flush).catch(noteFailure);
    return flushing;
  }

  function writeOut(file: OpenFile): Promise<void> {
    file.writing = file.writing.then(async () => {
      if (file.unwritten.length === 0 || file.handle === undefined) return;
      const block = Buffer.concat(file.unwritten);
      const at = file.writtenBytes;
      file.unwritten = [];
      file.unwrittenBytes = 0;
      file.writtenBytes += block.length;
      await file.handle.write(block, 0, block.length, at);
    });
    return file.writing;
  }

  function spoolFile(file: OpenFile): SpoolFile {
    const { callId } = file.header;
    return {
      header: file.header,
      append(record) {
        // Only while the disk refuses: what is left out here is found and declared by the account.
        if (file.pendingBytes > MOST_PENDING_BYTES) return;
        file.pending.push(record);
        file.pendingBytes += record.length;
      },
      async settle() {
        await flushSoon();
        if (failure !== undefined) throw new Error(`the recording spool cannot be written (${failure})`);
      },
      async read(from) {
        await flushSoon();
        await writeOut(file);
        const handle = await open(join(folderOf(callId), PACKETS), 'r');
        try {
          const { size } = await handle.stat();
          const bytes = new Uint8Array(Math.max(0, size - from));
          let filled = 0;
          while (filled < bytes.length) {
            const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
            if (bytesRead === 0) break;
            filled += bytesRead;
          }
          return bytes.subarray(0, filled);
        } finally {
          await handle.close();
        }
      },
      async close() {
        await flushSoon();
        await writeOut(file);
        await file.handle?.datasync();
        await file.handle?.close();
        file.handle = undefined;
        files.delete(callId);
      },
    };
  }

  async function openFile(header: SpoolHeader): Promise<SpoolFile> {
    const handle = await open(join(folderOf(header.callId), PACKETS), constants.O_CREAT | constants.O_RDWR, 0o600);
    const { size } = await handle.stat();
    const file: OpenFile = {
      header,
      handle,
      pending: [],
      pendingBytes: 0,
      unwritten: [],
      unwrittenBytes: 0,
      writtenBytes: size,
      journaledBytes: size,
      writing: Promise.resolve(),
    };
    files.set(header.callId, file);
    return spoolFile(file);
  }

  return {
    async start() {
      await mkdir(join(folder, 'calls'), { recursive: true, mode: 0o700 });
      journalNumber = await replayJournals(folder, folderOf);
      await openJournal();
      timer = setInterval(() => void flushSoon(), FLUSH_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await flushSoon();
      for (const file of files.values()) {
        await writeOut(file);
        await file.handle?.datasync();
        await file.handle?.close();
      }
      files.clear();
      await journal?.handle.close();
      journal = undefined;
    },
    async create(header) {
      const open = files.get(header.callId);
      if (open !== undefined) return spoolFile(open);
      const path = folderOf(header.callId);
      await mkdir(path, { recursive: true, mode: 0o700 });
      await writeDurably(join(path, HEADER), JSON.stringify(header));
      await flushFolder(path);
      await flushFolder(join(folder, 'calls'));
      return openFile(header);
    },
    async open(callId) {
      const open = files.get(callId);
      if (open !== undefined) return spoolFile(open);
      try {
        return await openFile(JSON.parse(await readFile(join(folderOf(callId), HEADER), 'utf8')) as SpoolHeader);
      } catch (error) {
        // No header: the crash came before the call was begun here.
        if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    list: () => readdir(join(folder, 'calls')),
    folderOf,
    async remove(callId) {
      await files.get(callId)?.handle?.close();
      files.delete(callId);
      const path = folderOf(callId);
      const names = await readdir(path).catch(() => undefined);
      if (names === undefined) return;
      await Promise.all(names.map((name) => unlink(join(path, name))));
      await rmdir(path);
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    state: () => ({
      lastFlushMs,
      failure,
      unflushedBytes: [...files.values()].reduce((sum, { pendingBytes }) => sum + pendingBytes, 0),
    }),
  };
}

/** u32 length of the body | u32 CRC-32 of the rest | f64 place in the file | u32 length of the id | id | body */
function entryHeader(callId: string, offset: number, body: Uint8Array): Uint8Array {
  const id = Buffer.from(callId);
  const header = Buffer.alloc(ENTRY_HEADER_BYTES + id.length);
  header.writeUInt32BE(body.length, 0);
  header.writeDoubleBE(offset, 8);
  header.writeUInt32BE(id.length, 16);
  id.copy(header, ENTRY_HEADER_BYTES);
  header.writeUInt32BE(crc32(body, crc32(header.subarray(8))), 4);
  return header;
}

/** Puts what the journals have into the call files, flushes them and removes the journals. Returns the highest journal number. */
async function replayJournals(folder: string, folderOf: (callId: string) => string): Promise<number> {
  const journals = (await readdir(folder)).filter((name) => name.startsWith('journal-')).sort();
  const handles = new Map<string, FileHandle | undefined>();
  for (const name of journals) {
    const bytes = await readFile(join(folder, name));
    for (let at = 0; at + ENTRY_HEADER_BYTES <= bytes.length;) {
      const idStart = at + ENTRY_HEADER_BYTES;
      const bodyStart = idStart + bytes.readUInt32BE(at + 16);
      const end = bodyStart + bytes.readUInt32BE(at);
      // A torn tail: never acknowledged.
      if (end > bytes.length || crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32BE(at + 4)) break;
      const callId = bytes.toString('utf8', idStart, bodyStart);
      if (!handles.has(callId)) {
        // A call whose folder is gone is archived.
        handles.set(
          callId,
          await open(join(folderOf(callId), PACKETS), constants.O_CREAT | constants.O_RDWR, 0o600).catch(() => undefined),
        );
      }
      await handles.get(callId)?.write(bytes, bodyStart, end - bodyStart, bytes.readDoubleBE(at + 8));
      at = end;
    }
  }
  for (const handle of handles.values()) {
    await handle?.datasync();
    await handle?.close();
  }
  for (const name of journals) await unlink(join(folder, name));
  return Number(/\d+/.exec(journals.at(-1) ?? '')?.[0] ?? 0);
}

async function writeAll(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const whole = Buffer.concat(parts);
  for (let at = 0; at < whole.length;) at += (await handle.write(whole, at)).bytesWritten;
}

/** A new file that is there whole or not at all. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.writeFile(content);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
}

export async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
