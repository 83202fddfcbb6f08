import { describe, expect, test } from '@jest/globals';
import { figureOf, type FigureKey } from '../shared/domain/figures/registry.js';
import { zeroFacts } from '../shared/domain/figures/count.js';
import { createSlots } from './adapters/slots.js';
import type { ReportInterval, ReportScope } from '../shared/domain/figures/report.js';
import type { ReportedCall, ReportedState, ReportedVisit } from './fold.js';
import { isMember, teamFinder } from '../shared/domain/people/team.js';
import { createFold } from './fold.js';
import { createReport } from './report.js';
import { createQuarterSums, QUARTER_MS } from './sums.js';

/** Midnight in Shanghai. */
const DAY_MS = Date.parse('2026-11-26T16:00:00Z');
const HOUR_MS = 3_600_000;
const at = (hours: number): Date => new Date(DAY_MS + hours * HOUR_MS);

const visit = (hours: number, changes: Partial<ReportedVisit> = {}): ReportedVisit => ({
  queueId: 'service',
  enteredAt: at(hours),
  waitMs: 5_000,
  outcome: 'answered',
  agentId: 'anna',
  thresholdMs: 20_000,
  called: '4001000',
  trunkId: 't1',
  clientUnit: undefined,
  ...changes,
});
function report(interval: ReportInterval, by: ReportScope = 'all', days = 1, withStates = true) {
  const span = { fromMs: DAY_MS, untilMs: DAY_MS + days * 24 * HOUR_MS };
  const made = createReport({ slotOf: createSlots(interval, 'Asia/Shanghai', span), by, nowMs: DAY_MS + 30 * HOUR_MS, withStates });
  return Object.assign(made, made.facts(span));
}
const brief = (made: ReturnType<typeof report>, ...keys: FigureKey[]) =>
  made.lines().rows.map(({ start, scope, figures }) => [start, scope, ...keys.map((key) => figures[key].value)]);

