import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { damaged } from './damage.js';
import { openedNow, type Look } from './opened.js';
import { anyOf, deleteDue, scrub, type KeeperDependencies } from './keeper.js';
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

test('the nightly check notes of each recording that it opened when that was and what was wrong; of a store that is down nothing is known', async () => {
  const noted: [string, object][] = [];
  const raised: string[] = [];
  const deps = {
    recordings: {
      stored: async function* (from: Date | undefined) {
        if (from !== undefined) yield* ['whole', 'gone', 'unread'];
      },
      find: async (callId: string) => ({ callId }) as Recording,
      noteOpened: async ({ callId, opened }: Pick<Recording, 'callId' | 'opened'>, look: Look) =>
        void noted.push([callId, openedNow(opened, look)]),
    },
    playback: {
      async whole({ callId }: Recording) {
        if (callId === 'gone') throw damaged('recording-missing');
        if (callId === 'unread') throw new Error('the store is down');
      },
    },
    bus: { publish: async (_name: string, { code }: { code: string }) => void raised.push(code) },
    log: silentLogger,
    random: chance(),
  } as unknown as KeeperDependencies;
  await scrub(deps, new Date(0));
  expect(noted).toEqual([
    ['whole', { at: '1970-01-01T00:00:00.000Z' }],
    ['gone', { at: '1970-01-01T00:00:00.000Z', damage: 'recording-missing', found: { at: '1970-01-01T00:00:00.000Z', by: 'nightly' } }],
  ]);
  // The alarm leaves also when the note cannot be written.
  const noteOpened = () => Promise.reject(new Error('the store is away'));
  await expect(scrub({ ...deps, recordings: { ...deps.recordings, noteOpened } }, new Date(0))).rejects.toThrow('away');
  expect(raised).toEqual(['recording-missing', 'recording-missing']);
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
