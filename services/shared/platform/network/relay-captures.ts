import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Before the name of a capture that was moved aside: the relay knows nothing of it, and does not write over it. */
const ASIDE = 'aside-';
const SUFFIX = '.pcap';

export const isAside = (name: string): boolean => name.startsWith(ASIDE);

/** The beginnings of the names of a call's captures: of the one that the relay writes, and of those that were moved aside. */
export const capturePrefixes = (mediaCallId: string): readonly [current: string, aside: string] => {
  const safe = encodeURIComponent(mediaCallId);
  return [`${safe}-`, `${ASIDE}${safe}-`];
};

/**
 * Moves the captures that `chosen` names aside in the relay's folder of captures: a relay that begins a capture anew, also after its own
 * restart, takes the same name and cuts the file. Resolves with how many there were.
 */
export async function moveCapturesAside(pcaps: string, chosen: (name: string) => boolean, atMs: number): Promise<number> {
  await mkdir(pcaps, { recursive: true });
  const names = (await readdir(pcaps)).filter((name) => name.endsWith(SUFFIX) && !isAside(name) && chosen(name));
  await Promise.all(names.map((name) => rename(join(pcaps, name), join(pcaps, `${ASIDE}${basename(name, SUFFIX)}-${atMs}${SUFFIX}`))));
  return names.length;
}
