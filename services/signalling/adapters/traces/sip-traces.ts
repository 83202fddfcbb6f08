import type { Redis } from 'ioredis';
import type { Config } from '../../../shared/platform/settings/config.js';
import type { Route } from '../../../shared/platform/http/route.js';
import { createSecretCipher } from '../../../shared/platform/stores/secret-cipher.js';
import { systemClock } from '../../../shared/platform/processes/system-clock.js';
import { createValkeyTraces } from './valkey-traces.js';
import { createTraceRoutes, type TraceRoutesDependencies } from '../../trace/http.js';
import type { TraceStore } from '../../trace/trace.js';

/** SIP traces for the roles: the writer in telephony, and the routes over the same data. */
export function createSipTraces({ valkey, config }: { readonly valkey: Redis; readonly config: Config }): {
  readonly store: TraceStore;
  routes(deps: Omit<TraceRoutesDependencies, 'store' | 'nowMs'>): Route[];
} {
  const keys = [config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS] as const;
  const { nowMs } = systemClock;
  const store = createValkeyTraces({ valkey, cipher: createSecretCipher(keys, 'SIP traces'), nowMs });
  return { store, routes: (deps) => createTraceRoutes({ ...deps, store, nowMs }) };
}
