import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { LiveCall } from './live-call.js';
import type { RelayCopies, Source, SpoolFile } from './ports.js';
import { readRecords } from './records.js';

const SOURCE: Source = { address: '127.0.0.2', port: 40_000 };
const header = { callId: 'one', ledgerNumber: 1, originWallMs: 0, relay: 'relay', mediaCallId: 'm', callerTag: 'A', farTag: 'far' };

/** A call whose copies are encrypted: a packet opens when its first byte is the number of the newest subscription of its side. */
function encryptedCall() {
  const written: Uint8Array[] = [];
  const receivers: ((packet: Uint8Array, from: Source) => void)[] = [];
  const live = new Set<string>();
  let [nowMs, keys, strange, subscriptions] = [0, 0, 0, 0];
  const newest = new Map<string, number>();
  const file: SpoolFile = {
    header,
    append: (record) => void written.push(record),
    settle: async () => undefined,
    read: async () => Buffer.concat(written),
    inMemory: () => undefined,
  };
  const copies: RelayCopies = {
    async subscribe(_media, sides) {
      subscriptions += 1;
      const tag = `rec-${subscriptions}`;
      live.add(tag);
      return sides.map(({ tag: side }) => {
        keys += 1;
        const key = keys;
        newest.set(side, key);
        return { tag, source: SOURCE, open: (packet: Uint8Array) => (packet[0] === key ? packet : undefined) };
      });
    },
    async unsubscribe(_media: unknown, tag: string) {
      live.delete(tag);
    },
    dropStale: async () => undefined,
    startCapture: async () => undefined,
    stopCapture: async () => undefined,
    close: () => undefined,
    look: async () => ({ tags: new Set(live), ports: { caller: [], agent: [] }, farAddress: undefined }),
  };
  const call = new LiveCall(
    file,
    {
      taps: {
        async open(receive) {
          receivers.push(receive);
          return { address: '127.0.0.2', port: 46_000, close: () => undefined };
        },
      },
      copies,
      clock: { steadyMs: () => nowMs, wallMs: () => nowMs },
      log: silentLogger,
      strange: { seen: () => void (strange += 1) },
    },
    { paused: false, resumeFromMs: 0 },
  );
  return {
    call,
    live,
    send: (channel: 0 | 1, key: number): void => receivers[channel]?.(Buffer.from([key, 1, 2]), SOURCE),
    pass: (ms: number): void => void (nowMs += ms),
    keyOf: (side: string): number => newest.get(side) ?? 0,
    strange: () => strange,
    packets: () => readRecords(Buffer.concat(written)).records.filter(({ kind }) => kind === 'packet').length,
  };
}

test('a packet that cannot be decrypted is counted as strange and not recorded; its copy is asked for again with another key', async () => {
  const rig = encryptedCall();
  await rig.call.listen();
  const before = rig.keyOf('A');
  rig.send(0, before);
  expect(rig.packets()).toBe(1);
  rig.pass(3_000);
  for (let sent = 0; sent < 3; sent += 1) rig.send(0, 99);
  rig.send(1, rig.keyOf('far'));
  expect([rig.packets(), rig.strange()]).toEqual([2, 3]);
  await rig.call.tick();
  expect(rig.keyOf('A')).toBeGreaterThan(before);
  // One subscription copied the two sides, and does so again: the side that could still be read gets a new key as well.
  expect(rig.live).toEqual(new Set(['rec-2']));
  rig.send(1, rig.keyOf('far'));
  expect(rig.packets()).toBe(3);
  rig.send(0, rig.keyOf('A'));
  expect(rig.packets()).toBe(4);
});

test('a copy that is decrypted stays, whatever else came to its port before', async () => {
  const rig = encryptedCall();
  await rig.call.listen();
  const key = rig.keyOf('A');
  rig.send(0, 99);
  rig.send(0, key);
  rig.pass(3_000);
  await rig.call.tick();
  expect(rig.keyOf('A')).toBe(key);
});
