import { expect, test } from '@jest/globals';
import { removeAged } from './keeping.js';

const NOW = new Date('2026-11-26T00:00:00Z');

test('rows older than their time go, lot by lot, and no younger one', async () => {
  let rows = Array.from({ length: 5_000 }, (_each, day) => NOW.getTime() - day * 86_400_000);
  const lots: number[] = [];
  const aged = {
    async removeBefore(at: Date, atMost: number): Promise<number> {
      const old = rows.filter((row) => row < at.getTime()).slice(0, atMost);
      rows = rows.filter((row) => !old.includes(row));
      lots.push(old.length);
      return old.length;
    },
  };
  expect(await removeAged([aged], 400, NOW)).toBe(4_599);
  expect(rows).toHaveLength(401);
  expect(lots).toEqual([2_000, 2_000, 599, 0]);
});
