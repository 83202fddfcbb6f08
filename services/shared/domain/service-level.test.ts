import { expect, test } from '@jest/globals';
import { serviceLevels } from './service-level.js';

test.each([
  ['no calls', { answered: 0, abandoned: 0, withinTarget: 0, abandonedEarly: 0 }, null, null],
  ['all answered in time', { answered: 4, abandoned: 0, withinTarget: 4, abandonedEarly: 0 }, 100, 100],
  ['an early abandon is held against nobody', { answered: 3, abandoned: 1, withinTarget: 3, abandonedEarly: 1 }, 100, 100],
  ['a late abandon counts in the second formula only', { answered: 3, abandoned: 1, withinTarget: 3, abandonedEarly: 0 }, 100, 75],
  ['only abandoned', { answered: 0, abandoned: 2, withinTarget: 0, abandonedEarly: 1 }, null, 50],
])('%s', (_name, counts, ofAnswered, ofOffered) => {
  expect(serviceLevels(counts)).toEqual({ 'of-answered': ofAnswered, 'of-offered': ofOffered });
});
