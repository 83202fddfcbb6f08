import { describe, expect, test } from '@jest/globals';
import type { ReportRow } from '../../../../services/shared/contracts/api/figures.js';
import { allRowsOf, RowsChange } from './report-rows.js';

const PART = 3;
const rowsOf = (...starts: readonly number[]): ReportRow[] =>
  starts.map((start) => ({ start: String(start).padStart(3, '0'), scope: '', figures: {} }));
/** A server that has these rows at its first, second ... answer, and the last of them from then on. */
function server(...states: readonly (readonly ReportRow[])[]) {
  const asked: number[] = [];
  const readFrom = async (skip: number) => {
    const rows = states[Math.min(asked.push(skip), states.length) - 1] ?? [];
    return { rows: rows.slice(skip, skip + PART), rowCount: rows.length };
  };
  return { asked, readFrom };
}

describe('all rows of a report', () => {
  test('are read on until the last', async () => {
    const all = rowsOf(1, 2, 3, 4, 5, 6, 7, 8);
    const { asked, readFrom } = server(all);
    const seen: (readonly number[])[] = [];
    expect(await allRowsOf(readFrom, (...progress) => void seen.push(progress))).toEqual(all);
    expect(asked).toEqual([0, 3, 6]);
    expect(seen).toEqual([
      [3, 8],
      [6, 8],
      [8, 8],
    ]);
  });

  test('of an empty report are none', async () => {
    expect(await allRowsOf(server([]).readFrom, () => undefined)).toEqual([]);
  });

  test('are read again from the beginning when a row came before those that were read', async () => {
    const [before, after] = [rowsOf(2, 3, 4, 5), rowsOf(1, 2, 3, 4, 5)];
    const { asked, readFrom } = server(before, after);
    expect(await allRowsOf(readFrom, () => undefined)).toEqual(after);
    expect(asked).toEqual([0, 3, 0, 3]);
  });

  test('are read again when one came and another went', async () => {
    const [before, after] = [rowsOf(2, 3, 4, 5), rowsOf(1, 2, 3, 4)];
    expect(await allRowsOf(server(before, after).readFrom, () => undefined)).toEqual(after);
  });

  test('that change each time are an error, never a file that lacks some', async () => {
    const many = Array.from({ length: 20 }, (_each, place) => rowsOf(...Array.from({ length: 5 + place }, (_row, row) => row)));
    await expect(allRowsOf(server(...many).readFrom, () => undefined)).rejects.toThrow(RowsChange);
  });

  test('fail as the server fails', async () => {
    const failed = new Error('refused');
    await expect(
      allRowsOf(
        () => Promise.reject(failed),
        () => undefined,
      ),
    ).rejects.toBe(failed);
  });
});
