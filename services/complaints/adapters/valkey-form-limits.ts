import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { FormLimits } from '../intake/form-limits.js';

const PER_ADDRESS_AND_HOUR = 10;
/** For all addresses together: a flood from many hosts must not fill a store. */
const PER_MINUTE = 120;

export function createValkeyFormLimits(valkey: Redis): FormLimits {
  const common = { storeClient: valkey, useRedisPackage: false } as const;
  const address = new RateLimiterRedis({ ...common, keyPrefix: 'proofline:complaint-form', points: PER_ADDRESS_AND_HOUR, duration: 3_600 });
  const all = new RateLimiterRedis({ ...common, keyPrefix: 'proofline:complaint-forms', points: PER_MINUTE, duration: 60 });
  return {
    async take(from) {
      try {
        await address.consume(from);
        await all.consume('all');
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw new CallCentreError('too-many-requests', 'Too many complaints from here; please try again later or call.', {
          details: { waitMs: error.msBeforeNext },
        });
      }
    },
  };
}
