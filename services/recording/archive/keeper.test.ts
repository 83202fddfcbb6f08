import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { anyOf, deleteDue, type KeeperDependencies } from './keeper.js';
import type { Recording } from './ports.js';

async function* upTo(many: number): AsyncGenerator<number> {
  for (let value = 0; value < many; value += 1) yield value;
}

/** A fixed sequence that looks random (a linear congruential generator). */
function chance(): () => number {
  let state = 7;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

test('the nightly sample comes from all that is stored: the oldest and the newest have the same chance', async () => {
  const random = chance();
  const tenths = Array.from({ length: 10 }, () => 0);
  for (let night = 0; night < 200; night += 1)
    for (const value of await anyOf(upTo(1_000), 50, random)) tenths[Math.floor(value / 100)]! += 1;
  // Each tenth is expected to have 1,000, with a standard deviation of about 30.
  for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  expect(await anyOf(upTo(3), 50, random)).toEqual([0, 1, 2]);
});

test('retention deletes all that is due at once; what cannot be deleted holds up nothing, and the audit log says nothing of it', async () => {
  const left = new Set(Array.from({ length: 1_050 }, (_, place) => `c${place}`));
  const audited: string[] = [];
  const recordings = {
    due: async (_now: Date, limit: number, except: readonly string[]) =>
      [...left]
        .filter((callId) => !except.includes(callId))
        .slice(0, limit)
        .map((callId) => ({ callId, objectKey: callId, retentionClass: 'inbound' }) as Recording),
    markDeleted: async (callId: string) => void left.delete(callId),
  };
  const archive = {
    remove: async (key: string) => {
      if (Number(key.slice(1)) < 250) throw new Error('locked');
      expect(audited).not.toContain(key);
    },
  };
  const deps = {
    recordings,
    archive,
    deletions: { add: async () => undefined },
    audit: async ({ object }: { object: string }) => void audited.push(object),
    log: silentLogger,
  } as unknown as KeeperDependencies;
  expect(await deleteDue(deps, new Date(0))).toEqual({ deleted: 800, failed: 250 });
  expect(audited).toHaveLength(800);
});
