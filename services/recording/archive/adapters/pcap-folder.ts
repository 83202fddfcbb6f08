import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readPcap, type CapturedDatagram } from '../../media/pcap.js';
import type { Captures } from '../ports.js';
import { errorCode, whenMissing } from '../../../shared/platform/processes/error-code.js';
import { capturePrefixes, isAside, moveCapturesAside } from '../../../shared/platform/network/relay-captures.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';

/** The random tail that rtpengine gives the names of one of its calls; it is the same on the capture and on what it notes of the call. */
const TAIL = /-[0-9a-f]{16}\.pcap$/;

/**
 * The relay's capture folder. rtpengine names a file by the call's id and a random tail, which a capture that begins anew has again, also in
 * a relay that was started again; what was moved aside before is not cut, and both are parts of the call.
 */
export function createPcapFolder(folder: string | undefined): Captures {
  const pcaps = folder === undefined ? undefined : join(folder, 'pcaps');
  const safe = (id: string): string => encodeURIComponent(id);
  /** What was found at the reading, of calls that are not removed yet. */
  const found = new Map<string, readonly string[]>();

  /** Paths in a folder of the relay whose names begin with one of these. */
  async function find(where: string, ...prefixes: readonly string[]): Promise<string[]> {
    const names = await readdir(where).catch(() => [] as string[]);
    return names
      .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
      .sort()
      .map((name) => join(where, name));
  }
  const filesOf = async (mediaCallId: string): Promise<string[]> =>
    pcaps === undefined ? [] : find(pcaps, ...capturePrefixes(mediaCallId));

  /** By their names. False when these are not sure to be all: of what was set aside the tail is not known, and a name may have changed. */
  async function removeNamed(folder: string, files: readonly string[]): Promise<boolean> {
    const names = files.map((file) => basename(file));
    if (names.length === 0 || !names.every((name) => TAIL.test(name) && !isAside(name))) return false;
    const notes = names.map((name) => `rtpengine-meta-${name.slice(0, -'.pcap'.length)}`);
    await Promise.all(notes.map((note) => removeNote(join(folder, 'metadata', `${note}.txt`), join(folder, 'tmp', `${note}.tmp`))));
    return (await Promise.all(files.map(removeIfThere))).every(Boolean);
  }

  async function removeListed(folder: string, mediaCallId: string): Promise<void> {
    const notes = `rtpengine-meta-${safe(mediaCallId)}-`;
    // The relay moves from the one to the other: what is not in the first any more is in the second.
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

/** Since it was last written to, ms; 0 of what is gone. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(whenMissing);
  return found === undefined ? 0 : systemClock.nowMs() - found.mtimeMs;
}

/** What the relay notes of a call; it is moved when the call ends, which may be between two looks. */
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
