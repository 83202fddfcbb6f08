import { mkdir, readdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The prefix of a capture that was moved aside: the relay does not know it, and does not overwrite it. */
const ASIDE = 'aside-';
const SUFFIX = '.pcap';

export const isAside = (name: string): boolean => name.startsWith(ASIDE);

/** The prefixes of a call's captures: of the one that the relay writes, and of those that were moved aside. */
export const capturePrefixes = (mediaCallId: string): readonly [current: string, aside: string] => {
  const safe = encodeURIComponent(mediaCallId);
  return [`${safe}-`, `${ASIDE}${safe}-`];
};

/**
 * Moves the captures that `chosen` names aside within the relay's capture folder: a relay that starts a capture again, also after its own
 * restart, uses the same name and truncates the file. Resolves with the number of captures.
 */
export async function moveCapturesAside(pcaps: string, chosen: (name: string) => boolean, atMs: number): Promise<number> {
  await mkdir(pcaps, { recursive: true });
  const names = (await readdir(pcaps)).filter((name) => name.endsWith(SUFFIX) && !isAside(name) && chosen(name));
  await Promise.all(names.map((name) => rename(join(pcaps, name), join(pcaps, `${ASIDE}${basename(name, SUFFIX)}-${atMs}${SUFFIX}`))));
  return names.length;
}
