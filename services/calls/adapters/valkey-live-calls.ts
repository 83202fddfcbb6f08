import type { Redis } from 'ioredis';
import type { Logger } from '../../shared/platform/logger.js';
import type { KeptCall, KeptSeat, LiveState } from '../ports.js';

const calls = 'proofline:live-calls';
const seats = 'proofline:live-seats';
/** Live state that hangs must not keep a process from ending. */
const WRITTEN_WITHIN_MS = 1_000;

/**
 * Live calls and seats in two hashes of Valkey, so that whoever starts after this process can go on with them. Written behind the call,
 * never before it: a call does not wait for live state. One telephony process at a time: its successor may run on another machine.
 */
export function createValkeyLiveState({ valkey, log }: { readonly valkey: Redis; readonly log: Logger }): LiveState {
  let warned = false;
  const behind = (work: Promise<unknown>): void => {
    const over = work.then(
      () => {
        warned = false;
      },
      (error: unknown) => {
        if (!warned) log.warn({ err: error }, 'live state is away; calls go on without their snapshot');
        warned = true;
      },
    );
    writing.add(over);
    void over.then(() => writing.delete(over));
  };
  const writing = new Set<Promise<void>>();
  /** Ended while live state was away: removed when it is back, or the next process would take them up again. */
  const forgotten = new Set<string>();
  function forget(callId: string): void {
    forgotten.add(callId);
    behind(valkey.hdel(calls, callId).then(() => forgotten.delete(callId)));
  }
  return {
    forgetAgain: () => [...forgotten].forEach(forget),
    keepCall: (kept) => behind(valkey.hset(calls, kept.call.id, JSON.stringify(kept))),
    forgetCall: forget,
    keepSeat: (kept) => behind(valkey.hset(seats, kept.legId, JSON.stringify(kept))),
    forgetSeat: (legId) => behind(valkey.hdel(seats, legId)),
    async written() {
      await Promise.race([Promise.all(writing), new Promise((resolve) => setTimeout(resolve, WRITTEN_WITHIN_MS).unref())]);
    },
    async left() {
      const [allCalls, allSeats] = await Promise.all([valkey.hvals(calls), valkey.hvals(seats)]);
      return {
        calls: allCalls.map((text) => JSON.parse(text) as KeptCall),
        seats: allSeats.map((text) => JSON.parse(text) as KeptSeat),
      };
    },
  };
}
