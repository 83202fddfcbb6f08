import { expect, test } from '@jest/globals';
import type { Anchor } from '../anchor.js';
import type { RelayCounts } from '../relays/relay-counts.js';
import { statisticsOf } from '../statistics.js';
import { createLegCounts } from './leg-counts.js';

const CALLER = 4_660;
const AGENT = 39_321;

type Stream = readonly [packets: number, ssrc: number, sequence: number];
const side = (tag: string, [packets, SSRC, sequence]: Stream, sent = 0) => ({
  tag,
  medias: [
    {
      streams: [
        {
          'local port': 1,
          'ingress SSRCs': [{ SSRC, packets, 'last RTP seq': sequence }],
          stats: { packets, bytes: 0, errors: 0 },
          stats_out: { packets: sent, bytes: 0, errors: 0 },
        },
      ],
    },
  ],
});
const reply = (caller: Stream, far: Stream, SSRC: RelayCounts['SSRC'] = {}): RelayCounts => ({
  ...{ result: 'ok', SSRC },
  tags: { A: side('A', caller), far: side('far', far, 7) },
});
/** As 12.5.1.31 writes it: the reports of whoever sends under this SSRC. */
const reports = (lost: number, samples: number) => ({
  'cumulative loss': lost,
  'average MOS': { MOS: 43, 'round-trip time': 50_353, 'round-trip time leg': 20_241, jitter: 5, 'packet loss': 1, samples },
});

function legs() {
  let nowMs = 0;
  const anchor = { id: 'c1', kind: 'caller' } as Anchor;
  const counts = createLegCounts(() => nowMs);
  return {
    anchor,
    counts,
    look(said: RelayCounts) {
      nowMs += 5_000;
      return counts.read(anchor, said);
    },
  };
}

test('each side has its own gaps; without reports the sequence says what is lost', () => {
  const { look, anchor } = legs();
  look(reply([100, CALLER, 1_100], [100, AGENT, 65_500]));
  const { outer, inner } = look(reply([300, CALLER, 1_350], [350, AGENT, 65_751]));
  expect([outer.packetsMissing, inner.packetsMissing]).toEqual([50, 1]);
  expect(statisticsOf(outer)).toEqual({
    ...{ packetsReceived: 300, packetsSent: 0, packetsLost: 50, lostBy: 'sequence', jitterMs: 0, roundTripMs: undefined, ssrcs: [CALLER] },
  });
  // A process that takes the leg over goes on from here.
  expect(anchor.missing).toBe(50);
});

test('what a side sends is reported by the other one, under the other one’s SSRC', () => {
  const { look } = legs();
  look(reply([100, CALLER, 1_100], [100, AGENT, 2_100]));
  // The agent has lost 20 of the caller's packets; the caller has lost none.
  const { outer, inner } = look(reply([350, CALLER, 1_350], [350, AGENT, 2_350], { [AGENT]: reports(20, 1), [CALLER]: reports(0, 1) }));
  expect(outer).toMatchObject({ packetsMissing: 0, packetsReported: 20, reports: 1, jitterMs: 5, roundTripMs: 50.353 });
  expect(inner).toMatchObject({ packetsReported: 0, reports: 1 });
  expect(statisticsOf(outer)).toMatchObject({ packetsLost: 20, lostBy: 'reports' });
});

test('the gaps of a receiver that the relay adds to its report are not losses of the other side', () => {
  const { look } = legs();
  look(reply([100, CALLER, 1_100], [100, AGENT, 2_100]));
  const { outer, inner } = look(reply([350, CALLER, 1_350], [300, AGENT, 2_350], { [AGENT]: reports(50, 1), [CALLER]: reports(50, 1) }));
  expect(outer).toMatchObject({ packetsMissing: 0, packetsReported: 0 });
  expect(inner).toMatchObject({ packetsMissing: 50, packetsReported: 50 });
});

test('a report that knows of less than did not even reach the relay is not believed', () => {
  const { look } = legs();
  look(reply([100, CALLER, 1_100], [100, AGENT, 2_100]));
  const { outer } = look(reply([300, CALLER, 1_350], [350, AGENT, 2_350], { [AGENT]: reports(3, 1) }));
  expect(statisticsOf(outer)).toMatchObject({ packetsLost: 50, lostBy: 'sequence' });
  // Twice as many came as were sent: the number in the report is below zero.
  expect(look(reply([550, CALLER, 1_600], [600, AGENT, 2_600], { [AGENT]: reports(0xff_ff00, 2) })).outer.packetsReported).toBe(3);
});

test('a leg that was just pointed elsewhere has no number: nothing is lost until the next is known', () => {
  const { look, counts, anchor } = legs();
  expect(counts.isNew(anchor)).toBe(true);
  look(reply([100, CALLER, 70], [0, AGENT, 0]));
  expect(counts.isNew(anchor)).toBe(false);
  look(reply([110, CALLER, 0], [0, AGENT, 0]));
  expect(look(reply([200, CALLER, 470], [0, AGENT, 0])).outer.packetsMissing).toBe(0);
  expect(look(reply([400, CALLER, 720], [0, AGENT, 0])).outer.packetsMissing).toBe(50);
});

test('a leg of which nothing comes is not looked at for ever', () => {
  const { look, counts, anchor } = legs();
  for (let time = 0; time < 5; time += 1) {
    expect(counts.isNew(anchor)).toBe(true);
    look({ result: 'ok' });
  }
  expect(counts.isNew(anchor)).toBe(false);
});