describe('a report', () => {
  test('puts a visit where it began, by the clock of the site', () => {
    const made = report('day', 'all', 2);
    made.addVisit(visit(23.99, { waitMs: HOUR_MS }));
    made.addVisit(visit(24));
    expect(brief(made, 'entered')).toEqual([
      ['2026-11-26T16:00:00.000Z', '', 1],
      ['2026-11-27T16:00:00.000Z', '', 1],
    ]);
  });

  test('leaves out what began before or after it', () => {
    const made = report('whole');
    for (const hours of [-0.01, 24]) made.addVisit(visit(hours));
    expect(made.lines().rows).toEqual([]);
  });

  test('a visit belongs to the site at which its number is served; a number of no site has a line of its own', () => {
    const span = { fromMs: DAY_MS, untilMs: DAY_MS + 24 * HOUR_MS };
    const made = createReport({
      ...{ slotOf: createSlots('whole', 'Asia/Shanghai', span), by: 'site', nowMs: DAY_MS + 30 * HOUR_MS, withStates: true },
      siteOf: (called) => (called === '4001000' ? 'S1' : undefined),
    });
    const facts = made.facts(span);
    for (const called of ['4001000', '4001000', '4002000']) facts.addVisit(visit(9, { called }));
    const { rows, total } = made.lines();
    expect(rows.map(({ scope, figures }) => [scope, figures.entered.value])).toEqual([
      ['', 1],
      ['S1', 2],
    ]);
    expect(total.figures.entered.value).toBe(3);
  });

  test('a visit belongs to the result of its call; calls without one have a line of their own', () => {
    const span = { fromMs: DAY_MS, untilMs: DAY_MS + 24 * HOUR_MS };
    const made = createReport({
      ...{ slotOf: createSlots('whole', 'Asia/Shanghai', span), by: 'result', nowMs: DAY_MS + 30 * HOUR_MS, withStates: true },
    });
    const facts = made.facts(span);
    for (const result of ['sold', undefined, 'sold/later', 'sold']) facts.addVisit(visit(9, { result }));
    const { rows, total } = made.lines();
    expect(rows.map(({ scope, figures }) => [scope, figures.entered.value])).toEqual([
      ['', 1],
      ['sold', 2],
      ['sold/later', 1],
    ]);
    expect(total.figures.entered.value).toBe(4);
  });

  test('a call that went through two queues is in both', () => {
    const made = report('whole', 'queue');
    made.addVisit(visit(9, { outcome: 'overflow', agentId: undefined }));
    made.addVisit(visit(9.01, { queueId: 'second' }));
    expect(brief(made, 'entered', 'overflowed', 'answered')).toEqual([
      ['', 'second', 1, 0, 1],
      ['', 'service', 1, 1, 0],
    ]);
    expect(made.lines().accounted).toBe(true);
  });

  test('quarters, hours and hours of the week', () => {
    const start = (interval: ReportInterval): string => {
      const made = report(interval);
      made.addVisit(visit(9.3));
      return made.lines().rows[0]?.start ?? '';
    };
    expect((['15', '30', '60', 'month', 'hour-of-week'] as const).map(start)).toEqual([
      '2026-11-27T01:15:00.000Z',
      '2026-11-27T01:00:00.000Z',
      '2026-11-27T01:00:00.000Z',
      '2026-10-31T16:00:00.000Z',
      '5-09',
    ]);
  });

  test('states are cut at the edges, and the parts add up to the whole to the millisecond', () => {
    const state: ReportedState = {
      agentId: 'anna',
      at: at(8.9),
      untilAt: new Date(DAY_MS + 10.2 * HOUR_MS + 1),
      state: 'ready',
      callId: undefined,
    };
    const made = report('60', 'agent');
    made.addState(state);
    made.addState({ ...state, at: at(8.5), untilAt: at(8.9), state: 'on-call' });
    const { rows, total } = made.lines();
    expect(rows.map(({ start }) => start.slice(11, 16))).toEqual(['00:00', '01:00', '02:00']);
    const signedIn = rows.reduce((sum, { figures }) => sum + figures.utilisation.denominator, 0);
    expect([signedIn, total.figures.utilisation.denominator]).toEqual([1.7 * HOUR_MS + 1, 1.7 * HOUR_MS + 1]);
  });

  test('by trunk the MOS, loss and jitter of the lines of calls in and out; a further leg is another line', () => {
    const made = report('whole', 'trunk', 1, false);
    const line = (leg: string, packetsLost: number) => ({
      ...{ leg, packetsReceived: 100 - packetsLost, packetsSent: 100, packetsLost, jitterMs: 8, roundTripMs: undefined, ssrcs: undefined },
    });
    const call = {
      ...{ answeredAt: undefined, noticeEndedAt: undefined, segments: [], dialled: [], called: '4001000', queueId: undefined },
      invitedAt: at(9),
    };
    made.addCall({ ...call, _id: 'c1', direction: 'inbound', trunkId: 't1', media: [line('caller', 2), line('number', 50)] }, undefined);
    made.addCall({ ...call, _id: 'c2', direction: 'outbound', trunkId: 't2', media: [line('caller', 10)] }, undefined);
    made.addCall({ ...call, _id: 'c3', direction: 'inbound', trunkId: 't2', media: [] }, undefined);
    expect(
      made
        .lines()
        .rows.map(({ scope, figures }) => [
          scope,
          ...(['line.mos', 'line.mos.p5'] as const).map((key) => figures[key].value),
          figures['line.loss'].value,
          figures['line.jitter'],
        ]),
    ).toEqual([
      ['t1', 4.2348, 4.23, 2, { numerator: 8, denominator: 1, value: 8 }],
      ['t2', 3.4109, 3.41, 10, { numerator: 8, denominator: 1, value: 8 }],
    ]);
  });

  test('a handling brings its talk, hold and wrap-up, and the asked colleague has none', () => {
    const made = report('whole', 'agent', 1, false);
    const part = (kind: ReportedCall['segments'][number]['kind'], fromS: number, toS: number, more: object = {}) => ({
      agentId: 'anna',
      kind,
      fromMs: DAY_MS + fromS * 1_000,
      toMs: DAY_MS + toS * 1_000,
      queueId: 'service',
      ...more,
    });
    made.addState({ agentId: 'anna', at: new Date(DAY_MS + 100_000), untilAt: new Date(DAY_MS + 112_000), state: 'wrap-up', callId: 'c1' });
    const segments = [
      part('ring', 0, 5),
      part('talk', 5, 50, { handling: 1 }),
      part('consult', 50, 70, { handling: 1 }),
      part('consult', 60, 70, { agentId: 'bert' }),
      part('talk', 70, 100, { handling: 1 }),
    ];
    made.addCall(
      {
        _id: 'c1',
        direction: 'inbound',
        invitedAt: new Date(DAY_MS),
        answeredAt: undefined,
        noticeEndedAt: undefined,
        dialled: [],
        segments,
        called: '4001000',
        trunkId: 't1',
        queueId: 'service',
      },
      undefined,
    );
    expect(brief(made, 'aht', 'aht.talk', 'aht.hold', 'aht.wrap', 'occupancy')).toEqual([['', 'anna', 107, 75, 20, 12, null]]);
  });

  test('a handling that ended by the transfer of its agent is one sent on; a take-over, and the next agent, are none', () => {
    const made = report('whole', 'agent', 1, false);
    const talk = (agentId: string, handling: number, fromS: number, toS: number) => ({
      ...{ agentId, handling, kind: 'talk' as const, queueId: 'service' },
      ...{ fromMs: DAY_MS + fromS * 1_000, toMs: DAY_MS + toS * 1_000 },
    });
    const mark = (ofS: number, agentId: string, detail: string) =>
      ({ atMs: DAY_MS + ofS * 1_000, what: 'transferred', agentId, detail }) as const;
    const call = {
      ...{ direction: 'inbound' as const, invitedAt: new Date(DAY_MS), answeredAt: new Date(DAY_MS), noticeEndedAt: undefined },
      ...{ dialled: [], called: '4001000', trunkId: 't1', queueId: 'service' },
    };
    made.addCall(
      {
        ...{ ...call, _id: 'c1' },
        segments: [talk('anna', 1, 5, 50), talk('bert', 2, 60, 90), talk('anna', 3, 95, 120)],
        history: [mark(50, 'anna', 'queue'), mark(90, 'bert', 'take-over')],
      },
      undefined,
    );
    made.addCall({ ...{ ...call, _id: 'c2' }, segments: [talk('anna', 1, 5, 50)] }, undefined);
    expect(brief(made, 'transfers', 'transferRate').map(([, agent, ...rest]) => [agent, ...rest])).toEqual([
      ['anna', 1, expect.closeTo(33.33, 1)],
      ['bert', 0, 0],
    ]);
  });

  describe('by team', () => {
    const spells = [
      { teamId: 'day', agentId: 'anna', fromMs: DAY_MS, untilMs: DAY_MS + 24 * HOUR_MS },
      { teamId: 'night', agentId: 'anna', fromMs: DAY_MS + 24 * HOUR_MS },
      { teamId: 'night', agentId: 'bert', fromMs: DAY_MS },
    ];
    const span = { fromMs: DAY_MS, untilMs: DAY_MS + 48 * HOUR_MS };
    const slotOf = createSlots('whole', 'Asia/Shanghai', span);
    const dayOf = createSlots('day', 'Asia/Shanghai');
    const needs = {
      slotOf,
      nowMs: DAY_MS + 72 * HOUR_MS,
      withStates: true,
      teamOf: teamFinder(spells),
      dayEndOf: (atMs: number) => dayOf(atMs).untilMs,
    };
    const signedIn = (made: ReturnType<typeof createReport>) =>
      made.lines().rows.map(({ scope, figures }) => [scope, figures.answered.value, figures.utilisation.denominator / HOUR_MS]);
    const overMidnight: ReportedState = { agentId: 'anna', at: at(22), untilAt: at(27), state: 'ready', callId: undefined };

    test('a move does not change the past, a state over midnight is of both teams, and who is in none stands by itself', () => {
      const made = createReport({ ...needs, by: 'team' });
      const facts = made.facts(span);
      for (const [hour, agentId] of [
        [9, 'anna'],
        [33, 'anna'],
        [10, 'bert'],
        [11, 'carl'],
      ] as const)
        facts.addVisit(visit(hour, { agentId }));
      facts.addVisit(visit(12, { agentId: undefined, outcome: 'abandoned' }));
      facts.addState(overMidnight);
      expect(signedIn(made)).toEqual([
        ['', 1, 0],
        ['day', 1, 2],
        ['night', 2, 3],
      ]);
    });

    test('of the members of a team alone, from facts as from the sums of agents', () => {
      const members = spells.filter(({ teamId }) => teamId === 'day');
      const isOne = (agentId: string, atMs: number): boolean => isMember(members, agentId, atMs);
      const ofDay = { ...needs, by: 'all' as const, isReached: ({ agentId = '' }, atMs: number) => isOne(agentId, atMs), isMember: isOne };
      const [fromFacts, fromSums] = [createReport(ofDay), createReport(ofDay)];
      const quarters = createQuarterSums();
      const sinks = [fromFacts.facts(span), createFold({ ...span, nowMs: needs.nowMs, counting: quarters.counting })];
      for (const sink of sinks) {
        for (const [hour, agentId] of [
          [9, 'anna'],
          [33, 'anna'],
          [10, 'bert'],
        ] as const)
          sink.addVisit(visit(hour, { agentId }));
        sink.addState(overMidnight);
      }
      for (let atMs = span.fromMs; atMs < span.untilMs; atMs += QUARTER_MS) fromSums.addSums(atMs, quarters.cellsOf(atMs));
      expect(signedIn(fromFacts)).toEqual([['', 1, 2]]);
      expect(signedIn(fromSums)).toEqual(signedIn(fromFacts));
    });
  });

  test('a total of nothing is a dash', () => {
    expect(report('whole').lines().total.figures['sl.strict']).toEqual(figureOf('sl.strict', zeroFacts()));
  });
});
