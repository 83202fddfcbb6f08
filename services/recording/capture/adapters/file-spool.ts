import { mkdir, readdir, readFile, rm, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../shared/platform/logger.js';
import { errorCode, whenMissing } from '../../../shared/platform/error-code.js';
import type { Spool, SpoolFile, SpoolHeader } from '../ports.js';
import { CALL_BEGUN, CALL_REMOVED, CALL_SEALED, type JournalEntry } from './spool-entry.js';
import { callFolder, flushFolder, HEADER, openPackets, readPackets, replay, SEALED, writeDurably } from './spool-folders.js';
import { SpoolJournal } from './spool-journal.js';
import { systemClock } from '../../../shared/platform/system-clock.js';

const FLUSH_EVERY_MS = 100;
/** A call has a folder of its own when it has so much sound, about three seconds, or when the journal is turned over. */
const BLOCK_BYTES = 48 * 1024;
/** About six minutes of one call. */
const MOST_PENDING_BYTES = 8 * 1024 * 1024;

interface OpenCall {
  readonly header: SpoolHeader;
  begunInJournal: boolean;
  /** Appended and not yet in the journal; on its way there; in the journal and not yet in the file. */
  pending: Uint8Array[];
  onTheWay: Uint8Array[];
  unwritten: Uint8Array[];
  pendingBytes: number;
  unwrittenBytes: number;
  /** Bytes that the journal has, and that the file has. */
  journaledBytes: number;
  writtenBytes: number;
  sealed: Uint8Array | undefined;
  sealedInJournal: boolean;
  sealedInFolder: boolean;
  /** The packet file; before there is one, all of the call is in the journal and in memory. */
  handle: FileHandle | undefined;
  writing: Promise<unknown>;
}

/** What one call gives to a flush of the journal. */
interface Taken {
  readonly entries: readonly JournalEntry[];
  kept(): void;
  putBack(): void;
}

/**
 * The spool: one journal for all calls, flushed every 100 ms once for all of them, and a folder for each call that lasts. A short call is
 * begun, recorded, sealed and removed in the journal alone. After a crash the journal fills what the folders lack.
 */
export function createFileSpool({
  folder,
  log,
  turnOverEveryMs = 30_000,
}: {
  readonly folder: string;
  readonly log: Logger;
  readonly turnOverEveryMs?: number;
}): Spool {
  const calls = new Map<string, OpenCall>();
  const removed = new Set<string>();
  /** Calls that have a folder. */
  const folders = new Set<string>();
  const journal = new SpoolJournal(folder);
  let stopFlushing = (): void => undefined;
  let flushing: Promise<void> = Promise.resolve();
  let lastFlushMs = 0;
  /** Of the journal, and of what is written out of it into folders; each is gone when the same has been done. */
  let failure: string | undefined;
  let folderFailure: string | undefined;

  const callsFolder = join(folder, 'calls');
  const folderOf = (callId: string): string => callFolder(folder, callId);

  /** After it everything that older journals have stands in folders; where that cannot be, they stay. */
  async function turnOver(): Promise<void> {
    await journal.open();
    try {
      await Promise.all(
        [...calls.values()].map(async (call) => {
          await writeOut(call);
          await call.handle?.datasync();
        }),
      );
    } catch (error) {
      noteFolderFailure(error);
      return;
    }
    await journal.dropRetired();
    folderFailure = undefined;
  }

  function take(call: OpenCall): Taken | undefined {
    const { callId } = call.header;
    const [begins, seals] = [!call.begunInJournal, call.sealed !== undefined && !call.sealedInJournal];
    const body = Buffer.concat(call.pending);
    const entries: JournalEntry[] = [];
    if (begins) entries.push({ callId, at: CALL_BEGUN, body: Buffer.from(JSON.stringify(call.header)) });
    if (body.length > 0) entries.push({ callId, at: call.journaledBytes, body });
    if (seals && call.sealed !== undefined) entries.push({ callId, at: CALL_SEALED, body: call.sealed });
    if (entries.length === 0) return undefined;
    call.onTheWay = call.pending;
    call.pending = [];
    call.pendingBytes -= body.length;
    return {
      entries,
      kept() {
        call.begunInJournal = true;
        call.sealedInJournal ||= seals;
        call.unwritten.push(...call.onTheWay);
        call.onTheWay = [];
        call.unwrittenBytes += body.length;
        call.journaledBytes += body.length;
        if (call.unwrittenBytes >= BLOCK_BYTES) void writeOut(call).catch(noteFolderFailure);
      },
      putBack() {
        call.pending.unshift(...call.onTheWay);
        call.onTheWay = [];
        call.pendingBytes += body.length;
      },
    };
  }

  /** Everything pending goes into one write of the journal and is flushed with it. */
  async function flush(): Promise<void> {
    if (failure !== undefined) await journal.open();
    const taken = [...calls.values()].flatMap((call) => take(call) ?? []);
    const gone = [...removed].map((callId): JournalEntry => ({ callId, at: CALL_REMOVED, body: new Uint8Array(0) }));
    if (taken.length + gone.length > 0) {
      try {
        await journal.write([...taken.flatMap(({ entries }) => entries), ...gone]);
      } catch (error) {
        for (const one of taken) one.putBack();
        throw error;
      }
      for (const one of taken) one.kept();
      for (const { callId } of gone) removed.delete(callId);
    }
    lastFlushMs = performance.now();
    failure = undefined;
    if (journal.ageMs > turnOverEveryMs) await turnOver();
  }

  function noteFailure(error: unknown): void {
    failure = String(errorCode(error) ?? 'unknown');
    log.error({ err: error }, 'the recording spool cannot be written');
  }

  function noteFolderFailure(error: unknown): void {
    folderFailure = String(errorCode(error) ?? 'unknown');
    log.error({ err: error }, 'the folder of a call in the recording spool cannot be written');
  }

  function flushSoon(): Promise<void> {
    flushing = flushing.then(flush).catch(noteFailure);
    return flushing;
  }

  async function settle(): Promise<void> {
    await flushSoon();
    if (failure !== undefined) throw new Error(`the recording spool cannot be written (${failure})`);
  }

  /** What the journal has of a call goes to its folder, which is made when there is none. */
  function writeOut(call: OpenCall): Promise<void> {
    const turn = call.writing.then(async () => {
      // Removed in the meantime.
      if (calls.get(call.header.callId) !== call) return;
      call.handle ??= await makeFolder(call.header);
      if (call.sealed !== undefined && !call.sealedInFolder) {
        await writeDurably(join(folderOf(call.header.callId), SEALED), call.sealed);
        await flushFolder(folderOf(call.header.callId));
        call.sealedInFolder = true;
      }
      const chunks = call.unwritten.length;
      const block = Buffer.concat(call.unwritten);
      for (let at = 0; at < block.length;)
        at += (await call.handle.write(block, at, block.length - at, call.writtenBytes + at)).bytesWritten;
      call.writtenBytes += block.length;
      call.unwritten.splice(0, chunks);
      call.unwrittenBytes -= block.length;
      folderFailure = undefined;
    });
    call.writing = turn.catch(() => undefined);
    return turn;
  }

  async function makeFolder(header: SpoolHeader): Promise<FileHandle> {
    const path = folderOf(header.callId);
    folders.add(header.callId);
    await mkdir(path, { recursive: true, mode: 0o700 });
    await writeDurably(join(path, HEADER), JSON.stringify(header));
    const handle = await openPackets(path);
    await flushFolder(path);
    await flushFolder(callsFolder);
    return handle;
  }

  function spoolFile(call: OpenCall): SpoolFile {
    const inMemory = (): Uint8Array | undefined =>
      call.handle === undefined ? Buffer.concat([...call.unwritten, ...call.onTheWay, ...call.pending]) : undefined;
    return {
      header: call.header,
      append(record) {
        // Only while the disk refuses writes. The daily account finds what is left out here and declares it.
        if (call.pendingBytes > MOST_PENDING_BYTES) return;
        call.pending.push(record);
        call.pendingBytes += record.length;
      },
      settle,
      inMemory,
      async read(from) {
        await call.writing;
        const short = inMemory();
        if (short !== undefined) return short.subarray(from);
        await flushSoon();
        await writeOut(call);
        return readPackets(folderOf(call.header.callId), from);
      },
    };
  }

  function opened(header: SpoolHeader, folderHas: { readonly handle: FileHandle; readonly bytes: number } | undefined): SpoolFile {
    const call: OpenCall = {
      header,
      begunInJournal: folderHas !== undefined,
      pending: [],
      onTheWay: [],
      unwritten: [],
      pendingBytes: 0,
      unwrittenBytes: 0,
      journaledBytes: folderHas?.bytes ?? 0,
      writtenBytes: folderHas?.bytes ?? 0,
      sealed: undefined,
      sealedInJournal: false,
      sealedInFolder: false,
      handle: folderHas?.handle,
      writing: Promise.resolve(),
    };
    calls.set(header.callId, call);
    return spoolFile(call);
  }

  return {
    async start() {
      await mkdir(callsFolder, { recursive: true, mode: 0o700 });
      await replay(await journal.left(), callsFolder);
      for (const callId of await readdir(callsFolder)) folders.add(callId);
      await journal.open();
      await journal.dropRetired();
      stopFlushing = systemClock.every(FLUSH_EVERY_MS, () => void flushSoon());
    },
    async stop() {
      stopFlushing();
      await flushSoon();
      for (const call of calls.values()) {
        await writeOut(call);
        await call.handle?.datasync();
        await call.handle?.close();
      }
      calls.clear();
      await journal.close();
    },
    async create(header) {
      const open = calls.get(header.callId);
      return open === undefined ? opened(header, undefined) : spoolFile(open);
    },
    async open(callId) {
      const known = calls.get(callId);
      if (known !== undefined) return spoolFile(known);
      if (!folders.has(callId)) return undefined;
      const path = folderOf(callId);
      try {
        const header = JSON.parse(await readFile(join(path, HEADER), 'utf8')) as SpoolHeader;
        const handle = await openPackets(path);
        return opened(header, { handle, bytes: (await handle.stat()).size });
      } catch (error) {
        // No header: the crash came before the call was begun here.
        if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    async keepSealed(callId, bytes) {
      const call = calls.get(callId);
      if (call === undefined) throw new Error('a call that is not in the spool cannot be sealed');
      call.sealed = bytes;
      // What has a folder, most of it long, is not written twice.
      call.sealedInJournal = call.handle !== undefined;
      try {
        await (call.handle === undefined ? settle() : writeOut(call));
      } catch (error) {
        call.sealed = undefined;
        throw error;
      }
    },
    async sealed(callId) {
      const call = calls.get(callId);
      if (call?.sealed !== undefined || (call !== undefined && call.handle === undefined)) return call.sealed;
      return readFile(join(folderOf(callId), SEALED)).catch(whenMissing);
    },
    list: () => [...new Set([...folders, ...calls.keys()])],
    folderOf,
    async remove(callId) {
      const call = calls.get(callId);
      calls.delete(callId);
      removed.add(callId);
      await call?.writing;
      // Of the journal alone: should the word of its end be lost, it is brought in again, with the same bytes.
      if (!folders.has(callId)) return;
      await call?.handle?.close();
      await settle();
      await rm(folderOf(callId), { recursive: true, force: true });
      folders.delete(callId);
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    state: () => ({
      lastFlushMs,
      failure: failure ?? folderFailure,
      unflushedBytes: [...calls.values()].reduce((sum, { pendingBytes }) => sum + pendingBytes, 0),
    }),
  };
}
