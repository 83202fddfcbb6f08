import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Trunk } from '../shared/contracts/calls/flow.js';
import { createDigest, parseDigest } from './adapters/digest.js';
import { WITHHELD } from '../shared/domain/calls/caller.js';
import { createFloodLimit } from '../shared/platform/http/flood-limit.js';
import { callerNumber } from './caller-number.js';
import { trunkOf } from './trunks/trunk-source.js';

const trunk = (id: string, addresses: string[], enabled = true): Trunk => ({
  id,
  name: id,
  carrier: '',
  addresses,
  trustsIdentity: false,
  permittedCallerNumbers: [],
  enabled,
});

describe('the trunk of an address', () => {
  const trunks = [trunk('off', ['192.0.2.1'], false), trunk('one', ['192.0.2.1', '2001:db8::1']), trunk('net', ['198.51.100.0/24'])];
  test.each([
    ['192.0.2.1', 'one'],
    ['::ffff:192.0.2.1', 'one'],
    ['2001:DB8::1', 'one'],
    ['198.51.100.200', 'net'],
    ['198.51.101.1', undefined],
    ['192.0.2.2', undefined],
  ])('%s', (address, id) => {
    expect(trunkOf(trunks, address, 'udp')?.id).toBe(id);
  });

  test('is found by its own transport alone', () => {
    const both = [{ ...trunk('secure', ['192.0.2.1']), transport: 'tls' as const }, trunk('plain', ['192.0.2.1'])];
    const found = (['udp', 'tcp', 'tls', 'ws', 'wss'] as const).map((by) => trunkOf(both, '192.0.2.1', by)?.id);
    expect(found).toEqual(['plain', 'plain', 'secure', undefined, undefined]);
  });
});

test.each([
  ['From, when the trunk is not trusted', false, '<sip:13800000001@a>', 'sip:13900000002@b', '13800000001'],
  ['the asserted identity of a trusted trunk', true, '<sip:anonymous@anonymous.invalid>', '<tel:+8613900000002>', '13900000002'],
  ['From, when a trusted trunk asserts nothing', true, '"x" <sip:+8613800000001;npdi@a>;tag=1', undefined, '13800000001'],
  ['nobody, when neither is a number', true, '<sip:anonymous@anonymous.invalid>', undefined, WITHHELD],
])('the caller is %s', (_name, trusted, from, assertedIdentity, number) => {
  expect(callerNumber({ from, assertedIdentity, trusted })).toBe(number);
});

test('the flood limit lets a burst through, then its rate', () => {
  let now = 0;
  const limit = createFloodLimit({ perSecond: 10, burst: 3, nowMs: () => now });
  expect([1, 2, 3, 4].map(() => limit.allows('a'))).toEqual([true, true, true, false]);
  expect(limit.allows('b')).toBe(true);
  now = 100;
  expect([limit.allows('a'), limit.allows('a')]).toEqual([true, false]);
});

describe('digest', () => {
  let now = 1_000_000;
  const digest = createDigest({ key: 'k', realm: 'r', nowMs: () => now });
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  function answer(password: string, nc = '00000001', nonce = /nonce="([^"]+)"/.exec(digest.challenge())?.[1] ?? ''): string {
    const response = md5(`${md5(`u:r:${password}`)}:${nonce}:${nc}:c:auth:${md5('INVITE:sip:seat@x')}`);
    return `Digest username="u", realm="r", nonce="${nonce}", uri="sip:seat@x", response="${response}", qop=auth, nc=${nc}, cnonce="c"`;
  }
  const check = (header: string): string => {
    const parsed = parseDigest(header);
    return parsed === undefined ? 'none' : digest.check(parsed, 'INVITE', 'secret');
  };

  test('is right once, stale when it is said again or too old, wrong with another password', () => {
    const header = answer('secret');
    expect(check(header)).toBe('right');
    expect(check(header)).toBe('stale');
    expect(check(answer('guess'))).toBe('wrong');
    const old = answer('secret', '00000002');
    now += 61_000;
    expect(check(old)).toBe('stale');
    expect(check(answer('secret', '00000003', 'made.up'))).toBe('stale');
    expect(check('Bearer x')).toBe('none');
  });
});
