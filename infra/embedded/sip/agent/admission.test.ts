import { expect, test } from '@jest/globals';
import { Admission } from './admission.js';

function admission(start = 0): { clock: { ms: number }; sut: Admission } {
  const clock = { ms: start };
  const limits = { requestsPerSecond: 10, burst: 5, connectionsPerSource: 2, blockMs: 1_000, trusted: ['192.0.2.1'], spammers: ['Dialer'] };
  return {
    clock,
    sut: new Admission(
      limits,
      (address) => address === '192.0.2.2',
      () => clock.ms,
    ),
  };
}

test('a burst passes, the next request does not, and time gives back', () => {
  const { clock, sut } = admission();
  expect(Array.from({ length: 6 }, () => sut.request('198.51.100.1'))).toEqual([true, true, true, true, true, false]);
  clock.ms = 100;
  expect(sut.request('198.51.100.1')).toBe(true);
  expect(sut.request('198.51.100.2')).toBe(true);
});

test('a source that floods on is not heard for a while, then again', () => {
  const { clock, sut } = admission();
  for (let i = 0; i < 60; i++) sut.request('198.51.100.1');
  expect(sut.admits('198.51.100.1')).toBe(false);
  expect(sut.blockedCount).toBe(1);
  clock.ms = 1_001;
  expect(sut.admits('198.51.100.1')).toBe(true);
});

test.each(['friendly-scanner', 'sipvicious 0.3', 'VaxSIPUserAgent/3.1'])('%s is blocked, unless it claims a trusted address', (agent) => {
  const { sut } = admission();
  expect(sut.isScanner('198.51.100.1', agent)).toBe(true);
  expect(sut.admits('198.51.100.1')).toBe(false);
  expect(sut.isScanner('192.0.2.1', agent)).toBe(false);
});

test('an ordinary phone is no scanner', () => {
  expect(admission().sut.isScanner('198.51.100.1', 'SIP.js/0.21.2')).toBe(false);
  expect(admission().sut.isScanner('198.51.100.1', undefined)).toBe(false);
});

test('a source has so many connections and no more', () => {
  const { sut } = admission();
  expect([sut.opened('198.51.100.1'), sut.opened('198.51.100.1'), sut.opened('198.51.100.1')]).toEqual([true, true, false]);
  sut.closed('198.51.100.1');
  expect(sut.opened('198.51.100.1')).toBe(true);
});

test.each(['192.0.2.1', '192.0.2.2'])('a trusted source and a peer are never limited: %s', (address) => {
  const { sut } = admission();
  expect(Array.from({ length: 500 }, () => sut.request(address)).every(Boolean)).toBe(true);
});

test('the loopback is limited like every other address', () => {
  const { sut } = admission();
  expect(Array.from({ length: 6 }, () => sut.request('127.0.0.1')).at(-1)).toBe(false);
});

test('a hundred thousand forged addresses do not fill the memory', () => {
  const { sut } = admission();
  for (let i = 0; i < 100_000; i++) sut.request(`10.${String(i >> 16)}.${String((i >> 8) & 255)}.${String(i & 255)}`);
  expect((sut as unknown as { sources: Map<string, unknown> }).sources.size).toBeLessThanOrEqual(20_000);
});

test('the list of spammers is looked for in any part of a User-Agent and in any case', () => {
  const { sut } = admission();
  expect(['cold dialer 3', 'Linphone', undefined].map((agent) => sut.isSpammer(agent))).toEqual([true, false, false]);
});
