import type { Redis } from 'ioredis';
import { lastToken } from '../../shared/platform/events/valkey-leadership.js';
import type { LiveWriter } from '../../shared/platform/stores/live-writer.js';
import type { KeptCall, KeptSeat, LiveState } from '../ports.js';

const calls = 'proofline:live-calls';
const seats = 'proofline:live-seats';
/** A live state that hangs must not keep a process from ending. */
const WRITTEN_WITHIN_MS = 1_000;

/**
 * Live calls and seats in two hashes of Valkey, so that the next process can continue them. A call does not wait for the live state; its
 * events are sent with its state or after it. There is one telephony process at a time, and its successor may run on another machine.
 */
export function createValkeyLiveState({ valkey, live }: { readonly valkey: Redis; readonly live: LiveWriter }): LiveState {
  return {
    keepCall: (kept) => live.keep(calls, kept.call.id, JSON.stringify(kept)),
    forgetCall: (callId) => live.forget(calls, callId),
    // While the live state is away, the writer itself keeps removals until it is back.
    forgetAgain: () => undefined,
    keepSeat: (kept) => live.keep(seats, kept.legId, JSON.stringify(kept)),
    forgetSeat: (legId) => live.forget(seats, legId),
    async written() {
      await Promise.race([live.written(), new Promise((resolve) => setTimeout(resolve, WRITTEN_WITHIN_MS).unref())]);
    },
    routingToken: () => lastToken(valkey, 'routing'),
    async left() {
      const [allCalls, allSeats] = await Promise.all([valkey.hvals(calls), valkey.hvals(seats)]);
      return {
        calls: allCalls.map((text) => JSON.parse(text) as KeptCall),
        seats: allSeats.map((text) => JSON.parse(text) as KeptSeat),
      };
    },
  };
}
