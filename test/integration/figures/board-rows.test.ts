import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSlots } from '../../../services/figures/adapters/slots.js';
import type { ReportedCall } from '../../../services/figures/fold.js';
import { createReport } from '../../../services/figures/report.js';
import { createDayFigures } from '../../../services/routing/waits/day-figures.js';
import { scopeRows } from '../../../services/routing/waits/scope-rows.js';
import { rowFigureKeys, rowScopes } from '../../../services/shared/domain/figures/scope-rows.js';
import { teamFinder, type TeamSpell } from '../../../services/shared/domain/people/team.js';

// A row of the live board and the line of a report of the same day show the same figures, whatever came in.

const ZONE = 'Asia/Shanghai';
const MIDNIGHT = Date.parse('2026-11-29T16:00:00Z');
const DAY_MS = 86_400_000;
const reportBy = { number: 'number', trunk: 'trunk', 'client-unit': 'client', team: 'team', agent: 'agent' } as const;

const unitOf: Readonly<Record<string, string | undefined>> = { '4001': 'unit-a', '4002': 'unit-b', '4003': undefined, '4004': 'unit-a' };
const outcomes = ['answered', 'abandoned', 'overflow', 'callback', 'refused', 'lost', undefined] as const;
const visit = fc.record({
  queueId: fc.constantFrom('q1', 'q2'),
  // A number serves one client unit on that day, or none.
  called: fc.constantFrom(...Object.keys(unitOf)),
  trunkId: fc.constantFrom('t1', 't2'),
  atMs: fc.integer({ min: -7_200_000, max: DAY_MS - 1 }),
  waitMs: fc.integer({ min: 0, max: 60_000 }),
  thresholdMs: fc.constantFrom(15_000, 20_000),
  outcome: fc.constantFrom(...outcomes),
  agentId: fc.constantFrom('ann', 'bob', 'cat'),
});
/** Legs outside over the same trunks and one more, of calls that have ended. */
const leg = fc.record({
  trunkId: fc.constantFrom('t1', 't2', 't3'),
  atMs: fc.integer({ min: -7_200_000, max: DAY_MS - 1 }),
  ringsMs: fc.option(fc.integer({ min: 0, max: 9_000 }), { nil: undefined }),
  answersMs: fc.option(fc.integer({ min: 9_000, max: 30_000 }), { nil: undefined }),
  failure: fc.constantFrom('busy', 'timed-out', undefined),
});
/** Ann changes teams on this day, Bob did so on the day before, Cat is in no team. */
const spells: readonly TeamSpell[] = [
  { agentId: 'ann', teamId: 'night', fromMs: MIDNIGHT - 9 * DAY_MS, untilMs: MIDNIGHT },
  { agentId: 'ann', teamId: 'day', fromMs: MIDNIGHT },
  { agentId: 'bob', teamId: 'night', fromMs: MIDNIGHT - DAY_MS },
];

/** A call out with one leg. */
const callOf = (
  one: Pick<ReportedCall['dialled'][number], 'at' | 'ringingAt' | 'answeredAt' | 'failure' | 'trunkId' | 'attemptId'>,
): ReportedCall => ({
  ...{ _id: one.attemptId, direction: 'outbound', invitedAt: one.at, answeredAt: one.answeredAt, noticeEndedAt: undefined, segments: [] },
  ...{ called: '13800000000', trunkId: one.trunkId, queueId: undefined },
  dialled: [
    {
      ...{
        way: 'call-out',
        from: '4001',
        numberMasked: '138****0000',
        numberHash: 'hash',
        number: undefined,
        agentId: undefined,
        rulesVersion: 1,
      },
      ...{
        emergency: undefined,
        freeReason: undefined,
        endedAt: one.at,
        noticeId: undefined,
        noticeEndedAt: undefined,
        refusedAt: undefined,
      },
      ...one,
    },
  ],
});

test('every row of the board is the line of the report of the day, by every scope', () => {
  fc.assert(
    fc.property(fc.array(visit, { maxLength: 60 }), fc.array(leg, { maxLength: 30 }), (drawn, legs) => {
      const nowMs = MIDNIGHT + DAY_MS - 1;
      const time = { fromMs: MIDNIGHT, untilMs: MIDNIGHT + DAY_MS };
      const figures = createDayFigures();
      figures.turnTo(MIDNIGHT);
      figures.inTeams(spells);
      for (const [place, { atMs, outcome, waitMs, agentId, ...each }] of drawn.entries())
        figures.saw({
          ...each,
          clientUnit: unitOf[each.called],
          ...{ visitId: `v${place}`, enteredAtMs: MIDNIGHT + atMs, outcome, waitMs: outcome === undefined ? undefined : waitMs },
          agentId: outcome === 'answered' ? agentId : undefined,
        });
      const timesOf = ({ atMs, ringsMs, answersMs }: (typeof legs)[number]) => ({
        at: new Date(MIDNIGHT + atMs),
        ringingAt: ringsMs === undefined ? undefined : new Date(MIDNIGHT + atMs + ringsMs),
        answeredAt: answersMs === undefined ? undefined : new Date(MIDNIGHT + atMs + answersMs),
      });
      // The record of the call says again what its end said.
      for (const round of [1, 2])
        for (const [place, each] of legs.entries())
          if (round === 1 || place % 2 === 0)
            figures.sawLeg({ attemptId: `a${place}`, trunkId: each.trunkId, failure: each.failure, ...timesOf(each) });
      for (const of of rowScopes) {
        const report = createReport({
          ...{ slotOf: createSlots('day', ZONE, time), by: reportBy[of], nowMs, withStates: false },
          teamOf: teamFinder(spells),
        });
        const facts = report.facts(time);
        for (const { atMs, outcome, waitMs, agentId, ...each } of drawn)
          facts.addVisit({
            ...each,
            clientUnit: unitOf[each.called],
            ...{ enteredAt: new Date(MIDNIGHT + atMs), outcome, waitMs: outcome === undefined ? undefined : waitMs },
            agentId: outcome === 'answered' ? agentId : undefined,
          });
        for (const [place, each] of legs.entries())
          facts.addCall(callOf({ ...timesOf(each), attemptId: `a${place}`, trunkId: each.trunkId, failure: each.failure }), undefined);
        const keys = rowFigureKeys(of);
        const expected = report
          .lines()
          .rows.filter(
            ({ scope, figures: { entered, legs: all } }) =>
              scope !== '' && (entered.value ?? 0) + (of === 'trunk' ? (all.value ?? 0) : 0) > 0,
          )
          .map(({ scope, figures: all }) => [scope, keys.map((key) => all[key])] as const);
        const shown = scopeRows({ figures, desk: { agents: () => [] }, teams: [] }, of, nowMs)
          .filter(
            ({ today }) => (today[of === 'team' || of === 'agent' ? 'answered' : 'entered']?.value ?? 0) + (today.legs?.value ?? 0) > 0,
          )
          .map(({ id, today }) => [id, keys.map((key) => today[key])] as const);
        expect(new Map(shown)).toEqual(new Map(expected));
      }
    }),
    { numRuns: 60 },
  );
});
