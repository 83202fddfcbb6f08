import { expect, test } from '@jest/globals';
import { WallLayout } from '../../../../../services/shared/contracts/queues/wall.js';
import { moved, newLayout, resized, stepOfKey, tileOfKind } from './wall-draft.js';

test('a layout to begin with is one that the server takes', () => {
  expect(WallLayout.safeParse(newLayout('en')).success).toBe(true);
});

test('a tile is moved within its screen and not beyond it', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});

test('a tile is never smaller than one place or larger than the screen', () => {
  const tile = tileOfKind('queues', { wide: 4, high: 1 });
  expect(resized(tile, { wide: 1, high: -1 })).toMatchObject({ wide: 4, high: 1 });
  expect(resized(tile, { wide: -1, high: 1 })).toMatchObject({ wide: 3, high: 2 });
});

test('a tile of another kind keeps the figure, the queue and the size where it has them', () => {
  const figure = tileOfKind('figure', { figure: 'asa', window: 'lately', queueId: 'q', wide: 2 });
  expect(tileOfKind('trend', figure)).toEqual({ kind: 'trend', figure: 'asa', window: 'lately', queueId: 'q', wide: 2, high: 1 });
  expect(tileOfKind('alarms', figure)).toEqual({ kind: 'alarms', wide: 2, high: 1 });
});

test('arrows move a tile, with Shift they change its size', () => {
  expect(stepOfKey('ArrowLeft', false)).toEqual({ do: 'move', by: -1 });
  expect(stepOfKey('ArrowDown', true)).toEqual({ do: 'resize', high: 1 });
  expect(stepOfKey('ArrowDown', false)).toBeUndefined();
  expect(stepOfKey('a', false)).toBeUndefined();
});
