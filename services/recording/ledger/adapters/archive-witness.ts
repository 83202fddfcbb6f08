import { createAesSealer } from '../../archive/adapters/aes-sealer.js';
import { damageIn } from '../../archive/damage.js';
import { Playback } from '../../archive/playback.js';
import type { DeletionStore, KeyWrapper, ObjectArchive, RecordingStore } from '../../archive/ports.js';
import { sealedBytes } from '../../archive/sealed-range.js';
import type { RecordingWitness } from '../archive-check.js';

/** The folders of so many days are held at a time: the rows of a ledger come nearly in the order of time. */
const FOLDERS_HELD = 8;

/** The archive for the check of the ledger: its index, the lengths of its objects by the folder of a day, and the objects themselves. */
export function createArchiveWitness({
  recordings,
  deletions,
  archive,
  keys,
}: {
  readonly recordings: RecordingStore;
  readonly deletions: Pick<DeletionStore, 'find'>;
  readonly archive: Pick<ObjectArchive, 'get' | 'sizes'>;
  readonly keys: KeyWrapper;
}): RecordingWitness {
  const playback = new Playback({ archive, sealer: createAesSealer(keys), steadyMs: () => performance.now() });
  const folders = new Map<string, ReadonlyMap<string, number>>();

  async function folderOf(key: string): Promise<ReadonlyMap<string, number>> {
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const held = folders.get(folder);
    if (held !== undefined) return held;
    const sizes = new Map<string, number>();
    for await (const object of archive.sizes(folder)) sizes.set(`${object.key}#${object.version}`, object.bytes);
    const [oldest] = folders.keys();
    if (folders.size >= FOLDERS_HELD && oldest !== undefined) folders.delete(oldest);
    folders.set(folder, sizes);
    return sizes;
  }

  return {
    async of(callId) {
      const found = await recordings.find(callId);
      if (found === undefined) return undefined;
      const { format, holds, ...rest } = found;
      return { ...rest, storedBytes: sealedBytes(format), held: holds.length > 0 };
    },
    all: () => recordings.numbers(),
    sizeOf: async (key, version) => (await folderOf(key)).get(`${key}#${version}`),
    async open(callId) {
      const recording = await recordings.find(callId);
      if (recording === undefined) return 'recording-missing';
      try {
        await playback.whole(recording);
        return undefined;
      } catch (error) {
        const damage = damageIn(error);
        if (damage === undefined) throw error;
        return damage;
      }
    },
    deletionOf: (callId) => deletions.find(callId),
  };
}
