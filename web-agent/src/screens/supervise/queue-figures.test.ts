import { expect, test } from '@jest/globals';
import type { QueueSnapshot } from '../../../../services/shared/contracts/commands.js';
import { alarmOf, serviceLevelOf } from './queue-figures.js';

const quiet: QueueSnapshot = {
  queueId: 'q',
  name: {},
  waiting: 0,
  longestWaitMs: 0,
  states: { ready: 1 },
  today: { offered: 0, answered: 0, abandoned: 0, withinTarget: 0, abandonedEarly: 0, averageWaitMs: 0 },
  serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'of-offered' },
  callbacks: 0,
  internal: false,
};

test('no call, no level; abandoned calls count against it', () => {
  expect(serviceLevelOf(quiet)).toBeNull();
  expect(serviceLevelOf({ ...quiet, today: { ...quiet.today, answered: 3, abandoned: 1, withinTarget: 3 } })).toBe(75);
});

test.each([
  ['quiet', {}, null],
  ['waiting while nobody is there', { waiting: 1, states: { away: 3 } }, 'nobody'],
  ['waiting for more than twice the threshold', { waiting: 1, longestWaitMs: 41_000 }, 'too-long'],
  ['below the target after ten calls', { today: { ...quiet.today, answered: 10, withinTarget: 5 } }, 'below-target'],
  ['below the target after nine calls', { today: { ...quiet.today, answered: 9, withinTarget: 5 } }, null],
] as const)('%s', (_name, change, alarm) => {
  expect(alarmOf({ ...quiet, ...change })).toBe(alarm);
});
