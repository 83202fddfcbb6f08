import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Exclusive } from '../changes/ports.js';

const KEY = 'proofline:accounts:lock';
/** Longer than the work takes, so that a process that died during the work blocks others no longer than this. */
const HELD_MS = 10_000;
const RETRY_MS = 20;
const TRIES = 250;
/** Releases the lock only while this process still holds it. */
const RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";

/** Runs one piece of work at a time across all processes, by a key in Valkey. */
export function createValkeyExclusive(valkey: Redis): Exclusive {
  return async (work) => {
    const token = randomUUID();
    for (let tries = 0; (await valkey.set(KEY, token, 'PX', HELD_MS, 'NX')) === null; tries += 1) {
      if (tries >= TRIES) throw new CallCentreError('too-many-requests', 'Another account is being changed. Please try again.');
      await pause(RETRY_MS);
    }
    try {
      return await work();
    } finally {
      await valkey.eval(RELEASE, 1, KEY, token);
    }
  };
}
