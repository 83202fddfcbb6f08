import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createPageSockets, USUAL_PAGE_SOCKETS } from './page-limits.js';

const { lifetimeMs, checkEveryMs, signInWithinMs } = USUAL_PAGE_SOCKETS;

test('a connection in use is closed at the end of its lifetime, and an empty one long before', () => {
  let nowMs = 0;
  let look = (): void => undefined;
  const closed: string[] = [];
  const [used, empty] = ['used', 'empty'].map((name) => ({ close: () => void closed.push(name) }));
  const sockets = createPageSockets({
    inUse: () => new Set([used!]),
    sessionAlive: async () => true,
    closePages: () => undefined,
    clock: {
      nowMs: () => nowMs,
      every(ms, run) {
        expect(ms).toBe(checkEveryMs);
        look = run;
        return () => undefined;
      },
    },
    log: silentLogger,
  });
  const lookAt = (ms: number): readonly string[] => {
    nowMs = ms;
    look();
    return closed.splice(0);
  };
  for (const connection of [used!, empty!]) sockets.opened(connection, '192.0.2.1');
  expect(lookAt(signInWithinMs - 1)).toEqual([]);
  expect(lookAt(signInWithinMs)).toEqual(['empty']);
  sockets.closed(empty!);
  expect(lookAt(lifetimeMs - 1)).toEqual([]);
  expect(lookAt(lifetimeMs)).toEqual(['used']);
});
