import { expect, test } from '@jest/globals';
import { checksum, pcapOf } from './pcap.js';
import type { KeptLeg, TracedLeg, TracedMessage } from '../../trace/trace.js';

const leg: TracedLeg = {
  legId: 'a',
  orderId: 'o',
  direction: 'in',
  trunkId: 't',
  fromMasked: '',
  toMasked: '',
  startedAt: '2026-11-30T00:00:00.000Z',
};
const message = (given: Partial<TracedMessage>): TracedMessage => ({
  atUs: 1_796_000_000_123_456,
  way: 'in',
  transport: 'udp',
  text: 'INVITE',
  ...given,
});
const four = { far: { address: '::ffff:192.0.2.9', port: 5060 }, near: { address: '203.0.113.1', port: 5062 } };
const six = { far: { address: '2001:db8::9', port: 5060 }, near: { address: '::1', port: 5062 } };

/** A reader written from the draft, independently of the writer. */
function read(file: Buffer) {
  const packets: { atUs: number; bytes: Buffer; comment: string }[] = [];
  let linkType = -1;
  for (let at = 0; at < file.length;) {
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    expect(length % 4).toBe(0);
    expect(file.readUInt32LE(at + length - 4)).toBe(length);
    const body = file.subarray(at + 8, at + length - 4);
    if (type === 0x0a0d0d0a) expect(body.readUInt32LE(0)).toBe(0x1a2b3c4d);
    if (type === 1) linkType = body.readUInt16LE(0);
    if (type === 6) {
      const captured = body.readUInt32LE(12);
      const optionsAt = 20 + Math.ceil(captured / 4) * 4;
      const comment =
        optionsAt < body.length ? body.subarray(optionsAt + 4, optionsAt + 4 + body.readUInt16LE(optionsAt + 2)).toString() : '';
      packets.push({ atUs: body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8), bytes: body.subarray(20, 20 + captured), comment });
    }
    at += length;
  }
  return { linkType, packets };
}

function udpOf(bytes: Buffer) {
  const isFour = bytes.readUInt8(0) >> 4 === 4;
  const headerBytes = isFour ? 20 : 40;
  if (isFour) {
    expect(checksum(bytes.subarray(0, 20))).toBe(0);
    expect(bytes.readUInt16BE(2)).toBe(bytes.length);
  } else expect(bytes.readUInt16BE(4)).toBe(bytes.length - 40);
  const udp = bytes.subarray(headerBytes);
  expect(udp.readUInt16BE(4)).toBe(udp.length);
  const pseudo = Buffer.from([0, 0, udp.length >> 8, udp.length & 255, 0, 0, 0, 17]);
  expect(checksum(Buffer.concat([bytes.subarray(isFour ? 12 : 8, headerBytes), pseudo, udp]))).toBe(0);
  return {
    from: udp.readUInt16BE(0),
    to: udp.readUInt16BE(2),
    text: udp.subarray(8).toString(),
    source: bytes.subarray(isFour ? 12 : 8, isFour ? 16 : 24),
  };
}

test('each message is a datagram with right lengths and sums, in time, to the microsecond', () => {
  const kept: KeptLeg[] = [
    { leg, messages: [message(four), message({ ...four, way: 'out', text: 'SIP/2.0 200 OK 你好', atUs: 1_796_000_000_123_460 })], lost: 0 },
    { leg, messages: [message({ ...six, atUs: 1_796_000_000_123_458, text: 'odd' })], lost: 0 },
  ];
  const { linkType, packets } = read(pcapOf(kept));
  expect(linkType).toBe(101);
  expect(packets.map(({ atUs }) => atUs - 1_796_000_000_123_456)).toEqual([0, 2, 4]);
  const [first, second, third] = packets.map(({ bytes }) => udpOf(bytes));
  expect(first).toMatchObject({ from: 5060, to: 5062, text: 'INVITE', source: Buffer.from([192, 0, 2, 9]) });
  expect(second?.source.toString('hex')).toBe('20010db8000000000000000000000009');
  expect(third).toMatchObject({ from: 5062, to: 5060, text: 'SIP/2.0 200 OK 你好' });
});

test('what is no datagram in truth, and what is not known, stands in the comment', () => {
  const { packets } = read(pcapOf([{ leg, messages: [message({ transport: 'tls', way: 'out' })], lost: 0 }]));
  expect(packets[0]?.comment).toBe('went over TLS; shown as a UDP datagram');
  expect(udpOf(packets[0]?.bytes ?? Buffer.alloc(0)).text).toBe('INVITE');
  expect(read(pcapOf([])).packets).toEqual([]);
});
