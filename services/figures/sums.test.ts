import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { visitOutcomes } from '../shared/domain/figures/facts.js';
import { reportIntervals, reportScopes, type ReportInterval, type ReportScope } from '../shared/domain/figures/report.js';
import { createSlots } from './adapters/slots.js';
import { createFold, type FactSink, type ReportedCall, type ReportedState, type ReportedVisit } from './fold.js';
import { gapsIn } from './report-reader.js';
import { createReport } from './report.js';
import { addedUp, cellsOf, createQuarterSums, QUARTER_MS, textsOf } from './sums.js';
import { addFacts, zeroFacts } from '../shared/domain/figures/count.js';

/** Midnight in Shanghai. */
const DAY_MS = Date.parse('2026-11-26T16:00:00Z');
const LENGTH_MS = 86_400_000;
const span = { fromMs: DAY_MS, untilMs: DAY_MS + LENGTH_MS };

const moment = fc.integer({ min: -3_600_000, max: LENGTH_MS + 3_600_000 }).map((ms) => DAY_MS + ms);
const length = fc.integer({ min: 0, max: 3 * QUARTER_MS });
const agent = fc.constantFrom('anna', 'bert', 'cleo');
const queue = fc.constantFrom('sales', 'service');
const called = fc.constantFrom('4001000', '4002000');
const result = fc.constantFrom('sold', 'sold/later', undefined);
const trunk = fc.constantFrom('t1', 't2');

const visit: fc.Arbitrary<ReportedVisit> = fc
  .record({
    queueId: queue,
    enteredAt: moment.map((ms) => new Date(ms)),
    waitMs: length,
    outcome: fc.constantFrom(...visitOutcomes, undefined),
    agentId: agent,
    thresholdMs: fc.constantFrom(15_000, 20_000),
    called,
    trunkId: trunk,
    clientUnit: fc.constantFrom('bank', undefined),
    result,
  })
  .map((each) => ({
    ...each,
    agentId: each.outcome === 'answered' ? each.agentId : undefined,
    waitMs: each.outcome === undefined ? undefined : each.waitMs,
  }));
const state: fc.Arbitrary<ReportedState> = fc
  .record({ agentId: agent, atMs: moment, length, state: fc.constantFrom('ready', 'on-call', 'wrap-up', 'away'), call: fc.nat(5) })
  .map(({ agentId, atMs, length: ms, state: name, call }) => ({
    agentId,
    at: new Date(atMs),
    untilAt: new Date(atMs + ms),
    state: name,
    callId: `c${String(call)}`,
  }));
const leg = fc
  .record({
    atMs: moment,
    rings: fc.option(length, { nil: undefined }),
    answers: fc.option(length, { nil: undefined }),
    trunkId: trunk,
    from: called,
  })
  .map(({ atMs, rings, answers, trunkId, from }): ReportedCall['dialled'][number] => ({
    attemptId: 'a1',
    way: 'call-out',
    trunkId,
    from,
    numberMasked: '138****0000',
    numberHash: 'hash',
    number: undefined,
    agentId: 'anna',
    rulesVersion: 1,
    emergency: undefined,
    at: new Date(atMs),
    ringingAt: rings === undefined ? undefined : new Date(atMs + rings),
    answeredAt: answers === undefined ? undefined : new Date(atMs + answers),
    endedAt: new Date(atMs + 10 * QUARTER_MS),
    failure: undefined,
    noticeId: undefined,
    noticeEndedAt: undefined,
    refusedAt: undefined,
    freeReason: undefined,
  }));
const call: fc.Arbitrary<ReportedCall> = fc
  .record({
    id: fc.nat(5),
    direction: fc.constantFrom('inbound' as const, 'outbound' as const),
    atMs: moment,
    wasAnswered: fc.boolean(),
    wasHeard: fc.boolean(),
    dialled: fc.array(leg, { maxLength: 2 }),
    called,
    trunkId: trunk,
    queueId: fc.option(queue, { nil: undefined }),
    media: fc.array(
      fc.record({
        leg: fc.constantFrom('caller', 'number'),
        packetsReceived: fc.nat(5_000),
        packetsSent: fc.nat(5_000),
        packetsLost: fc.nat(500),
        jitterMs: fc.double({ min: 0, max: 60, noNaN: true }),
        roundTripMs: fc.option(fc.double({ min: 0, max: 900, noNaN: true }), { nil: undefined }),
        ssrcs: fc.constant(undefined),
      }),
      { maxLength: 2 },
    ),
    parts: fc.array(fc.record({ agentId: agent, atMs: moment, length, queueId: queue }), { maxLength: 3 }),
  })
  .map(({ id, parts, atMs: invitedMs, wasAnswered, wasHeard, ...rest }) => ({
    _id: `c${String(id)}`,
    ...rest,
    invitedAt: new Date(invitedMs),
    answeredAt: wasAnswered ? new Date(invitedMs + 1_000) : undefined,
    noticeEndedAt: wasHeard ? new Date(invitedMs + 5_000) : undefined,
    segments: parts.flatMap(({ agentId, atMs, length: ms, queueId }, place) => [
      { agentId, kind: 'talk' as const, fromMs: atMs, toMs: atMs + ms, handling: place + 1, queueId },
      { agentId, kind: 'hold' as const, fromMs: atMs + ms, toMs: atMs + ms + 1_000, handling: place + 1, queueId },
    ]),
  }));

