import { expect, test } from '@jest/globals';
import { createSilenceWatch } from './silence-watch.js';

function watched(silentAfterMs = 60_000) {
  const packets = new Map<string, number | undefined>();
  const silent: string[] = [];
  let now = 0;
  const watch = createSilenceWatch({
    sending: () => [...packets.keys()],
    packetsOf: async (legId) => packets.get(legId),
    onSilent: (legId) => silent.push(legId),
    silentAfterMs,
    nowMs: () => now,
  });
  return {
    packets,
    silent,
    at: async (ms: number): Promise<void> => {
      now = ms;
      await watch.look();
    },
  };
}

test('a leg from which no packet comes for the whole time is told once', async () => {
  const { packets, silent, at } = watched();
  packets.set('dead', 500);
  packets.set('alive', 500);
  await at(0);
  packets.set('alive', 501);
  await at(59_000);
  expect(silent).toEqual([]);
  packets.set('alive', 502);
  await at(60_000);
  expect(silent).toEqual(['dead']);
  packets.set('alive', 503);
  await at(61_000);
  expect(silent).toEqual(['dead']);
});

test('time on hold does not count, and a relay that does not answer is not silence', async () => {
  const { packets, silent, at } = watched();
  packets.set('held', 500);
  await at(0);
  packets.delete('held');
  await at(50_000);
  packets.set('held', 500);
  packets.set('mute-relay', undefined);
  await at(70_000);
  await at(129_000);
  expect(silent).toEqual([]);
  await at(130_000);
  expect(silent).toEqual(['held']);
});
