import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createSrtpSender } from '../../../../test/support/phones/srtp-sender.js';
import { counterMode, createSrtpReceiver, sessionKeys } from './srtp.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ''), 'hex');
const hexOf = (keys: Readonly<Record<string, Buffer>>): Record<string, string> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, key.toString('hex').toUpperCase()]));

test('the key stream is that of RFC 3711 appendix B.2', () => {
  const stream = counterMode(bytes('2B7E151628AED2A6ABF7158809CF4F3C'), bytes('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000'), Buffer.alloc(48));
  expect(stream).toEqual(bytes('E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0'));
});

test('session keys are those of RFC 3711 appendix B.3', () => {
  const keys = sessionKeys('AES_CM_128_HMAC_SHA1_80', bytes('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6'));
  expect(hexOf({ ...keys })).toEqual({
    encryption: 'C61E7A93744F39EE10734AFE3FF7A087',
    salt: '30CBBC08863D8C85D49DB34A9AE1',
    authentication: 'CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4',
  });
});

test('session keys of 256 bits are those of RFC 6188 section 7.3', () => {
  const master = bytes('f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6 3b04803de51ee7c96423ab5b78d2');
  expect(hexOf({ ...sessionKeys('AES_256_CM_HMAC_SHA1_80', master) })).toEqual({
    encryption: '5BA1064E30EC51613CAD926C5A28EF731EC7FB397F70A960653CAF06554CD8C4',
    salt: 'FA31791685CA444A9E07C6C64E93',
    authentication: 'FD9C32D39ED5FBB5A9DC96B30818454D1313DC05',
  });
});

describe('a receiver', () => {
  const keys = sessionKeys('AES_256_CM_HMAC_SHA1_80', randomBytes(46));
  const rtp = (sequence: number, text = `sound ${sequence}`, ssrc = 7): Buffer => {
    const header = Buffer.alloc(12);
    header.writeUInt16BE(0x8008, 0);
    header.writeUInt16BE(sequence & 0xffff, 2);
    header.writeUInt32BE(ssrc, 8);
    return Buffer.concat([header, Buffer.from(text)]);
  };

  test('gives back what was sent, of packets with contributing sources and an extension too', () => {
    const [seal, open] = [createSrtpSender(keys), createSrtpReceiver(keys)];
    const odd = Buffer.concat([
      Buffer.from([0x91]),
      rtp(2).subarray(1, 12),
      Buffer.alloc(4),
      bytes('BEDE0001 01020304'),
      Buffer.from('odd'),
    ]);
    for (const packet of [rtp(1), odd]) expect(open(seal(packet))).toEqual(packet);
  });

  test('follows the sequence number over its end, twice, and takes what comes late across it', () => {
    const [seal, open] = [createSrtpSender(keys), createSrtpReceiver(keys)];
    const sent = Array.from({ length: 9_000 }, (_, at) => rtp(65_000 + 16 * at));
    let late: Buffer | undefined;
    let opened = 0;
    for (const packet of sent) {
      const sealed = seal(packet);
      if (packet.readUInt16BE(2) === 65_528) late = sealed;
      else if (open(sealed)?.equals(packet) === true) opened += 1;
      if (packet.readUInt16BE(2) === 24 && late !== undefined) {
        if (open(late) !== undefined) opened += 1;
        late = undefined;
      }
    }
    expect(opened).toBe(sent.length);
  });

  test('opens a stream whose first packets were lost before the sequence number began anew', () => {
    const [seal, open] = [createSrtpSender(keys), createSrtpReceiver(keys)];
    const sealed = [65_534, 65_535, 65_536, 65_537].map((sequence) => seal(rtp(sequence)));
    expect(sealed.slice(2).map((packet) => open(packet))).toEqual([rtp(65_536), rtp(65_537)]);
    // A late packet, from before the rollover.
    expect(open(sealed[1] ?? Buffer.alloc(0))).toEqual(rtp(65_535));
  });

  test('drops what came before, what is too old, what was changed, what is cut short, and what another key sealed', () => {
    const [seal, open] = [createSrtpSender(keys), createSrtpReceiver(keys)];
    const sealed = Array.from({ length: 300 }, (_, at) => seal(rtp(at)));
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = sealed;
    for (const packet of sealed.slice(2)) expect(open(packet)).toBeDefined();
    expect(open(sealed[299] ?? first)).toBeUndefined();
    expect(open(first)).toBeUndefined();
    const next = seal(rtp(300));
    for (const at of [1, 3, 13, next.length - 1]) {
      const changed = Buffer.from(next);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(open(changed)).toBeUndefined();
    }
    for (let length = 0; length < 22; length += 1) expect(open(next.subarray(0, length))).toBeUndefined();
    expect(open(createSrtpSender(sessionKeys('AES_256_CM_HMAC_SHA1_80', randomBytes(46)))(rtp(301)))).toBeUndefined();
    expect(open(next)).toBeDefined();
    expect(open(second)).toBeUndefined();
  });

  test('keeps streams of different sources apart', () => {
    const open = createSrtpReceiver(keys);
    for (const ssrc of [1, 2]) expect(open(createSrtpSender(keys)(rtp(9, 'a', ssrc)))).toEqual(rtp(9, 'a', ssrc));
  });
});