interface Facts {
  readonly visits: readonly ReportedVisit[];
  readonly states: readonly ReportedState[];
  readonly calls: readonly ReportedCall[];
}
const facts: fc.Arbitrary<Facts> = fc.record({
  visits: fc.array(visit, { maxLength: 30 }),
  states: fc.array(state, { maxLength: 20 }),
  calls: fc.array(call, { maxLength: 10 }),
});

/** Of some calls none. */
const resultOf = (callId: string): string | undefined => (['sold', 'sold/later'] as const)[Number(callId.slice(1))];

function give({ visits, states, calls }: Facts, sink: FactSink): void {
  for (const each of states) sink.addState(each);
  for (const each of visits) sink.addVisit(each);
  for (const each of calls) sink.addCall(each, each.called === '4001000' ? 'bank' : undefined, resultOf(each._id));
}

describe('sums in advance', () => {
  const nowMs = DAY_MS + 2 * LENGTH_MS;
  const made = (interval: ReportInterval, by: ReportScope) =>
    createReport({ slotOf: createSlots(interval, 'Asia/Shanghai', span), by, nowMs, withStates: true });

  test('give the same report as the facts, whatever part of the time they are of', () => {
    fc.assert(
      fc.property(
        facts,
        fc.integer({ min: 0, max: LENGTH_MS / QUARTER_MS }),
        fc.constantFrom(...reportIntervals),
        fc.constantFrom(...reportScopes),
        (all, closed, interval, by) => {
          const counted = made(interval, by);
          give(all, counted.facts(span));
          const closedUntilMs = DAY_MS + closed * QUARTER_MS;
          const quarters = createQuarterSums();
          give(all, createFold({ fromMs: DAY_MS, untilMs: closedUntilMs, nowMs, counting: quarters.counting }));
          const summed = made(interval, by);
          for (let atMs = DAY_MS; atMs < closedUntilMs; atMs += QUARTER_MS) summed.addSums(atMs, cellsOf(textsOf(quarters.cellsOf(atMs))));
          give(all, summed.facts({ fromMs: closedUntilMs, untilMs: span.untilMs }));
          expect(summed.lines()).toEqual(counted.lines());
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of a day are the sums of its quarters', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...reportScopes), (all, by) => {
        const quarters = createQuarterSums();
        give(all, createFold({ ...span, nowMs, counting: quarters.counting }));
        const parts = Array.from({ length: LENGTH_MS / QUARTER_MS }, (_each, place) => quarters.cellsOf(DAY_MS + place * QUARTER_MS));
        const [counted, summed] = [made('day', by), made('day', by)];
        give(all, counted.facts(span));
        summed.addSums(DAY_MS, cellsOf(textsOf(addedUp(parts))));
        expect(summed.lines()).toEqual(counted.lines());
      }),
      { numRuns: 100 },
    );
  });

  test('are the same text when the facts came in another order', () => {
    fc.assert(
      fc.property(facts, (all) => {
        const texts = [all, { ...all, visits: all.visits.toReversed(), calls: all.calls }].map((some) => {
          const quarters = createQuarterSums();
          give(some, createFold({ ...span, nowMs, counting: quarters.counting }));
          return textsOf(addedUp([quarters.cellsOf(DAY_MS + 36 * QUARTER_MS), quarters.cellsOf(DAY_MS)]));
        });
        expect(texts[1]).toEqual(texts[0]);
      }),
      { numRuns: 50 },
    );
  });

  test('of another shape are refused', () => {
    expect(() => cellsOf({ places: '{"places":[{"n":"4001000","t":"t1","sums":{"enterd":1}}]}' })).toThrow('enterd');
  });

  test('what is left between what is covered', () => {
    const gaps = gapsIn({ fromMs: 0, untilMs: 10 }, [
      { fromMs: 1, untilMs: 3 },
      { fromMs: 3, untilMs: 4 },
      { fromMs: 6, untilMs: 7 },
    ]);
    expect(gaps).toEqual([
      { fromMs: 0, untilMs: 1 },
      { fromMs: 4, untilMs: 6 },
      { fromMs: 7, untilMs: 10 },
    ]);
    expect(gapsIn({ fromMs: 0, untilMs: 10 }, [])).toEqual([{ fromMs: 0, untilMs: 10 }]);
    expect(gapsIn({ fromMs: 0, untilMs: 10 }, [{ fromMs: 0, untilMs: 10 }])).toEqual([]);
  });
});

test('a sum of an earlier version has no transfers, and its handlings are marked: nobody knows how they ended', () => {
  const count = { ...zeroFacts(), handlings: 3, transfers: 1, talkMs: 9 };
  const cells = {
    places: [{ called: '4001000', trunkId: 't1', count }],
    results: [],
    agents: [{ agentId: 'anna', count }],
    states: undefined,
  };
  const read = (version?: number) => {
    const [place] = cellsOf(textsOf(cells, version), version).places;
    const sum = zeroFacts();
    if (place !== undefined) addFacts(sum, place.count);
    return [sum.handlings, sum.transfers, sum.handlingsUnknown, sum.talkMs];
  };
  expect([read(), read(4)]).toEqual([
    [3, 1, 0, 9],
    [3, 0, 3, 9],
  ]);
});
