import { expect, test } from '@jest/globals';
import { WallLayout } from '../../../../../services/shared/contracts/queues/wall.js';
import { missingIn, moved, newLayout, READABLE_ROWS, resized, rowsOfScreen, stepOfKey, tileOfKind, tileOfTrunk } from './wall-draft.js';

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
  expect(tileOfKind('trend', figure)).toEqual({
    kind: 'trend',
    figure: 'asa',
    window: 'lately',
    queueId: 'q',
    trunkId: '',
    wide: 2,
    high: 1,
  });
  expect(tileOfKind('alarms', figure)).toEqual({ kind: 'alarms', wide: 2, high: 1 });
});

test('arrows move a tile, with Shift they change its size', () => {
  expect(stepOfKey('ArrowLeft', false)).toEqual({ do: 'move', by: -1 });
  expect(stepOfKey('ArrowDown', true)).toEqual({ do: 'resize', high: 1 });
  expect(stepOfKey('ArrowDown', false)).toBeUndefined();
  expect(stepOfKey('a', false)).toBeUndefined();
});

test('the rows of a screen are those of its grid, which fills gaps', () => {
  const one = { wide: 1, high: 1 };
  expect(rowsOfScreen([])).toBe(0);
  expect(rowsOfScreen(newLayout('en').screens[0]?.tiles ?? [])).toBe(3);
  expect(rowsOfScreen(Array.from({ length: 16 }, () => one))).toBe(READABLE_ROWS);
  expect(rowsOfScreen(Array.from({ length: 24 }, () => one))).toBe(6);
  // The third stands beside the first, where it is free.
  expect(rowsOfScreen([{ wide: 3, high: 1 }, { wide: 4, high: 1 }, one])).toBe(2);
  expect(rowsOfScreen([{ wide: 4, high: 3 }, one])).toBe(4);
});

test('what keeps a wall from being saved is named: its name, and each screen without a tile', () => {
  const { screens } = newLayout('en');
  expect(missingIn('Hall', { screens })).toEqual([]);
  expect(missingIn(' ', { screens: [...screens, { title: '', tiles: [] }] })).toEqual(['name', 1]);
});

test('a tile of a trunk has no queue; back with queues it keeps no figure that only trunks have', () => {
  const figure = tileOfKind('figure', { figure: 'asa', queueId: 'q' });
  if (figure.kind !== 'figure') throw new Error('a figure was asked for');
  const ofTrunk = tileOfTrunk({ ...figure, figure: 'asr' }, 't1');
  expect(ofTrunk).toMatchObject({ trunkId: 't1', queueId: '', figure: 'asr' });
  expect(tileOfTrunk(ofTrunk, '')).toMatchObject({ trunkId: '', figure: 'waiting' });
  expect(tileOfTrunk(figure, '')).toMatchObject({ queueId: 'q', figure: 'asa' });
});
