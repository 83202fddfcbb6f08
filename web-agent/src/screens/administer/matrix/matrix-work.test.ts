import { expect, test } from '@jest/globals';
import {
  cellAfter,
  cellsOf,
  heldAfter,
  levelOfKey,
  mayTake,
  reachOf,
  stillChanged,
  withLevel,
  withQueue,
  type Held,
} from './matrix-work.js';

const li: Held = { skills: { english: 5 }, serves: ['sales'] };
const wang: Held = { skills: {}, serves: [] };
const heldBy = (id: string): Held => (id === 'li' ? li : wang);
const sales = { id: 'sales', members: ['li'], skills: { english: 4 } };
const all = { id: 'all', members: 'everyone', skills: { english: 6 } } as const;

test('a level and a queue are changed, and back at what is stored nothing is', () => {
  const draft = withQueue(withLevel({}, 'li', li, 'english', 7), 'li', li, 'sales', false);
  expect(draft).toEqual({ li: { skills: { english: 7 }, queues: { sales: false } } });
  expect(cellsOf(draft)).toBe(2);
  expect(heldAfter(li, draft['li'])).toEqual({ skills: { english: 7 }, serves: [] });
  expect(withQueue(withLevel(draft, 'li', li, 'english', 5), 'li', li, 'sales', true)).toEqual({});
});

test('level 0 takes a skill away; a skill and a queue that are new are added', () => {
  const draft = withLevel(withLevel({}, 'li', li, 'english', 0), 'li', li, 'french', 3);
  expect(heldAfter(li, draft['li'])).toEqual({ skills: { french: 3 }, serves: ['sales'] });
  expect(heldAfter(wang, withQueue({}, 'wang', wang, 'sales', true)['wang'])).toEqual({ skills: {}, serves: ['sales'] });
});

test('what somebody else has meanwhile set to the same is no longer changed', () => {
  const draft = withQueue(withLevel({}, 'li', li, 'english', 7), 'wang', wang, 'sales', true);
  expect(stillChanged(draft, (id) => (id === 'li' ? { ...li, skills: { english: 7 } } : wang))).toEqual({
    wang: { skills: {}, queues: { sales: true } },
  });
});

test('who could take calls: members with the levels that the queue asks for', () => {
  expect([mayTake(sales, li), mayTake(sales, wang), mayTake(all, li)]).toEqual([true, false, false]);
  const draft = withLevel(withQueue({}, 'li', li, 'sales', false), 'li', li, 'english', 8);
  expect(reachOf([sales, all], ['li', 'wang'], heldBy, draft, (id) => id === 'li')).toEqual([
    { queueId: 'sales', now: { before: 1, after: 0 }, all: { before: 1, after: 0 } },
    { queueId: 'all', now: { before: 0, after: 1 }, all: { before: 0, after: 1 } },
  ]);
  expect(reachOf([sales, all], ['li', 'wang'], heldBy, withLevel({}, 'li', li, 'french', 1), () => true)).toEqual([]);
});

test('the keys of the grid stop at its edges', () => {
  const at = (key: string, ctrlKey = false) => cellAfter({ row: 1, column: 1 }, { key, ctrlKey }, 3, 4);
  expect(at('ArrowUp')).toEqual({ row: 0, column: 1 });
  expect(at('PageDown')).toEqual({ row: 2, column: 1 });
  expect(at('End')).toEqual({ row: 1, column: 3 });
  expect(at('End', true)).toEqual({ row: 2, column: 3 });
  expect(at('Home', true)).toEqual({ row: 0, column: 0 });
  expect(cellAfter({ row: 0, column: 0 }, { key: 'ArrowLeft', ctrlKey: false }, 3, 4)).toEqual({ row: 0, column: 0 });
  expect(at('x')).toBeUndefined();
});

test('digits are levels, 0 is ten, and Delete takes away', () => {
  expect(['7', '0', 'Delete', 'Backspace', 'a', '12'].map(levelOfKey)).toEqual([7, 10, 0, 0, undefined, undefined]);
});
