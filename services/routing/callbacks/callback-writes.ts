import type { Logger } from '../../shared/platform/processes/logger.js';
import type { CallbackStore } from '../ports.js';
import type { Callback } from './callback.js';

export interface CallbackWrites {
  /** Writes a callback as it is now. Never fails: what the store does not take is written again later. */
  put(callback: Callback): Promise<void>;
  /** Tries what could not be written. A person who was reached while the store was away must not be called again after the next start. */
  again(): void;
}

/** Writes of one callback follow each other, so that an earlier state never replaces a later one. `written`: the store has taken it. */
export function createCallbackWrites(
  { store, log }: { readonly store: Pick<CallbackStore, 'put'>; readonly log: Logger },
  written: (callback: Callback) => Promise<void>,
): CallbackWrites {
  const unwritten = new Map<string, Callback>();
  const writing = new Map<string, Promise<void>>();

  async function write(callback: Callback): Promise<void> {
    const { callId } = callback;
    try {
      await store.put(callback);
      unwritten.delete(callId);
    } catch (error) {
      if (!unwritten.has(callId)) log.error({ err: error, callId }, 'callback could not be stored');
      unwritten.set(callId, callback);
      return;
    }
    await written(callback);
  }

  async function put(callback: Callback): Promise<void> {
    const { callId } = callback;
    const before = writing.get(callId);
    const mine = before === undefined ? write(callback) : before.then(() => write(callback));
    writing.set(callId, mine);
    await mine;
    if (writing.get(callId) === mine) writing.delete(callId);
  }

  return {
    put,
    again() {
      for (const callback of unwritten.values()) if (!writing.has(callback.callId)) void put(callback);
    },
  };
}
