import { expect, test } from '@jest/globals';
import type { Segment } from '../shared/records/call.js';
import { agentDay, type DayFacts } from './agent-day.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 2, 2, 0, minutes));
const nothing: DayFacts = {
  agentId: 'a1',
  midnight: at(0),
  now: at(60),
  calls: [],
  visits: [],
  spans: [],
  scores: [],
  reviewPercents: [],
};
test('a day without calls has no share, no score and no review', () => {
  expect(agentDay(nothing)).toEqual({ calls: 0, talkMs: 0, serviceLevelPercent: null, stateMs: {}, score: null, reviews: null });
});

test('the service level is the standard figure of the visits that this agent answered', () => {
  const visit = (waitMs: number) => ({ outcome: 'answered' as const, waitMs, thresholdMs: 20_000 });
  expect(agentDay({ ...nothing, visits: [visit(20_000), visit(20_001), visit(1)] }).serviceLevelPercent).toBeCloseTo(66.667, 2);
});

test('talk is what this agent talked: not the ring, not the hold, and not what a colleague did', () => {
  const part = (agentId: string, kind: Segment['kind'], from: number, to: number): Segment => ({
    agentId,
    kind,
    fromMs: at(from).getTime(),
    toMs: at(to).getTime(),
  });
  const day = agentDay({
    ...nothing,
    calls: [
      { segments: [part('a1', 'ring', 9, 10), part('a1', 'talk', 10, 13), part('a1', 'hold', 13, 14), part('a1', 'conference', 14, 15)] },
      { segments: [part('a2', 'talk', 20, 25), part('a1', 'ring', 25, 26)] },
    ],
  });
  expect(day).toMatchObject({ calls: 1, talkMs: 4 * 60_000 });
});

test('each state has its time since midnight, the present one until now', () => {
  const { stateMs } = agentDay({
    ...nothing,
    spans: [
      { state: 'away', at: at(-20), untilAt: at(5) },
      { state: 'ready', at: at(5), untilAt: at(35) },
      { state: 'ready', at: at(40), untilAt: at(45) },
      { state: 'break', at: at(45) },
    ],
  });
  expect(stateMs).toEqual({ away: 5 * 60_000, ready: 35 * 60_000, break: 15 * 60_000 });
});

test('scores and reviews are means with their number', () => {
  expect(agentDay({ ...nothing, scores: [5, 4], reviewPercents: [90] })).toMatchObject({
    score: { mean: 4.5, answers: 2 },
    reviews: { meanPercent: 90, count: 1 },
  });
});
