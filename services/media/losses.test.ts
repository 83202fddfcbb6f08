import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createGapCount, createReportCount } from './losses.js';

const LOOK_MS = 5_000;
const PACKETS_A_LOOK = 250;

interface Sender {
  readonly ssrc?: number;
  readonly first: number;
  /** Of each number: how often it arrives. */
  readonly arrives: (nth: number) => number;
  readonly looks: number;
  /** How often the relay counts a packet of a source. */
  readonly recoded?: number;
  readonly rtcp?: number;
}

/** Packets of one source as the relay counts them, looked at every five seconds; what was missing in all, and the least of all sums. */
function counted({ ssrc = 7, first, arrives, looks, recoded = 1, rtcp = 0 }: Sender) {
  const count = createGapCount();
  let [packets, sum, least, sequence] = [0, 0, 0, first];
  for (let look = 0; look <= looks; look += 1) {
    for (let nth = look * PACKETS_A_LOOK; nth < (look + 1) * PACKETS_A_LOOK; nth += 1) {
      const times = arrives(nth);
      packets += times;
      if (times > 0) sequence = first + nth;
    }
    const sources = packets === 0 ? [] : [{ ssrc, packets: packets * recoded, sequence }];
    sum += count.look({ packets: packets + rtcp * look, sources }, look * LOOK_MS);
    least = Math.min(least, sum);
  }
  return { sum, least };
}

/** The first look only begins: what never came before it is not known. */
const lostAfterFirstLook = (arrives: (nth: number) => number, looks: number): number => {
  const numbers = Array.from({ length: (looks + 1) * PACKETS_A_LOOK }, (_, nth) => nth);
  const lastOf = (until: number): number => numbers.slice(0, until).findLast((nth) => arrives(nth) > 0) ?? -1;
  return numbers.slice(lastOf(PACKETS_A_LOOK) + 1, lastOf(numbers.length) + 1).filter((nth) => arrives(nth) === 0).length;
};

test.each([
  ['from nothing', 0],
  ['over the end of the sixteen bits', 65_000],
  ['after some cycles', 10 * 65_536 + 40_000],
])('every fifth packet missing is a fifth, %s', (_name, first) => {
  expect(counted({ first, arrives: (nth) => (nth % 5 === 0 ? 0 : 1), looks: 10 })).toEqual({ sum: 500, least: 0 });
});

test('numbers that were left out while something else was played are not lost: there was no time for more', () => {
  const count = createGapCount();
  count.look({ packets: 250, sources: [{ ssrc: 7, packets: 250, sequence: 250 }] }, LOOK_MS);
  // A hold of 1.2 s: sixty packets of music under another source, then the voice again, sixty numbers further on.
  const music = { ssrc: 8, packets: 60, sequence: 60 };
  expect(count.look({ packets: 500, sources: [{ ssrc: 7, packets: 440, sequence: 500 }, music] }, 2 * LOOK_MS)).toBeLessThanOrEqual(10);
  // Fifty that never came, with nothing in their place.
  expect(count.look({ packets: 700, sources: [{ ssrc: 7, packets: 640, sequence: 750 }, music] }, 3 * LOOK_MS)).toBe(50);
});

test('whatever is lost is counted, no more and no less, also when the relay recodes the stream', () => {
  const lossy = fc.record({
    first: fc.nat(200_000),
    gone: fc.array(fc.nat(5 * PACKETS_A_LOOK - 1), { maxLength: 400 }),
    recoded: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(lossy, ({ first, gone, recoded }) => {
      const lost = new Set(gone);
      const arrives = (nth: number): number => (lost.has(nth) ? 0 : 1);
      expect(counted({ first, arrives, looks: 4, recoded })).toEqual({ sum: lostAfterFirstLook(arrives, 4), least: 0 });
    }),
  );
});

test('packets that come twice are no losses, and hide few that are lost later', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4 * PACKETS_A_LOOK - 1), { maxLength: 900 }), (twice) => {
      const double = new Set(twice);
      // Twice in the first four looks, every fifth is missing in the last six.
      const arrives = (nth: number): number => (nth < 4 * PACKETS_A_LOOK ? (double.has(nth) ? 2 : 1) : nth % 5 === 0 ? 0 : 1);
      const { sum, least } = counted({ first: 3, arrives, looks: 9 });
      expect(sum).toBeGreaterThanOrEqual(250);
      expect(sum).toBeLessThanOrEqual(300);
      expect(least).toBe(0);
    }),
  );
});

test('RTCP on the same port is no packet of the stream', () => {
  expect(counted({ first: 9, arrives: (nth) => (nth % 10 === 0 ? 0 : 1), looks: 4, rtcp: 3 }).sum).toBe(100);
});

