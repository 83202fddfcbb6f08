import { constants } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { whenMissing } from '../../../shared/platform/processes/error-code.js';
import { CALL_BEGUN, CALL_REMOVED, CALL_SEALED, type JournalEntry } from './spool-entry.js';
import type { CallId } from '../../../shared/domain/ids.js';

/** The files in a call's folder of the spool. */
export const PACKETS = 'packets.log';
export const HEADER = 'call.json';
export const SEALED = 'sealed';

/** The folder of one call in the spool `folder`. */
export const callFolder = (folder: string, callId: CallId): string => join(folder, 'calls', callId);

export const openPackets = (path: string): Promise<FileHandle> => open(join(path, PACKETS), constants.O_CREAT | constants.O_RDWR, 0o600);

/** The bytes of the packet file from `from` on. */
export async function readPackets(path: string, from: number): Promise<Uint8Array> {
  const handle = await open(join(path, PACKETS), 'r');
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
}

/** Copies the contents of the journals into the folders of the calls that were not removed, and flushes them. */
export async function replay(entries: readonly JournalEntry[], callsFolder: string): Promise<void> {
  const gone = new Set(entries.filter(({ at }) => at === CALL_REMOVED).map(({ callId }) => callId));
  for (const callId of gone) await rm(join(callsFolder, callId), { recursive: true, force: true });
  const files = new Map<string, FileHandle | undefined>();
  for (const { callId, at, body } of entries) {
    if (gone.has(callId)) continue;
    const path = join(callsFolder, callId);
    if (at === CALL_BEGUN) {
      await mkdir(path, { recursive: true, mode: 0o700 });
      await writeDurably(join(path, HEADER), body);
    }
    // Without its beginning and without a folder, the call was removed before the journal could be.
    if (!files.has(callId)) files.set(callId, await openPackets(path).catch(whenMissing));
    const file = files.get(callId);
    if (file === undefined) continue;
    if (at === CALL_SEALED) await writeDurably(join(path, SEALED), body);
    else if (at >= 0) await file.write(body, 0, body.length, at);
  }
  for (const [callId, file] of files) {
    if (file === undefined) continue;
    await file.datasync();
    await file.close();
    await flushFolder(join(callsFolder, callId));
  }
  await flushFolder(callsFolder);
}

/** Creates a file completely or not at all. */
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

/** Flushes the names in a folder. */
export async function flushFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
