import { expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { agreementOf, problemsOfAnswers, scoreOf, type ReviewForm } from '../../shared/domain/review-form.js';
import { figuresBy } from './http.js';
import type { Review } from './ports.js';
import { drawSample } from './sampling.js';

const question = (id: string, weight: number, severity: 'normal' | 'critical' | 'fatal') => ({ id, text: {}, points: 5, weight, severity });
const form: ReviewForm = {
  formId: 'f',
  version: 1,
  name: {},
  questions: [question('greet', 1, 'normal'), question('solve', 3, 'critical'), question('privacy', 1, 'fatal')],
};

test.each([
  ['all points', { greet: 5, solve: 5, privacy: 5 }, 100],
  ['weights count', { greet: 0, solve: 5, privacy: 5 }, 80],
  ['not applicable neither helps nor hurts', { greet: null, solve: 5, privacy: 5 }, 100],
  ['a critical question failed halves', { greet: 5, solve: 0, privacy: 5 }, 20],
  ['a fatal question failed is zero', { greet: 5, solve: 5, privacy: 0 }, 0],
  ['nothing applies', { greet: null, solve: null, privacy: null }, 100],
])('%s', (_name, answers, percent) => {
  expect(scoreOf(form, answers).percent).toBe(percent);
});

test('answers that do not fit are named', () => {
  expect(problemsOfAnswers(form, { greet: 6, privacy: 1, other: 1 })).toEqual([
    'greet: not within 0 and 5',
    'solve: not answered',
    'other: no such question',
  ]);
});

test('two reviewers are compared on what either found applicable', () => {
  const agreement = agreementOf(form, { greet: 5, solve: 5, privacy: null }, { greet: 5, solve: 4, privacy: null });
  expect(agreement).toEqual({ sharePercent: 50, differences: ['solve'], scoreDifference: 15 });
});

test('a draw gives each agent the quota, and the same seed gives the same draw whatever the order', () => {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const calls = Array.from({ length: 40 }, (_, i) => ({ callId: `c${i}`, agentId: i < 38 ? `a${i % 2}` : 'rare' }));
  const drawn = drawSample(calls, 3, 'seed', hash);
  expect(drawn.filter(({ agentId }) => agentId === 'a0')).toHaveLength(3);
  expect(drawn.filter(({ agentId }) => agentId === 'rare')).toHaveLength(2);
  fc.assert(
    fc.property(fc.shuffledSubarray(calls, { minLength: 40, maxLength: 40 }), (shuffled) =>
      expect(drawSample(shuffled, 3, 'seed', hash)).toEqual(drawn),
    ),
  );
  expect(drawSample(calls, 3, 'other', hash)).not.toEqual(drawn);
});

test('figures: mean, fatal and open appeals of each agent', () => {
  const review = (agentId: string, percent: number, more: Partial<Review> = {}): Review =>
    ({ agentId, score: { percent, fatal: percent === 0 ? ['privacy'] : [], critical: [] }, ...more }) as Review;
  expect(
    figuresBy([review('a', 100), review('a', 0, { appeal: { text: 'no', at: '' } }), review('b', 80)], ({ agentId }) => agentId),
  ).toEqual([
    { id: 'a', reviews: 2, meanPercent: 50, fatal: 1, openAppeals: 1 },
    { id: 'b', reviews: 1, meanPercent: 80, fatal: 0, openAppeals: 0 },
  ]);
});
