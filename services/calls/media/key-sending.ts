import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Live } from '../running/controller.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { CallMedia, Directory } from '../ports.js';

const KEY_EVERY_MS = 260;
/** The relay needs a moment after the first description with digits enabled; earlier digits would be lost. */
const KEYS_READY_MS = 1_000;

interface KeyNeeds {
  readonly media: Pick<CallMedia, 'readyForKeys' | 'sendKey'>;
  readonly directory: Pick<Directory, 'trunk'>;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}

/** Sends an agent's digits one after the other. Nothing else in the call waits for them: meanwhile the call may be held or end. */
export function createKeySending({ media, directory, later, log }: KeyNeeds): (live: Live, keys: string) => void {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => later(ms, resolve));
  /** The way in which the trunk's sheet wants digits, ready for the first of them. */
  async function sender({ call: { id, trunkId }, leg }: Live): Promise<(key: string) => Promise<void>> {
    if (directory.trunk(trunkId)?.digits === 'info') {
      if (leg === undefined) throw new CallCentreError('wrong-state', 'This call has no dialog');
      return (key) => leg.sendDigit(key);
    }
    if (await media.readyForKeys(id)) await pause(KEYS_READY_MS);
    return (key) => media.sendKey(id, key);
  }
  async function send(live: Live, keys: string): Promise<void> {
    const sendKey = await sender(live);
    for (const key of keys) {
      await sendKey(key);
      await pause(KEY_EVERY_MS);
    }
  }
  return (live, keys) => {
    const callId = live.call.id;
    live.keys = (live.keys ?? Promise.resolve())
      .then(() => send(live, keys))
      .catch((error: unknown) => log.warn({ err: error, callId }, 'not all keys of an agent could be sent'));
  };
}
