import { expect, test } from '@jest/globals';
import { zeroFacts } from '../shared/domain/figures/count.js';
import { agentDayKeys } from '../shared/domain/figures/keys.js';
import { figureOf, figureRegistry } from '../shared/domain/figures/registry.js';
import type { Segment } from '../shared/records/call.js';
import { agentDay, type DayFacts } from './agent-day.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 2, 2, 0, minutes));
const figuresOf = (facts: Partial<ReturnType<typeof zeroFacts>> = {}): DayFacts['figures'] =>
  Object.fromEntries(agentDayKeys.map((key) => [key, figureOf(key, { ...zeroFacts(), ...facts })])) as DayFacts['figures'];
const nothing: DayFacts = {
  agentId: 'a1',
  midnight: at(0),
  now: at(60),
  calls: [],
  figures: figuresOf(),
  spans: [],
  scores: [],
  reviewPercents: [],
};
test('a day without calls has no share, no score and no review', () => {
  const { figures, ...day } = agentDay(nothing);
  expect(day).toEqual({ calls: 0, callsOut: 0, talkMs: 0, serviceLevelPercent: null, stateMs: {}, score: null, reviews: null });
  expect(figures.map(({ value }) => value)).toEqual(agentDayKeys.map(() => null));
});

test('service level, handle time and occupancy are those of the reports, with their names', () => {
  const figures = figuresOf({
    entered: 3,
    answered: 3,
    answeredInTime: 2,
    handlings: 2,
    talkMs: 90_000,
    wrapMs: 10_000,
    busyMs: 3_000,
    readyMs: 1_000,
  });
  const day = agentDay({ ...nothing, figures });
  expect(day.serviceLevelPercent).toBeCloseTo(66.667, 2);
  const { name, text } = figureRegistry.aht;
  expect(day.figures.find(({ key }) => key === 'aht')).toEqual({
    ...{ key: 'aht', name, text, unit: 'seconds' },
    ...{ numerator: 100, denominator: 2, value: 50 },
  });
  expect(day.figures.find(({ key }) => key === 'occupancy')?.value).toBe(75);
});

test('talk is what this agent talked, in calls in and out: not the ring, not the hold, and not what a colleague did', () => {
  const part = (agentId: string, kind: Segment['kind'], from: number, to: number): Segment => ({
    agentId,
    kind,
    fromMs: at(from).getTime(),
    toMs: at(to).getTime(),
  });
  const day = agentDay({
    ...nothing,
    calls: [
      {
        direction: 'inbound',
        segments: [part('a1', 'ring', 9, 10), part('a1', 'talk', 10, 13), part('a1', 'hold', 13, 14), part('a1', 'conference', 14, 15)],
      },
      { direction: 'inbound', segments: [part('a2', 'talk', 20, 25), part('a1', 'ring', 25, 26)] },
      { direction: 'outbound', segments: [part('a1', 'talk', 30, 32)] },
      { direction: 'outbound', segments: [part('a1', 'ring', 40, 41)] },
    ],
  });
  // A call out is talk, but nobody was answered.
  expect(day).toMatchObject({ calls: 1, callsOut: 1, talkMs: 6 * 60_000 });
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
