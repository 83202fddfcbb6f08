import { expect, test } from '@jest/globals';
import { ntpQuestion, readChronyTracking, readNtpAnswer, sightOf } from './clock.js';

test('an answer of a time server gives offset and round trip (RFC 5905)', () => {
  const sent = 1_800_000_000_000;
  const answer = ntpQuestion(sent + 5_010);
  answer[0] = (4 << 3) | 4;
  answer[1] = 2;
  ntpQuestion(sent).copy(answer, 24, 40, 48);
  ntpQuestion(sent + 5_010).copy(answer, 32, 40, 48);
  const sight = readNtpAnswer(answer, sent, sent + 20);
  expect(sight.offsetMs).toBeCloseTo(5_000, 2);
  expect(sight.roundTripMs).toBeCloseTo(20, 2);
  expect(() => readNtpAnswer(answer, sent + 1, sent + 20)).toThrow('another request');
  answer[1] = 16;
  expect(() => readNtpAnswer(answer, sent, sent + 20)).toThrow('no time');
  expect(() => readNtpAnswer(Buffer.alloc(10), sent, sent)).toThrow('Not an answer');
});

test('the offset of another clock is against the middle of the round trip', () => {
  expect(sightOf(1_000, 1_060, 1_100)).toEqual({ offsetMs: 10, roundTripMs: 100 });
});

test('what chrony tells is read; anything else is not taken for it', () => {
  const line = 'A29FC87B,162.159.200.123,4,1760000000.1,-0.001234567,0.00001,0.00002,-1.2,0.001,0.02,0.01,0.002,64.2,Normal';
  expect(readChronyTracking(line)).toEqual({ name: 'chrony', stratum: 4, offsetMs: -1.234567, roundTripMs: 0, synchronised: true });
  expect(readChronyTracking(line.replace('Normal', 'Not synchronised'))?.['synchronised']).toBe(false);
  expect(readChronyTracking('506 Cannot talk to daemon')).toBeUndefined();
});
