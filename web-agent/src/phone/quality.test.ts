import { expect, test } from '@jest/globals';
import { adviceFor, barsOf, createQualityReader, estimateMos, heardLast, qualityBetween } from './quality.js';

test('MOS falls with loss and with delay, and is toll quality without either', () => {
  expect(estimateMos(0, 0, 20)).toBeGreaterThan(4.3);
  expect(estimateMos(5, 0, 20)).toBeLessThan(estimateMos(1, 0, 20));
  expect(estimateMos(0, 0, 800)).toBeLessThan(estimateMos(0, 0, 200));
  expect(estimateMos(100, 500, 5_000)).toBeGreaterThanOrEqual(1);
});

test('quality counts only what came since the last reading', () => {
  const before = { ssrc: 1, packetsReceived: 1_000, packetsLost: 50, jitterMs: 3, roundTripMs: 20 };
  const quality = qualityBetween(before, { ssrc: 1, packetsReceived: 1_090, packetsLost: 60, jitterMs: 4, roundTripMs: 22 });
  expect(quality).toMatchObject({ packetsReceived: 90, lossPercent: 10, jitterMs: 4 });
});

test('counters of another source count from nothing, whatever they have reached', () => {
  const before = { ssrc: 1, packetsReceived: 60, packetsLost: 0, jitterMs: 3, roundTripMs: 20 };
  expect(qualityBetween(before, { ...before, ssrc: 2 }).packetsReceived).toBe(60);
});

test('the source that is heard now counts, not the one of the echo test that stands beside it', () => {
  const echo = { ssrc: 1, packetsReceived: 300, lastPacketReceivedTimestamp: 5_000 };
  const caller = { ssrc: 2, packetsReceived: 50, jitter: 0.004, lastPacketReceivedTimestamp: 9_000 };
  expect(heardLast([caller, echo])).toEqual({ ssrc: 2, packetsReceived: 50, packetsLost: 0, jitterMs: 4 });
  expect(heardLast([])).toBeUndefined();
});

test('counters that went back belong to a new source and count from nothing', () => {
  const before = { ssrc: 1, packetsReceived: 1_000, packetsLost: 50, jitterMs: 3, roundTripMs: 20 };
  expect(qualityBetween(before, { ssrc: 1, packetsReceived: 40, packetsLost: 0, jitterMs: 1, roundTripMs: 9 })).toMatchObject({
    packetsReceived: 40,
    lossPercent: 0,
  });
});

test('what a caller sent while on hold, or beside a consultation, was not lost by the network of the seat', () => {
  const read = createQualityReader();
  const at = (ssrc: number, packetsReceived: number, packetsLost: number) => ({
    ssrc,
    packetsReceived,
    packetsLost,
    jitterMs: 3,
    roundTripMs: 20,
  });
  expect(read(at(1, 100, 0), false)).toMatchObject({ lossPercent: 0, packetsReceived: 100 });
  // Half a second on hold: it may be over before the first packet comes, which is the one that tells of the gap.
  expect(read(at(1, 150, 0), true)).toMatchObject({ lossPercent: 0, packetsReceived: 50 });
  expect(read(at(1, 240, 25), false)).toMatchObject({ lossPercent: 0, packetsReceived: 90 });
  expect(read(at(1, 330, 35), false)).toMatchObject({ lossPercent: 10, packetsReceived: 90 });
  // A colleague is asked, and the caller comes back.
  expect(read(at(2, 60, 0), false)).toMatchObject({ lossPercent: 0, packetsReceived: 60 });
  expect(read(at(1, 330, 35), false).packetsReceived).toBe(0);
  expect(read(at(1, 350, 75), false)).toMatchObject({ lossPercent: 0, packetsReceived: 20 });
  expect(read(at(1, 440, 75), false)).toMatchObject({ lossPercent: 0, packetsReceived: 90 });
  expect(read(at(1, 520, 95), false)).toMatchObject({ lossPercent: 20, packetsReceived: 80 });
});

test('a call that is put on hold before the first reading begins with that', () => {
  const read = createQualityReader();
  expect(read({ ssrc: 1, packetsReceived: 80, packetsLost: 20, jitterMs: 3, roundTripMs: 20 }, true)).toMatchObject({
    lossPercent: 0,
    packetsReceived: 80,
  });
});

const good = qualityBetween(null, { ssrc: 1, packetsReceived: 100, packetsLost: 0, jitterMs: 2, roundTripMs: 20 });

test.each([
  ['all is well', good, null],
  ['nothing arrives', { ...good, packetsReceived: 0 }, 'silence'],
  ['packets are lost', { ...good, lossPercent: 6 }, 'loss'],
  ['packets come unevenly', { ...good, jitterMs: 60 }, 'jitter'],
  ['packets come late', { ...good, roundTripMs: 500 }, 'delay'],
] as const)('advice when %s', (_name, quality, advice) => {
  expect(adviceFor(quality, true)).toBe(advice);
});

test('silence on hold is no fault, and no call has no bars', () => {
  expect(adviceFor({ ...good, packetsReceived: 0 }, false)).toBeNull();
  expect(barsOf(null)).toBe(0);
  expect(barsOf(good)).toBe(4);
});
