import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createDraw } from './draw.js';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const rows = Array.from({ length: 50 }, (_, i) => ({ callId: `call-${i}` }));
function drawnOf(seed: string, asked: number, from: readonly (typeof rows)[number][] = rows) {
  const draw = createDraw<(typeof rows)[number]>({ asked, seed }, sha256Hex);
  from.forEach(draw.add);
  const { pool, rows: found } = draw.drawn();
  return { pool, calls: found.map(({ callId }) => callId) };
}

test('the same seed draws the same recordings in the same order, whatever the order of the rows', () => {
  const first = drawnOf('4719', 5);
  expect(first.pool).toBe(50);
  expect(new Set(first.calls).size).toBe(5);
  expect(drawnOf('4719', 5, [...rows].reverse())).toEqual(first);
  expect(drawnOf('4720', 5).calls).not.toEqual(first.calls);
});

test('more recordings begin with the same ones, and all are drawn where there are fewer', () => {
  expect(drawnOf('s', 9).calls.slice(0, 4)).toEqual(drawnOf('s', 4).calls);
  expect(drawnOf('s', 80).calls).toHaveLength(50);
});

test('what is drawn is what the smallest digests of seed and call name', () => {
  const ranked = rows.map(({ callId }) => callId).sort((a, b) => (sha256Hex(`s\n${a}`) < sha256Hex(`s\n${b}`) ? -1 : 1));
  expect(drawnOf('s', 7).calls).toEqual(ranked.slice(0, 7));
});
