import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readPcap, type CapturedDatagram } from '../../media/pcap.js';
import type { Captures } from '../ports.js';

/**
 * The relay's capture folder. rtpengine names a file by the call's id and a random tail; what was set aside carries `aside-` before it, so
 * that a capture that begins anew does not cut the old one.
 */
export function createPcapFolder(folder: string | undefined): Captures {
  const pcaps = folder === undefined ? undefined : join(folder, 'pcaps');
  const safe = (id: string): string => encodeURIComponent(id);

  async function filesOf(mediaCallId: string): Promise<string[]> {
    if (pcaps === undefined) return [];
    const names = await readdir(pcaps).catch(() => [] as string[]);
    return names.filter((name) => name.startsWith(`${safe(mediaCallId)}-`) || name.startsWith(`aside-${safe(mediaCallId)}-`)).sort();
  }

  return {
    async read(mediaCallId) {
      const names = await filesOf(mediaCallId);
      if (pcaps === undefined || names.length === 0) return undefined;
      const all: CapturedDatagram[] = [];
      for (const name of names) for (const datagram of readPcap(await readFile(join(pcaps, name)))) all.push(datagram);
      return all.sort((a, b) => a.atMs - b.atMs);
    },
    async setAside(mediaCallId) {
      if (pcaps === undefined) return;
      await mkdir(pcaps, { recursive: true });
      for (const name of await filesOf(mediaCallId))
        if (!name.startsWith('aside-')) await rename(join(pcaps, name), join(pcaps, `aside-${safe(mediaCallId)}-${Date.now()}.pcap`));
    },
    async remove(mediaCallId) {
      if (folder === undefined || pcaps === undefined) return;
      for (const name of await filesOf(mediaCallId)) await rm(join(pcaps, name), { force: true });
      for (const part of ['metadata', 'tmp']) {
        const names = await readdir(join(folder, part)).catch(() => [] as string[]);
        for (const name of names)
          if (name.startsWith(`rtpengine-meta-${safe(mediaCallId)}-`)) await rm(join(folder, part, name), { force: true });
      }
    },
  };
}