test('packets in another order are no losses but for a few that are under way at a look, however long it goes on', () => {
  const orders = fc.array(fc.record({ shift: fc.integer({ min: 0, max: 15 }), looked: fc.boolean() }), {
    minLength: 100,
    maxLength: 3_000,
  });
  fc.assert(
    fc.property(fc.nat(70_000), orders, (first, packets) => {
      const count = createGapCount();
      // The first packet and the last come in their order.
      const late = packets.map(({ shift, looked }, nth) => ({ nth: nth + 1, at: nth + 1 + shift, looked }));
      const arriving = [
        { nth: 0, at: 0, looked: true },
        ...late.sort((one, other) => one.at - other.at),
        { nth: late.length + 1, looked: true },
      ];
      let [sum, lookedAt] = [0, -Infinity];
      arriving.forEach(({ nth, looked }, place) => {
        // A second between looks is fifty packets.
        if (!looked || (place - lookedAt < 20 && nth <= late.length)) return;
        lookedAt = place;
        const received = place + 1;
        sum += count.look({ packets: received, sources: [{ ssrc: 1, packets: received, sequence: first + nth }] }, received * 20);
        expect(sum).toBeGreaterThanOrEqual(0);
      });
      expect(sum).toBeLessThanOrEqual(30);
    }),
  );
});

test('never below zero, and never more than can have been sent, whatever the relay says', () => {
  const source = fc.record({ ssrc: fc.nat(3), packets: fc.nat(100_000), sequence: fc.nat(5_000_000) });
  const looks = fc.array(
    fc.record({ packets: fc.nat(100_000), sources: fc.uniqueArray(source, { selector: ({ ssrc }) => ssrc, maxLength: 4 }) }),
  );
  fc.assert(
    fc.property(looks, (said) => {
      const count = createGapCount();
      let sum = 0;
      said.forEach((each, nth) => {
        const more = count.look(each, nth * LOOK_MS);
        expect(more).toBeLessThanOrEqual(600);
        expect((sum += more)).toBeGreaterThanOrEqual(0);
      });
    }),
  );
});

const one = (packets: number, sequence: number, ssrc = 1) => ({ packets, sources: [{ ssrc, packets, sequence }] });

test.each([
  [
    'another source, and the first one again later',
    [
      one(250, 1_249),
      {
        packets: 500,
        sources: [
          { ssrc: 2, packets: 250, sequence: 61_000 },
          { ssrc: 1, packets: 250, sequence: 1_249 },
        ],
      },
      {
        packets: 750,
        sources: [
          { ssrc: 1, packets: 500, sequence: 1_499 },
          { ssrc: 2, packets: 250, sequence: 61_000 },
        ],
      },
    ],
  ],
  ['the same source goes on at a number far ahead', [one(250, 1_249), one(500, 41_000), one(750, 41_250)]],
  ['the same source begins anew at a lower number', [one(250, 50_000), one(500, 249), one(750, 499)]],
  ['a relay that was started again', [one(5_000, 9_000), one(20, 9_400), one(270, 9_650)]],
  ['hold: nothing comes for a minute', [one(250, 1_249), ...Array.from({ length: 12 }, () => one(250, 1_249)), one(500, 1_499)]],
])('no loss: %s', (_name, looks) => {
  const count = createGapCount();
  expect(looks.map((look, nth) => count.look(look, nth * LOOK_MS))).toEqual(looks.map(() => 0));
});

test('the losses of a source that goes on are counted after it began anew', () => {
  const count = createGapCount();
  const looks = [one(250, 1_249), one(500, 41_000), one(700, 41_250)];
  expect(looks.map((look, nth) => count.look(look, nth * LOOK_MS))).toEqual([0, 0, 50]);
});

test('reports count what is new in them, and nothing of what the relay itself missed of the receiver', () => {
  const count = createReportCount();
  const said = (reports: number, lost: number) => [{ ssrc: 9, reports, lost }];
  expect(count.look([], 0)).toEqual({ lost: 0, reports: 0 });
  expect(count.look(said(1, 20), 0)).toEqual({ lost: 20, reports: 1 });
  // No new report: the number grew by gaps in what the receiver itself sends.
  expect(count.look(said(1, 35), 15)).toEqual({ lost: 20, reports: 1 });
  expect(count.look(said(2, 50), 12)).toEqual({ lost: 38, reports: 2 });
  // The receiver hears another source now, of which nothing was lost before.
  expect(count.look(said(3, 4), 0)).toEqual({ lost: 42, reports: 3 });
});

test('what was reported before the first look belongs to another time', () => {
  const count = createReportCount();
  expect(count.look([{ ssrc: 9, reports: 40, lost: 400 }], 0)).toEqual({ lost: 0, reports: 0 });
  expect(count.look([{ ssrc: 9, reports: 41, lost: 405 }], 0)).toEqual({ lost: 5, reports: 1 });
});

test('reports never count more than was reported', () => {
  const look = fc.record({ fresh: fc.nat(2), lost: fc.nat(30), own: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(look, { maxLength: 30 }), (looks) => {
      const count = createReportCount();
      count.look([], 0);
      let [reported, since, reports] = [0, 0, 0];
      for (const { fresh, lost, own } of looks) {
        if (fresh > 0) [reported, since, reports] = [reported + lost, 0, reports + fresh];
        // Of what it misses in this time the relay adds what came after the report.
        since += own;
        if (reports > 0) expect(count.look([{ ssrc: 9, reports, lost: reported + since }], own).lost).toBeLessThanOrEqual(reported);
      }
    }),
  );
});
