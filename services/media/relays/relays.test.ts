import { expect, test } from '@jest/globals';
import { CallCentreError } from '../../shared/domain/failure.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { NgClient } from '../../shared/platform/network/rtpengine-ng.js';
import { createRelays } from './relays.js';

function watched() {
  let now = 1_000_000;
  let startedAtMs: number | undefined = 0;
  const answered = new Map<number, number>();
  const lost: number[] = [];
  let heldUpMs = 0;
  const client: NgClient = {
    send: async () => {
      if (startedAtMs === undefined) throw new CallCentreError('timed-out', 'silent');
      const looks = answered.get(startedAtMs) ?? 0;
      answered.set(startedAtMs, looks + 1);
      const totalstatistics = { uptime: String(Math.floor((now - startedAtMs) / 1_000)) };
      now += heldUpMs;
      return { result: 'ok', statistics: { totalstatistics, controlstatistics: { totalstatscount: String(looks) } } };
    },
    close: () => undefined,
  };
  const relays = createRelays({
    clients: new Map([['udp://relay', client]]),
    legs: () => 0,
    onRestart: async () => void lost.push(now),
    onGone: () => void lost.push(Number.POSITIVE_INFINITY),
    nowMs: () => now,
    log: silentLogger,
  });
  return {
    relays,
    lost,
    at: async (ms: number, started: number | undefined, answerHeldUpMs = 0): Promise<void> => {
      heldUpMs = answerHeldUpMs;
      now = 1_000_000 + ms;
      startedAtMs = started;
      await relays.look();
    },
  };
}

test('a relay that is slow for a while gets no new legs and keeps those that it has', async () => {
  const { relays, lost, at } = watched();
  await at(0, 0);
  await at(1_000, undefined);
  expect(relays.choose()).toBe('udp://relay');
  await at(2_000, undefined);
  expect(() => relays.choose()).toThrow(expect.objectContaining({ code: 'media-relay-unavailable' }));
  await at(9_000, undefined);
  await at(9_500, 0);
  expect(relays.choose()).toBe('udp://relay');
  expect(lost).toEqual([]);
});

test('one that does not come back loses its legs once, one that restarted loses those from before', async () => {
  const { lost, at } = watched();
  await at(0, 0);
  for (const ms of [1_000, 5_000, 10_000, 11_000, 12_000]) await at(ms, undefined);
  expect(lost).toEqual([Number.POSITIVE_INFINITY]);
  await at(20_000, 1_015_000);
  expect(lost).toHaveLength(2);
});

test('one whose answer this process reads seconds late is the same relay, late or in time at the next check', async () => {
  const { lost, at } = watched();
  await at(60_000, 1_000_000, 5_000);
  await at(66_000, 1_000_000);
  await at(67_000, 1_000_000, 8_000);
  await at(76_000, 1_000_000);
  expect(lost).toEqual([]);
  await at(77_000, 1_074_000, 300);
  expect(lost).toHaveLength(1);
});

test('one that is silent when the process begins is asked for the legs of the process before, once', async () => {
  const { lost, at } = watched();
  await at(0, undefined);
  await at(1_000, 1_000_500);
  expect(lost).toEqual([1_001_000]);
  await at(2_000, 1_000_500);
  expect(lost).toHaveLength(1);
});

test('one that dies within two seconds of its start has restarted all the same', async () => {
  const { lost, at } = watched();
  await at(0, 1_000_000);
  await at(1_100, 1_000_000);
  expect(lost).toEqual([]);
  await at(2_600, 1_001_500);
  expect(lost).toHaveLength(1);
  await at(3_600, 1_001_500);
  expect(lost).toHaveLength(1);
});

test('a partner that answers in its place is asked for every leg, however long it has been running', async () => {
  for (const partnerStartedMs of [-60_000, 200, 30_000]) {
    const { lost, at } = watched();
    await at(0, 1_000_000);
    for (const ms of [59_000, 60_000]) await at(ms, 1_000_000);
    await at(61_000, undefined);
    expect(lost).toEqual([]);
    await at(62_000, 1_000_000 + partnerStartedMs);
    expect(lost).toEqual([1_062_000]);
    await at(63_000, 1_000_000 + partnerStartedMs);
    expect(lost).toHaveLength(1);
  }
});

test('a partner that began with it, within the same second or two, is another by what it has counted', async () => {
  const { lost, at } = watched();
  for (const ms of [0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000]) await at(ms, 1_000_000);
  await at(8_000, 1_000_600);
  expect(lost).toEqual([1_008_000]);
  // It comes back, and has counted more than there were checks since.
  await at(9_000, 1_000_000);
  expect(lost).toEqual([1_008_000, 1_009_000]);
  await at(10_000, 1_000_000);
  expect(lost).toHaveLength(2);
});
