import type { CallId } from '../../shared/domain/ids.js';
import { damageIn } from '../archive/damage.js';
import type { Playback } from '../archive/playback.js';
import type { Recording, RecordingStore } from '../archive/ports.js';

/** The bytes of an archived recording, and its number in the ledger. */
export type RecordingBodies = (callId: CallId, sha256: string) => Promise<{ readonly body?: Uint8Array; readonly ledgerNumber?: number }>;

/**
 * Archived recordings as they were before they were encrypted for the store: the bytes that ledger and day sheet have the hash of. Without
 * `body` for one that was deleted, is not the one with this hash, or is damaged; damage raises its alarm. Any other failure of the store fails.
 */
export function recordingBodies({
  recordings,
  playback,
  damagedFound,
}: {
  readonly recordings: Pick<RecordingStore, 'find'>;
  readonly playback: Pick<Playback, 'whole'>;
  readonly damagedFound: (recording: Recording, error: unknown) => Promise<void>;
}): RecordingBodies {
  return async (callId, sha256) => {
    const recording = await recordings.find(callId);
    if (recording === undefined) return {};
    const { ledgerNumber } = recording;
    if (recording.deletion !== undefined || recording.sha256 !== sha256) return { ledgerNumber };
    try {
      return { body: await playback.whole(recording), ledgerNumber };
    } catch (error) {
      if (damageIn(error) === undefined) throw error;
      await damagedFound(recording, error);
      return { ledgerNumber };
    }
  };
}
