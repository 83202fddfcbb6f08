import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readPcap, type CapturedDatagram } from '../../media/pcap.js';
import type { Captures } from '../ports.js';
import { errorCode, whenMissing } from '../../../shared/platform/processes/error-code.js';
import { capturePrefixes, isAside, moveCapturesAside } from '../../../shared/platform/network/relay-captures.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';

/** The random suffix that rtpengine gives the files of one call. The capture and the metadata of a call have the same suffix. */
const TAIL = /-[0-9a-f]{16}\.pcap$/;

/**
 * The relay's capture folder. rtpengine names a file by the id of the call and a random suffix. A capture that begins again, even after a
 * restart of the relay, gets the same name. A file that was moved aside before is not truncated, and both are parts of the call.
 */
export function createPcapFolder(folder: string | undefined): Captures {
  const pcaps = folder === undefined ? undefined : join(folder, 'pcaps');
  const safe = (id: string): string => encodeURIComponent(id);
  /** The files found when the call was read, for calls that have not been removed yet. */
  const found = new Map<string, readonly string[]>();

  /** Paths in a folder of the relay whose names begin with one of these prefixes. */
  async function find(where: string, ...prefixes: readonly string[]): Promise<string[]> {
    const names = await readdir(where).catch(() => [] as string[]);
    return names
      .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
      .sort()
      .map((name) => join(where, name));
  }
  const filesOf = async (mediaCallId: string): Promise<string[]> =>
    pcaps === undefined ? [] : find(pcaps, ...capturePrefixes(mediaCallId));

  /** Ordered by name. False when files may be missing: the suffix of a file that was set aside is unknown, and a name may have changed. */
  async function removeNamed(folder: string, files: readonly string[]): Promise<boolean> {
    const names = files.map((file) => basename(file));
    if (names.length === 0 || !names.every((name) => TAIL.test(name) && !isAside(name))) return false;
    const notes = names.map((name) => `rtpengine-meta-${name.slice(0, -'.pcap'.length)}`);
    await Promise.all(notes.map((note) => removeNote(join(folder, 'metadata', `${note}.txt`), join(folder, 'tmp', `${note}.tmp`))));
    return (await Promise.all(files.map(removeIfThere))).every(Boolean);
  }

  async function removeListed(folder: string, mediaCallId: string): Promise<void> {
    const notes = `rtpengine-meta-${safe(mediaCallId)}-`;
    // The relay moves files from the first folder to the second: a file that has left the first is in the second.
    for (const where of ['tmp', 'metadata']) await Promise.all((await find(join(folder, where), notes)).map(removeIfThere));
    await Promise.all((await filesOf(mediaCallId)).map(removeIfThere));
  }

  return {
    async read(mediaCallId) {
      const files = await filesOf(mediaCallId);
      if (files.length === 0) return undefined;
      found.set(mediaCallId, files);
      const all: CapturedDatagram[] = [];
      for (const file of files) for (const datagram of readPcap(await readFile(file))) all.push(datagram);
      return all.sort((a, b) => a.atMs - b.atMs);
    },
    async setAside(mediaCallId) {
      const [current] = capturePrefixes(mediaCallId);
      if (pcaps !== undefined) await moveCapturesAside(pcaps, (name) => name.startsWith(current), systemClock.nowMs());
    },
    async remove(mediaCallId) {
      if (folder === undefined) return;
      if (!(await removeNamed(folder, found.get(mediaCallId) ?? []))) await removeListed(folder, mediaCallId);
      found.delete(mediaCallId);
    },
    async removeOlder(ageMs, except) {
      if (folder === undefined) return 0;
      const spared = except.map((id) => `${safe(id)}-`);
      let removed = 0;
      for (const where of ['pcaps', 'metadata', 'tmp'])
        for (const path of await find(join(folder, where), '')) {
          const name = basename(path).replace(/^(aside|rtpengine-meta)-/, '');
          if (spared.some((prefix) => name.startsWith(prefix)) || (await ageOf(path)) < ageMs) continue;
          if ((await removeIfThere(path)) && where === 'pcaps') removed += 1;
        }
      return removed;
    },
  };
}

/** Milliseconds since the last write; 0 for a file that is gone. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(whenMissing);
  return found === undefined ? 0 : systemClock.nowMs() - found.mtimeMs;
}

/** The relay's metadata of a call. It is moved when the call ends, which may happen between two readings. */
async function removeNote(ended: string, live: string): Promise<void> {
  if (!(await removeIfThere(ended)) && !(await removeIfThere(live))) await removeIfThere(ended);
}

/** False when there is no such file. */
async function removeIfThere(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return false;
  }
}
