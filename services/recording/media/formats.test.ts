import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeAlaw, encodeAlaw } from '../../shared/domain/sound/g711.js';
import { clip, subtract, total, union, type Interval } from './intervals.js';
import { opusTags, readPackets, writeOpus } from './ogg.js';
import { readPcap } from './pcap.js';
import { parseRtp } from './rtp.js';
import { PeakMeter } from './waveform.js';

test('every A-law code survives the way to linear and back', () => {
  for (let code = 0; code < 256; code += 1) expect(encodeAlaw(decodeAlaw(code))).toBe(code);
});

const intervals = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 40 }))
    .map(([from, length]): Interval => ({ from, to: from + length })),
);
const members = (list: readonly Interval[]): Set<number> => {
  const found = new Set<number>();
  for (const { from, to } of list) for (let i = from; i < to; i += 1) found.add(i);
  return found;
};

test('intervals are sets: union, difference, clip and total agree with counting', () => {
  fc.assert(
    fc.property(intervals, intervals, (a, b) => {
      const [ua, ub] = [union(a), union(b)];
      expect(members(ua)).toEqual(members(a));
      const outside = members(ub);
      expect(members(subtract(ua, ub))).toEqual(new Set([...members(ua)].filter((one) => !outside.has(one))));
      expect(total(ua)).toBe(members(a).size);
      expect(members(clip(ua, { from: 50, to: 100 }))).toEqual(new Set([...members(a)].filter((one) => one >= 50 && one < 100)));
    }),
  );
});

test('packets written to Ogg are read back, whatever their length', () => {
  const head = Uint8Array.from([...new TextEncoder().encode('OpusHead'), 1, 2, 0x38, 0x01, 0, 0, 0, 0, 0, 0, 0]);
  const tags = opusTags('test', { CALL: 'x' });
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 1_200 }), { minLength: 1, maxLength: 60 }), (packets) => {
      const ogg = writeOpus({ serial: 1, head, tags, packets, packetSamples: 2_880, samples: packets.length * 2_880 });
      expect(readPackets(ogg).map((packet) => [...packet])).toEqual([head, tags, ...packets].map((packet) => [...packet]));
    }),
    { numRuns: 50 },
  );
});

test('a cut Ogg stream is refused', () => {
  const head = new Uint8Array(19);
  const ogg = writeOpus({ serial: 1, head, tags: opusTags('t', {}), packets: [new Uint8Array(100)], packetSamples: 2_880, samples: 2_880 });
  expect(() => readPackets(ogg.subarray(0, ogg.length - 10))).toThrow('cut');
});

test('what is not RTP is not taken for it', () => {
  expect(parseRtp(new Uint8Array(4))).toBeUndefined();
  expect(parseRtp(new Uint8Array(20))).toBeUndefined();
  // RTCP sender report on the same port (RFC 5761).
  expect(parseRtp(Uint8Array.from([0x80, 200, ...new Array<number>(20).fill(0)]))).toBeUndefined();
  // A header extension that is longer than the packet.
  expect(parseRtp(Uint8Array.from([0x90, 8, ...new Array<number>(10).fill(0), 0, 0, 0xff, 0xff]))).toBeUndefined();
});

test('a capture is read up to the record that a killed writer left half', () => {
  const udp = Buffer.alloc(28 + 3);
  udp[0] = 0x45;
  udp[9] = 17;
  udp.set([127, 0, 0, 1], 16);
  udp.writeUInt16BE(4_000, 20);
  udp.writeUInt16BE(5_000, 22);
  udp.writeUInt16BE(8 + 3, 24);
  udp.set([1, 2, 3], 28);
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(101, 20);
  const record = Buffer.alloc(16);
  record.writeUInt32LE(1_000, 0);
  record.writeUInt32LE(500_000, 4);
  record.writeUInt32LE(udp.length, 8);
  record.writeUInt32LE(udp.length, 12);
  const file = Buffer.concat([header, record, udp, record, udp.subarray(0, 9)]);
  expect([...readPcap(file)]).toEqual([
    {
      atMs: 1_000_500,
      sourcePort: 4_000,
      destinationPort: 5_000,
      destinationAddress: '127.0.0.1',
      payload: expect.objectContaining({ length: 3 }) as unknown,
    },
  ]);
  expect(() => [...readPcap(Buffer.alloc(40))]).toThrow('not a pcap');
});

test('peaks: one value for each 100 ms, silence is zero', () => {
  const meter = new PeakMeter();
  meter.push(new Uint8Array(800).fill(0xd5));
  meter.push(new Uint8Array(900).fill(encodeAlaw(16_000)));
  const peaks = meter.finish();
  expect(peaks).toHaveLength(3);
  expect(peaks[0]).toBe(0);
  expect(peaks[1]).toBeGreaterThan(120);
});
