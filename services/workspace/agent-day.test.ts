import { expect, test } from '@jest/globals';
import { agentDay, type DayFacts } from './agent-day.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 2, 2, 0, minutes));
const nothing: DayFacts = {
  agentId: 'a1',
  midnight: at(0),
  now: at(60),
  calls: [],
  thresholds: new Map([['service', 20_000]]),
  spans: [],
  scores: [],
  reviewPercents: [],
};
const seconds = (minutes: number, more: number): Date => new Date(at(minutes).getTime() + more * 1_000);

test('a day without calls has no share, no score and no review', () => {
  expect(agentDay(nothing)).toEqual({ calls: 0, talkMs: 0, serviceLevelPercent: null, stateMs: {}, score: null, reviews: null });
});

test('the service level counts calls that this agent answered first; talk time counts all of the own', () => {
  const day = agentDay({
    ...nothing,
    calls: [
      { queueId: 'service', queuedAt: at(10), agentAnsweredAt: seconds(10, 20), talks: [{ agentId: 'a1', from: at(11), to: at(13) }] },
      { queueId: 'service', queuedAt: at(20), agentAnsweredAt: seconds(20, 21), talks: [{ agentId: 'a1', from: at(21), to: at(22) }] },
      {
        queueId: 'service',
        queuedAt: at(30),
        agentAnsweredAt: seconds(30, 1),
        talks: [
          { agentId: 'a2', from: at(30), to: at(31) },
          { agentId: 'a1', from: at(31), to: at(32) },
        ],
      },
      { talks: [{ agentId: 'a1', from: at(40), to: at(41) }] },
      // A callback that the agent made: of the queue, but never waiting in it.
      { queueId: 'service', queuedAt: undefined, agentAnsweredAt: at(50), talks: [{ agentId: 'a1', from: at(50), to: at(51) }] },
    ],
  });
  expect(day).toMatchObject({ calls: 5, talkMs: 6 * 60_000, serviceLevelPercent: 50 });
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
