import { expect, test } from '@jest/globals';
import type { QueueSnapshot } from '../../../../services/shared/contracts/calls/commands.js';
import { boardFiguresOf } from '../../../../services/shared/domain/figures/board.js';
import { zeroFacts } from '../../../../services/shared/domain/figures/count.js';
import { alarmOf } from './queue-figures.js';

const noFigures = boardFiguresOf(zeroFacts());
const quiet: QueueSnapshot = {
  queueId: 'q',
  name: {},
  waiting: 0,
  longestWaitMs: 0,
  states: { ready: 1 },
  today: noFigures,
  lately: noFigures,
  serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' },
  callbacks: 0,
  internal: false,
};
const half = (denominator: number) => ({
  today: { ...noFigures, 'sl.strict': { numerator: denominator / 2, denominator, value: 50 } },
});

test.each([
  ['quiet', {}, null],
  ['waiting while nobody is there', { waiting: 1, states: { away: 3 } }, 'nobody'],
  ['waiting for more than twice the threshold', { waiting: 1, longestWaitMs: 41_000 }, 'too-long'],
  ['below the target after ten callers', half(10), 'below-target'],
  ['below the target after nine callers', half(9), null],
  [
    'above the target by the figure that the settings name',
    { ...half(10), serviceLevel: { ...quiet.serviceLevel, formula: 'sl.answered' as const } },
    null,
  ],
] as const)('%s', (_name, change, alarm) => {
  expect(alarmOf({ ...quiet, ...change })).toBe(alarm);
});
