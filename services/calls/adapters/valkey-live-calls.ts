import type { Redis } from 'ioredis';
import type { Logger } from '../../shared/platform/logger.js';
import type { Call } from '../call.js';
import type { LiveCalls } from '../ports.js';

/**
 * Live calls in one hash of Valkey, so that whoever starts after this process knows what was going on. Written behind the call, never
 * before it: a call does not wait for live state.
 */
export function createValkeyLiveCalls({
  valkey,
  owner,
  log,
}: {
  readonly valkey: Redis;
  readonly owner: string;
  readonly log: Logger;
}): LiveCalls {
  const key = `proofline:live-calls:${owner}`;
  let warned = false;
  const behind = (work: Promise<unknown>): void => {
    work.then(
      () => (warned = false),
      (error: unknown) => {
        if (!warned) log.warn({ err: error }, 'live state is away; calls go on without their snapshot');
        warned = true;
      },
    );
  };
  return {
    keep: (call) => behind(valkey.hset(key, call.id, JSON.stringify(call))),
    forget: (callId) => behind(valkey.hdel(key, callId)),
    async left() {
      const all = await valkey.hgetall(key);
      return Object.values(all).map((text) => JSON.parse(text) as Call);
    },
  };
}
