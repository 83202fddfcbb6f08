import { createAesSealer } from '../../archive/adapters/aes-sealer.js';
import { damageIn } from '../../archive/damage.js';
import { Playback } from '../../archive/playback.js';
import type { DeletionStore, KeyWrapper, ObjectArchive, RecordingStore } from '../../archive/ports.js';
import { sealedBytes } from '../../archive/sealed-range.js';
import type { RecordingWitness } from '../archive-check.js';

/**
 * The archive as the ledger check reads it: its index, the lengths of its objects, and the objects themselves. The index notes of each
 * that is opened when that was and what was wrong, as the nightly check does.
 */
export function createArchiveWitness({
  recordings,
  deletions,
  archive,
  sizeOf,
  keys,
  now,
}: {
  readonly recordings: RecordingStore;
  readonly deletions: Pick<DeletionStore, 'find'>;
  readonly archive: Pick<ObjectArchive, 'get'>;
  readonly sizeOf: RecordingWitness['sizeOf'];
  readonly keys: KeyWrapper;
  readonly now: () => Date;
}): RecordingWitness {
  const playback = new Playback({ archive, sealer: createAesSealer(keys), steadyMs: () => performance.now() });
  return {
    async of(callId) {
      const found = await recordings.find(callId);
      if (found === undefined) return undefined;
      const { format, holds, ...rest } = found;
      return { ...rest, storedBytes: sealedBytes(format), held: holds.length > 0 };
    },
    all: () => recordings.numbers(),
    sizeOf,
    async open(callId) {
      const recording = await recordings.find(callId);
      if (recording === undefined) return 'recording-missing';
      const damage = await playback.whole(recording).then(
        () => undefined,
        (error: unknown) => {
          const why = damageIn(error);
          // The store did not answer, so nothing is known and nothing is noted.
          if (why === undefined) throw error;
          return why;
        },
      );
      await recordings.noteOpened(recording, { at: now().toISOString(), by: 'ledger', ...(damage === undefined ? {} : { damage }) });
      return damage;
    },
    deletionOf: (callId) => deletions.find(callId),
  };
}
