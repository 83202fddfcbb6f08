import { mkdir, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../../shared/platform/processes/logger.js';
import { errorCode } from '../../../shared/platform/processes/error-code.js';
import type { Spool, SpoolHeader } from '../ports.js';
import { SpoolFlushes } from './spool-flushes.js';
import { callFolder, HEADER, openPackets, replay } from './spool-folders.js';
import { SpoolJournal } from './spool-journal.js';
import { readSealed, SpooledCall, type PacketFile, type SpoolOfCall } from './spooled-call.js';
import type { CallId } from '../../../shared/domain/ids.js';

/**
 * The spool: one journal for all calls, flushed every 100 ms, and a folder for each longer call. A short call is opened, recorded, sealed
 * and removed in the journal alone. After a crash the journal fills the gaps of the folders.
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
  const calls = new Map<string, SpooledCall>();
  /** Calls that have a folder. */
  const folders = new Set<string>();
  const journal = new SpoolJournal(folder);
  const flushes = new SpoolFlushes(journal, calls, turnOverEveryMs, log);
  const callsFolder = join(folder, 'calls');
  const folderOf = (callId: CallId): string => callFolder(folder, callId);
  const ofCall: SpoolOfCall = {
    folderOf,
    holds: (call) => calls.get(call.header.callId) === call,
    folderIsMade: (callId) => void folders.add(callId),
    folderWritten: (error) => flushes.folderWritten(error),
    flush: () => flushes.flush(),
    settle: () => flushes.settle(),
  };

  function begin(header: SpoolHeader, packets?: PacketFile): SpooledCall {
    const call = new SpooledCall(header, ofCall, packets);
    calls.set(header.callId, call);
    return call;
  }

  return {
    async start() {
      await mkdir(callsFolder, { recursive: true, mode: 0o700 });
      await replay(await journal.left(), callsFolder);
      for (const callId of await readdir(callsFolder)) folders.add(callId);
      await journal.open();
      await journal.dropRetired();
      flushes.start();
    },
    async stop() {
      await flushes.stop();
      for (const call of calls.values()) {
        await call.writeOut();
        await call.synced();
        await call.close();
      }
      calls.clear();
      await journal.close();
    },
    create: async (header) => calls.get(header.callId) ?? begin(header),
    async open(callId) {
      const known = calls.get(callId);
      if (known !== undefined) return known;
      if (!folders.has(callId)) return undefined;
      const path = folderOf(callId);
      try {
        const header = JSON.parse(await readFile(join(path, HEADER), 'utf8')) as SpoolHeader;
        const handle = await openPackets(path);
        return begin(header, { handle, bytes: (await handle.stat()).size });
      } catch (error) {
        // The file has no header: the crash came before the call was opened here.
        if (error instanceof SyntaxError || errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    },
    async keepSealed(callId, bytes) {
      const call = calls.get(callId);
      if (call === undefined) throw new Error('a call that is not in the spool cannot be sealed');
      await call.seal(bytes);
    },
    sealed: async (callId) => calls.get(callId)?.readSealed() ?? readSealed(folderOf(callId)),
    list: () => [...new Set([...folders, ...calls.keys()])],
    folderOf,
    async remove(callId) {
      const call = calls.get(callId);
      calls.delete(callId);
      flushes.noteRemoved(callId);
      await call?.written();
      // The call is only in the journal. If the note of its removal is lost, it is archived again with the same bytes.
      if (!folders.has(callId)) return;
      await call?.close();
      await flushes.settle();
      await rm(folderOf(callId), { recursive: true, force: true });
      folders.delete(callId);
    },
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    state: () => ({
      lastFlushMs: flushes.lastFlushMs,
      failure: flushes.failure,
      unflushedBytes: [...calls.values()].reduce((sum, { pendingBytes }) => sum + pendingBytes, 0),
    }),
  };
}
