import { describe, expect, test } from '@jest/globals';
import { nextHopOf, nextSequence, soundLines } from './dialog-state.js';

const source = { address: '192.0.2.9', port: 5060, transport: 'udp' };

describe('the next hop of a dialog', () => {
  const common = { recordRoute: undefined, weAsked: false, target: 'sip:caller@192.0.2.9:5062', source };
  test.each([
    ['the target itself', common, undefined],
    ['the address behind a NAT', { ...common, target: 'sip:caller@10.0.0.7:5060' }, 'sip:192.0.2.9:5060'],
    [
      'that, by the transport it came by',
      { ...common, target: 'sip:10.0.0.7', source: { ...source, transport: 'tcp' } },
      'sip:192.0.2.9:5060;transport=tcp',
    ],
    ['an IPv6 target', { ...common, target: 'sip:caller@[2001:db8::1]:5060', source: { ...source, address: '2001:db8::1' } }, undefined],
    ['the proxy nearest to us, of a call to us', { ...common, recordRoute: '<sip:near;lr>,<sip:far;lr>' }, 'sip:near;lr'],
    ['the proxy nearest to us, of a call of ours', { ...common, weAsked: true, recordRoute: '<sip:far;lr>, <sip:near;lr>' }, 'sip:near;lr'],
  ])('is %s', (_what, given, expected) => {
    expect(nextHopOf(given)).toBe(expected);
  });
});

test('a description that was only written anew says the same of sound', () => {
  const lines = (version: number, port: number): string =>
    ['v=0', `o=- 1 ${version} IN IP4 192.0.2.9`, 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', `m=audio ${port} RTP/AVP 8`, ''].join('\r\n');
  expect(soundLines(lines(2, 4_000))).toBe(soundLines(lines(1, 4_000)));
  expect(soundLines(lines(1, 4_002))).not.toBe(soundLines(lines(1, 4_000)));
});

test('CSeq rises with time, above what servers count from, and fits in 31 bits for 20 years (RFC 3261 section 8.1.1.5)', () => {
  const nowMs = Date.UTC(2026, 10, 28);
  expect(nextSequence(nowMs + 1_000)).toBeGreaterThan(nextSequence(nowMs));
  expect(nextSequence(nowMs)).toBeGreaterThan(2 ** 27);
  expect(nextSequence(Date.UTC(2046, 0, 1))).toBeLessThan(2 ** 31);
});
