import { expect, test } from '@jest/globals';
import { besides, type ReplayFigures } from './replay-figures.js';

const figures = (queueId: string, offered: number): ReplayFigures => ({
  queueId,
  offered,
  answered: 0,
  abandoned: 0,
  overflowed: 0,
  serviceLevelPercent: null,
  meanWaitMs: 0,
  longestWaitMs: 0,
});

test('each queue has what happened, what is and what would be below each other', () => {
  const rows = besides({
    really: [figures('b', 1), figures('a', 2)],
    asIs: [figures('a', 3)],
    changed: [figures('a', 4), figures('c', 5)],
  });
  expect(rows.map(({ queueId, which, first, figures: { offered } }) => [queueId, which, first, offered])).toEqual([
    ['a', 'really', true, 2],
    ['a', 'asIs', false, 3],
    ['a', 'changed', false, 4],
    ['b', 'really', true, 1],
    ['c', 'changed', true, 5],
  ]);
});
