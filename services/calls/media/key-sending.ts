import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Live } from '../running/controller.js';
import type { CallMedia } from '../ports.js';
import type { CallId } from '../../shared/domain/ids.js';

const KEY_EVERY_MS = 260;
/** The relay needs a moment after the first description with digits enabled; earlier digits would be lost. */
const KEYS_READY_MS = 1_000;

interface KeyNeeds {
  readonly media: Pick<CallMedia, 'readyForKeys' | 'sendKey'>;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}

/** Sends an agent's digits one after the other. Nothing else in the call waits for them: meanwhile the call may be held or end. */
export function createKeySending({ media, later, log }: KeyNeeds): (live: Live, keys: string) => void {
  const pause = (ms: number): Promise<void> => new Promise((resolve) => later(ms, resolve));
  async function send(callId: CallId, keys: string): Promise<void> {
    if (await media.readyForKeys(callId)) await pause(KEYS_READY_MS);
    for (const key of keys) {
      await media.sendKey(callId, key);
      await pause(KEY_EVERY_MS);
    }
  }
  return (live, keys) => {
    const callId = live.call.id;
    live.keys = (live.keys ?? Promise.resolve())
      .then(() => send(callId, keys))
      .catch((error: unknown) => log.warn({ err: error, callId }, 'not all keys of an agent could be sent'));
  };
}
