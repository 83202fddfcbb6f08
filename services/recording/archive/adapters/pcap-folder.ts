import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readPcap, type CapturedDatagram } from '../../media/pcap.js';
import type { Captures } from '../ports.js';
import { errorCode } from '../../error-code.js';

/**
 * The relay's capture folder. rtpengine names a file by the call's id and a random tail; what was set aside carries `aside-` before it, so
 * that a capture that begins anew does not cut the old one.
 */
export function createPcapFolder(folder: string | undefined): Captures {
  const pcaps = folder === undefined ? undefined : join(folder, 'pcaps');
  const safe = (id: string): string => encodeURIComponent(id);

  /** Paths in a folder of the relay whose names begin with one of these. */
  async function find(where: string, ...prefixes: readonly string[]): Promise<string[]> {
    const names = await readdir(where).catch(() => [] as string[]);
    return names
      .filter((name) => prefixes.some((prefix) => name.startsWith(prefix)))
      .sort()
      .map((name) => join(where, name));
  }
  const filesOf = async (mediaCallId: string): Promise<string[]> =>
    pcaps === undefined ? [] : find(pcaps, `${safe(mediaCallId)}-`, `aside-${safe(mediaCallId)}-`);

  return {
    async read(mediaCallId) {
      const files = await filesOf(mediaCallId);
      if (files.length === 0) return undefined;
      const all: CapturedDatagram[] = [];
      for (const file of files) for (const datagram of readPcap(await readFile(file))) all.push(datagram);
      return all.sort((a, b) => a.atMs - b.atMs);
    },
    async setAside(mediaCallId) {
      if (pcaps === undefined) return;
      await mkdir(pcaps, { recursive: true });
      for (const file of await find(pcaps, `${safe(mediaCallId)}-`))
        await rename(file, join(pcaps, `aside-${safe(mediaCallId)}-${Date.now()}.pcap`));
    },
    async remove(mediaCallId) {
      if (folder === undefined) return;
      const meta = `rtpengine-meta-${safe(mediaCallId)}-`;
      const found = await Promise.all([filesOf(mediaCallId), find(join(folder, 'metadata'), meta), find(join(folder, 'tmp'), meta)]);
      await Promise.all(found.flat().map(removeIfThere));
    },
  };
}

/** The relay moves its files while they are looked at. */
async function removeIfThere(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}
