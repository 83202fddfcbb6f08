import { expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import { reportSheet, shownCell, type ReportSheet } from '../files/report-sheet.js';
import { reportCsv } from './report-csv.js';
import { reportXlsx } from './report-xlsx.js';

/** A sheet whose only line has a share of calls and a mean of seconds. */
function sheetWith(answered: number, entered: number, seconds: number): ReportSheet {
  const figures = {
    abandonRateShort: { numerator: answered, denominator: entered, value: (answered / entered) * 100 },
    aht: { numerator: seconds, denominator: 1, value: seconds },
  };
  const line = { start: '2026-11-28T00:00:00Z', scope: '', figures };
  return reportSheet({
    ...{ language: 'en', columns: ['abandonRateShort', 'aht'], interval: 'day', by: 'all', span: { fromMs: 0, untilMs: 1 } },
    ...{ lines: { rows: [line], total: line, accounted: true, notes: [] }, gaps: new Map(), identity: '', sources: { revised: 0 } },
    ...{
      madeAt: new Date(0),
      madeBy: 'u',
      asOf: undefined,
      partOf: { queues: [], sites: [], clientUnits: [] },
      nameOf: (scope: string) => scope,
    },
    ...{ timeText: (atMs: number) => new Date(atMs).toISOString(), zone: 'UTC' },
  } as unknown as Parameters<typeof reportSheet>[0]);
}

test('a figure is the same decimal in the three forms, without the error of binary fractions', async () => {
  // As binary fractions: 56.99999999999999 % and 0.30000000000000004 s.
  const sheet = sheetWith(57, 100, 0.1 + 0.2);
  const [, row = ''] = Buffer.from(reportCsv(sheet)).toString('utf8').split('\r\n');
  expect(row).toBe('2026-11-28,57,57,100,0.3,0.3,1');
  expect((sheet.rows[0] ?? []).map((cell, place) => shownCell(cell, sheet.columns[place]?.kind ?? 'text'))[1]).toBe('57.00%');
  const valuesOf = async (of: ReportSheet): Promise<string[]> => {
    const files = unzipSync(new Uint8Array(await reportXlsx(of, '')));
    return [...strFromU8(files['xl/worksheets/sheet1.xml'] ?? new Uint8Array()).matchAll(/<v>([^<]*)<\/v>/g)].map(
      ([, value = '']) => value,
    );
  };
  expect(await valuesOf(sheet)).toContain('0.57');
  // A workbook holds shares of one: 99.46 / 100 is 0.9945999999999999 in binary.
  expect(await valuesOf(sheetWith(9_946, 10_000, 1))).toContain('0.9946');
});

test('a figure without a short decimal keeps twelve digits, and a whole number all of its own', () => {
  const [row = []] = sheetWith(1, 3, 9_007_199_254_740_991).rows;
  expect(row.slice(1)).toEqual([33.3333333333, 1, 3, 9_007_199_254_740_991, 9_007_199_254_740_991, 1]);
});
