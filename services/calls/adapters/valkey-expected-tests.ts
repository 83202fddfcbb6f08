import type { Redis } from 'ioredis';
import type { ExpectedTests } from '../ports.js';
import type { TrunkId } from '../../shared/domain/ids.js';

const EXPECTED_S = 30;
/** A call to an unknown number is refused in time even when the live state is slow. */
const TAKEN_WITHIN_MS = 500;

const keyOf = (trunkId: TrunkId, called: string): string => `proofline:expected-test:${trunkId}:${called}`;

/** One key for each test. The first matching call removes it. */
export const createValkeyExpectedTests = (valkey: Redis): ExpectedTests => ({
  async expect(trunkId, called) {
    await valkey.set(keyOf(trunkId, called), '1', 'EX', EXPECTED_S);
  },
  async take(trunkId, called) {
    const taken = valkey.del(keyOf(trunkId, called)).then((removed) => removed === 1);
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), TAKEN_WITHIN_MS).unref());
    return Promise.race([taken, late]).catch(() => false);
  },
});
