import { expect, test } from '@jest/globals';
import { ALAW_SILENCE } from '../../shared/domain/sound/g711.js';
import { ChannelTimeline } from './timeline.js';

/** 20 ms of one A-law value. */
function packet(at: { ssrc: number; sequence: number; timestamp: number; value: number; payloadType?: number }): Uint8Array {
  const bytes = new Uint8Array(12 + 160).fill(at.value, 12);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, at.payloadType ?? 8);
  view.setUint16(2, at.sequence & 0xffff);
  view.setUint32(4, at.timestamp >>> 0);
  view.setUint32(8, at.ssrc);
  return bytes;
}

const at = (sound: Uint8Array, ms: number): number | undefined => sound[ms * 8];

test('jitter does not move the sound: RTP timestamps place it after the first packet', () => {
  const timeline = new ChannelTimeline(0);
  [0, 35, 39, 75].forEach((arrival, i) =>
    timeline.push(packet({ ssrc: 1, sequence: i, timestamp: 1_000 + i * 160, value: 10 + i }), 100 + arrival),
  );
  const sound = timeline.take(300);
  expect([at(sound, 99), at(sound, 100), at(sound, 120), at(sound, 140), at(sound, 160), at(sound, 181)]).toEqual([
    ALAW_SILENCE,
    10,
    11,
    12,
    13,
    ALAW_SILENCE,
  ]);
  expect(timeline.coverage()).toEqual([{ from: 100, to: 180 }]);
});

test('a stream that begins anew is placed by its arrival, whatever its timestamps', () => {
  const timeline = new ChannelTimeline(0);
  timeline.push(packet({ ssrc: 1, sequence: 7, timestamp: 0, value: 1 }), 0);
  timeline.push(packet({ ssrc: 2, sequence: 9, timestamp: 4_000_000_000, value: 2 }), 1_000);
  timeline.push(packet({ ssrc: 1, sequence: 400, timestamp: 160, value: 3 }), 5_000);
  const sound = timeline.take(6_000);
  expect([at(sound, 0), at(sound, 1_000), at(sound, 5_000)]).toEqual([1, 2, 3]);
  expect(timeline.counts()).toMatchObject({ streams: 3, packets: 3 });
});

test('a stream that strays by more than 120 ms from its arrival is anchored again', () => {
  const timeline = new ChannelTimeline(0);
  timeline.push(packet({ ssrc: 1, sequence: 1, timestamp: 0, value: 1 }), 0);
  timeline.push(packet({ ssrc: 1, sequence: 2, timestamp: 160, value: 2 }), 2_000);
  expect(at(timeline.take(3_000), 2_000)).toBe(2);
});

test('packets that were held up on the way and come at once stay where they belong', () => {
  const timeline = new ChannelTimeline(0);
  for (let i = 0; i < 100; i += 1)
    timeline.push(packet({ ssrc: 1, sequence: i, timestamp: i * 160, value: i }), i < 20 || i >= 60 ? i * 20 : 1_200);
  expect(timeline.coverage()).toEqual([{ from: 0, to: 2_000 }]);
  const sound = timeline.take(2_000);
  for (let i = 0; i < 100; i += 1) expect(at(sound, i * 20)).toBe(i);
});

test('a sender that paused and kept its timestamps is heard when it really spoke', () => {
  const timeline = new ChannelTimeline(0);
  for (let i = 0; i < 60; i += 1)
    timeline.push(packet({ ssrc: 1, sequence: i, timestamp: i * 160, value: i }), i < 20 ? i * 20 : 3_000 + i * 20);
  expect(timeline.coverage()).toEqual([
    { from: 0, to: 400 },
    { from: 3_400, to: 4_200 },
  ]);
});

test('timestamps and sequence numbers wrap without a hole and without a loss', () => {
  const timeline = new ChannelTimeline(0);
  for (let i = 0; i < 4; i += 1)
    timeline.push(packet({ ssrc: 1, sequence: 65_534 + i, timestamp: 2 ** 32 - 320 + i * 160, value: 20 + i }), i * 20);
  expect(timeline.coverage()).toEqual([{ from: 0, to: 80 }]);
  expect(timeline.counts().missing).toBe(0);
});

test('what does not come is counted, and silence stands in its place', () => {
  const timeline = new ChannelTimeline(0);
  for (const i of [0, 1, 4]) timeline.push(packet({ ssrc: 1, sequence: i, timestamp: i * 160, value: 9 }), i * 20);
  expect(timeline.counts().missing).toBe(2);
  expect(at(timeline.take(200), 50)).toBe(ALAW_SILENCE);
  expect(timeline.coverage()).toHaveLength(2);
});

test('a sender whose clock is 200 ppm fast stays within 30 ms of its arrivals for ten minutes', () => {
  const timeline = new ChannelTimeline(0);
  const count = 30_000;
  for (let i = 0; i < count; i += 1) timeline.push(packet({ ssrc: 1, sequence: i, timestamp: i * 160, value: 9 }), i * 20 * (1 - 200e-6));
  const end = timeline.coverage().at(-1)?.to ?? 0;
  expect(Math.abs(end - count * 20 * (1 - 200e-6))).toBeLessThan(30);
});

test('key tones are heard of and never heard', () => {
  const timeline = new ChannelTimeline(0);
  timeline.push(packet({ ssrc: 1, sequence: 1, timestamp: 0, value: 5, payloadType: 101 }), 0);
  expect(timeline.coverage()).toEqual([]);
  expect(timeline.counts().packets).toBe(1);
});

test('sound is given piece by piece, each sample once', () => {
  const [whole, pieces] = [new ChannelTimeline(0), new ChannelTimeline(0)];
  const parts: number[] = [];
  for (let i = 0; i < 100; i += 1) {
    for (const timeline of [whole, pieces]) timeline.push(packet({ ssrc: 1, sequence: i, timestamp: i * 160, value: i }), i * 20);
    if (i % 7 === 6) parts.push(...pieces.take(i * 20 - 60));
  }
  parts.push(...pieces.take(2_000));
  expect(parts).toEqual([...whole.take(2_000)]);
});
