import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ofDates, ofFigures, ofTimes, table } from '../../shared/domain/licence/document.js';
import type { Language } from '../../shared/domain/language.js';
import { renderXlsx } from './xlsx-renderer.js';

interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly { readonly value: string | number | null; readonly format: string }[])[];
}

/** The sheets as a reader that is not ours reads them. */
async function read(language: Language, ...tables: ReturnType<typeof table>[]): Promise<readonly Sheet[]> {
  const folder = mkdtempSync(join(tmpdir(), 'proofline-xlsx-'));
  try {
    const path = join(folder, 'book.xlsx');
    const document = { id: 'd', fileName: 'd', title: 'Document', forms: ['xlsx' as const], blocks: tables };
    const letterhead = {
      company: '示例',
      licence: '',
      version: '0',
      date: '2026-12-02',
      zone: 'Asia/Shanghai',
      reference: 'JC',
      language,
      dataSha256: '',
    };
    writeFileSync(path, await renderXlsx(document, letterhead));
    return JSON.parse(execFileSync('python3', ['test/support/read-workbook.py', path], { encoding: 'utf8' })) as Sheet[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each<[string, string | number, string]>([
  ['92.50%', 0.925, '0.00%'],
  ['92.50 %', 0.925, '0.00%'],
  ['3.3 %', 0.033, '0.0%'],
  ['14.46 秒', 14.46, '0.00" 秒"'],
  ['2.6 s', 2.6, '0.0" s"'],
  ['166.67 /万次', 166.67, '0.00" /万次"'],
  ['60 分钟', 60, '0" 分钟"'],
  ['21.0', 21, '0.0'],
  ['10', 10, 'General'],
  ['+3', 3, 'General'],
  ['-3', -3, 'General'],
  ['—', '—', 'General'],
  ['2026-10 92.50%', '2026-10 92.50%', 'General'],
])('in a column of figures, %s is %s', async (words, value, format) => {
  const [sheet] = await read('zh-CN', table([ofFigures('结果')], [[words]]));
  expect(sheet?.rows[1]?.[0]).toEqual({ value, format });
});

test('what looks like a number in a column of text stays as it is printed', async () => {
  const names = ['0012', '1001', '4001000', '1.10', '2026', '2026-12-03'];
  const [sheet] = await read(
    'zh-CN',
    table(
      ['工号'],
      names.map((each) => [each]),
    ),
  );
  expect(sheet?.rows.slice(1).map(([cell]) => cell)).toEqual(names.map((value) => ({ value, format: 'General' })));
});

test('days and times are dates by the clock of the site, which the last sheet names', async () => {
  const heads = [ofDates('启用日期'), ofTimes('时间'), ofTimes('受理')];
  const sheets = await read(
    'zh-CN',
    table(heads, [
      ['2026-12-03', '2026-12-03 18:00:00', '2026-12-03 18:00'],
      ['长期', '', ''],
    ]),
  );
  // 3 December 2026 is day 46,359 of a workbook.
  expect(sheets[0]?.rows[1]).toEqual([
    { value: 46_359, format: 'yyyy-mm-dd' },
    { value: 46_359.75, format: 'yyyy-mm-dd hh:mm:ss' },
    { value: 46_359.75, format: 'yyyy-mm-dd hh:mm' },
  ]);
  expect(sheets[0]?.rows[2]?.[0]).toEqual({ value: '长期', format: 'General' });
  expect(sheets.at(-1)?.rows.map(([item, content]) => [item?.value, content?.value])).toContainEqual(['时区', 'Asia/Shanghai']);
});

test('a table of items holds figures in the named rows alone', async () => {
  const rows = [
    ['通话分钟数', '120'],
    ['接入号码', '4001000'],
  ];
  const [sheet] = await read('zh-CN', table(['项目', '内容'], rows, { figuresOf: ['通话分钟数'] }));
  expect(sheet?.rows.slice(1).map(([, cell]) => cell?.value)).toEqual([120, '4001000']);
});

test('a table without rows says so, in the language of the document', async () => {
  const heads = ['编号', '机关'];
  expect((await read('zh-CN', table(heads, [])))[0]?.rows[1]?.[0]?.value).toBe('（无）');
  expect((await read('en', table(heads, [])))[0]?.rows[1]?.[0]?.value).toBe('(none)');
});

test('the name of a sheet is short enough for Excel, ends with a whole word, and comes once', async () => {
  const titled = (title: string) => table(['A'], [['1']], { title });
  const sheets = await read(
    'en',
    titled('Complaints by month and year (stored values)'),
    titled('Sample: recording and consent'),
    titled('码号登记（1/2）'),
    titled('Complaints by month and year (stored figures)'),
  );
  expect(sheets.map(({ name }) => name)).toEqual([
    'Complaints by month and year',
    'Sample recording and consent',
    '码号登记（1／2）',
    'Complaints by month and year 4',
    'About',
  ]);
});
