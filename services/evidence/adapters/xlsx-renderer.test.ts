import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { table } from '../../shared/domain/licence/document.js';
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
    const letterhead = { company: '示例', licence: '', version: '0', date: '2026-12-02', reference: 'JC', language, dataSha256: '' };
    writeFileSync(path, await renderXlsx(document, letterhead));
    return JSON.parse(execFileSync('python3', ['test/support/read-workbook.py', path], { encoding: 'utf8' })) as Sheet[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each<[string, string, string | number, string]>([
  ['结果', '92.50%', 0.925, '0.00%'],
  ['Value', '92.50 %', 0.925, '0.00%'],
  ['峰值占用率', '3.3 %', 0.033, '0.0%'],
  ['结果', '14.46 秒', 14.46, '0.00" 秒"'],
  ['Value', '2.6 s', 2.6, '0.0" s"'],
  ['结果', '166.67 /万次', 166.67, '0.00" /万次"'],
  ['时段', '60 分钟', 60, '0" 分钟"'],
  ['平均用时（秒）', '21.0', 21, '0.0'],
  ['数量', '10', 10, 'General'],
  ['结果', '—', '—', 'General'],
  ['工号', '0012', '0012', 'General'],
  ['号码', '4001000', '4001000', 'General'],
  ['Number', '95100', '95100', 'General'],
  ['版本', '1.10', '1.10', 'General'],
  ['公示部分', '2026-10 92.50%', '2026-10 92.50%', 'General'],
])('in the column %s, %s is %s', async (head, words, value, format) => {
  const [sheet] = await read('zh-CN', table([head], [[words]]));
  expect(sheet?.rows[1]?.[0]).toEqual({ value, format });
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
