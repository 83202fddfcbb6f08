import { expect, test } from '@jest/globals';
import { arrowStep, listAfter, skillsAfter, stillThere } from './chosen.js';

const ids = ['a', 'b', 'c'];

test('the arrows go from row to row, and with Shift choose both', () => {
  expect(arrowStep(ids, 'a', { key: 'ArrowDown', shiftKey: false })).toEqual({ to: 'b', choose: [] });
  expect(arrowStep(ids, 'b', { key: 'ArrowUp', shiftKey: true })).toEqual({ to: 'a', choose: ['b', 'a'] });
  expect(arrowStep(ids, 'c', { key: 'ArrowDown', shiftKey: true })).toBeUndefined();
  expect(arrowStep(ids, 'a', { key: 'ArrowUp', shiftKey: false })).toBeUndefined();
  expect(arrowStep(ids, 'a', { key: 'Enter', shiftKey: false })).toBeUndefined();
  expect(arrowStep(ids, 'gone', { key: 'ArrowDown', shiftKey: false })).toBeUndefined();
});

test('a row that is no longer listed is no longer chosen', () => {
  expect(stillThere(['c', 'gone', 'a'], ids)).toEqual(['c', 'a']);
});

test('skills are given in the new level and taken away; others stay', () => {
  expect(skillsAfter({ english: 3, billing: 2, old: 1 }, { give: { english: 7, sales: 5 }, take: ['old', 'none'] })).toEqual({
    english: 7,
    billing: 2,
    sales: 5,
  });
});

test('queues are given once and taken away', () => {
  expect(listAfter(['a', 'b'], { give: ['b', 'c'], take: ['a'] })).toEqual(['b', 'c']);
});
