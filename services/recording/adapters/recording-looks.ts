import type { CallId } from '../../shared/domain/ids.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { damageIn, damageWords, type Damage } from '../archive/damage.js';
import type { Playback } from '../archive/playback.js';
import type { ObjectArchive, RecordingStore } from '../archive/ports.js';

/** One alarm for each kind of damage that a pack finds; its rows name the recordings. */
const PACK = 'pack';

/**
 * What a pack finds that looks at recordings itself, because a store lists an object also when its disk has lost the bytes. Damage is noted
 * in the index as that of a check is, and raises one alarm of its kind. A store that does not answer fails.
 */
export interface RecordingLooks {
  /** Opens a recording and compares it with its hashes. */
  whole(callId: CallId): Promise<void>;
  /** Reads the last byte of its object, which has that many bytes in the listing of the store. */
  end(
    callId: CallId,
    object: { readonly key: string; readonly version: string; readonly bytes: number },
  ): Promise<{ readonly at: Date; readonly damage?: Damage }>;
}

export function recordingLooks({
  recordings,
  archive,
  playback,
  bus,
  log,
  now,
}: {
  readonly recordings: Pick<RecordingStore, 'find' | 'noteOpened'>;
  readonly archive: Pick<ObjectArchive, 'get'>;
  readonly playback: Pick<Playback, 'whole'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly log: Logger;
  readonly now: () => Date;
}): RecordingLooks {
  const raised = new Set<Damage>();

  async function tell(callId: CallId, damage: Damage): Promise<void> {
    log.error({ callId, code: damage }, 'a pack found a stored recording that is not as it was stored');
    if (raised.has(damage)) return;
    raised.add(damage);
    await bus.publish('notice.raised', {
      at: now().toISOString(),
      code: damage,
      subject: PACK,
      text: {
        en: `A pack that was made found a recording that ${damageWords[damage].en}. The rows of the pack name each of them.`,
        'zh-CN': `制作证据包时发现有录音${damageWords[damage]['zh-CN']}，逐份列于包内录音明细。`,
      },
    });
  }

  async function damageOf(read: () => Promise<unknown>): Promise<Damage | undefined> {
    try {
      await read();
      return undefined;
    } catch (error) {
      const damage = damageIn(error);
      if (damage === undefined) throw error;
      return damage;
    }
  }

  return {
    async whole(callId) {
      const recording = await recordings.find(callId);
      if (recording === undefined || recording.deletion !== undefined) return;
      const damage = await damageOf(() => playback.whole(recording));
      if (damage !== undefined) await tell(callId, damage);
      await recordings.noteOpened(recording, { at: now().toISOString(), by: 'pack', ...(damage === undefined ? {} : { damage }) });
    },
    async end(callId, { key, version, bytes }) {
      const at = now();
      let gone = false;
      const cut = await damageOf(async () => {
        gone = (await archive.get(key, version, { from: Math.max(0, bytes - 1), length: 1 })) === undefined;
      });
      const damage = gone ? 'recording-missing' : cut;
      if (damage === undefined) return { at };
      const recording = await recordings.find(callId);
      // Deleted by its rule since its row was read.
      if (recording === undefined || recording.deletion !== undefined) return { at };
      await tell(callId, damage);
      await recordings.noteOpened(recording, { at: at.toISOString(), by: 'pack', damage });
      return { at, damage };
    },
  };
}
