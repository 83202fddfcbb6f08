import { describe, expect, test } from '@jest/globals';
import { columnWidths } from './column-widths.js';

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);

describe('widths of columns', () => {
  test('are the shares that were asked for where every head fits', () => {
    expect(columnWidths(['月份', '指标', '公式'], [1, 2, 1], 400, 8)).toEqual([100, 200, 100]);
  });

  test('leave room for the longest word of a head, at the cost of the others', () => {
    const widths = columnWidths(['Denominator', 'Of', 'Figure'], [0.2, 2, 4], 300, 8);
    expect(widths[0]).toBeCloseTo('Denominator'.length * 0.62 * 8);
    expect(sum(widths)).toBeCloseTo(300);
    expect((widths[2] ?? 0) / (widths[1] ?? 1)).toBeCloseTo(2);
  });

  test('share what there is when not even the heads fit', () => {
    const widths = columnWidths(
      Array.from({ length: 20 }, () => 'Responsible'),
      [],
      300,
      8,
    );
    expect(sum(widths)).toBeCloseTo(300);
    expect(Math.max(...widths)).toBeCloseTo(15);
  });
});
