import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { readSheet, type SheetLimits } from './sheet-reader.js';

const limits: SheetLimits = { rows: 1_000, columns: 30 };
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sheetOf = (rows: string): Uint8Array => bytesOf(`<worksheet><sheetData>${rows}</sheetData></worksheet>`);
const workbook = (rows: string, more: Record<string, Uint8Array> = {}): Uint8Array =>
  zipSync({ 'xl/worksheets/sheet1.xml': sheetOf(rows), ...more }, { level: 9 });
const refusedWith = (limit: string): unknown => expect.objectContaining({ code: 'too-large', details: expect.objectContaining({ limit }) });

test('a workbook of a few kilobytes that would unpack to hundreds of megabytes is refused before it is unpacked', () => {
  const bomb = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(300_000_000) }, { level: 9 });
  expect(bomb.length).toBeLessThan(1_000_000);
  const before = process.memoryUsage.rss();
  expect(() => readSheet(bomb, limits)).toThrow(refusedWith('inflated'));
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
});

test('what an archive declares about its sizes is not believed', () => {
  const bomb = Buffer.from(zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(100_000_000) }, { level: 9 }));
  // The uncompressed size, in the entry and in the directory.
  bomb.writeUInt32LE(100, 22);
  bomb.writeUInt32LE(100, bomb.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
  expect(() => readSheet(bomb, limits)).toThrow(refusedWith('inflated'));
});

test.each([
  ['a cell in the last column of a workbook', workbook('<row r="1"><c r="XFD1"><v>1</v></c></row>'), 'columns'],
  ['a cell far outside in the last row', workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), 'columns'],
  ['thousands of rows', workbook('<row><c r="A1"><v>1</v></c></row>'.repeat(1_001)), 'rows'],
  ['more cells than rows have columns', workbook(`<row>${'<c/>'.repeat(40_000)}</row>`), 'columns'],
  ['a CSV of many rows', bytesOf('a,b\n'.repeat(1_001)), 'rows'],
  ['a CSV of many columns', bytesOf(','.repeat(31)), 'columns'],
  [
    'many cells that name one long text',
    workbook(`<row>${'<c t="s"><v>0</v></c>'.repeat(20)}</row>`.repeat(20), {
      'xl/sharedStrings.xml': bytesOf(`<sst><si><t>${'x'.repeat(100_000)}</t></si></sst>`),
    }),
    'characters',
  ],
])('%s is refused by the name of the limit', (_name, bytes, limit) => {
  expect(() => readSheet(bytes, limits)).toThrow(refusedWith(limit));
});

test('every beginning of a workbook is refused in words', () => {
  const whole = workbook('<row><c r="A1"><v>1</v></c></row>');
  for (let length = 2; length < whole.length; length += 1)
    expect(() => readSheet(whole.subarray(0, length), limits)).toThrow(expect.objectContaining({ code: 'not-a-sheet' }));
  expect(readSheet(whole, limits)).toEqual([['1']]);
});

test('what is no sheet is refused in words, and Unicode text of an office program is read', () => {
  expect(() => readSheet(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 1, 2, 3]), limits)).toThrow(
    expect.objectContaining({ code: 'not-a-sheet', message: expect.stringContaining('neither a CSV nor an XLSX') }),
  );
  expect(readSheet(new Uint8Array(Buffer.from('\ufeff编号\t名称\n1\t一号', 'utf16le')), limits)).toEqual([
    ['编号', '名称'],
    ['1', '一号'],
  ]);
});

test('digits that were marked as text, and a quotation mark within a cell, do not spoil a list', () => {
  const lines = ['number,note', '="13800000001",5" screen', '"=""13800000002""","a ""b"""', '=",x'];
  expect(readSheet(bytesOf(lines.join('\n')), limits)).toEqual([
    ['number', 'note'],
    ['13800000001', '5" screen'],
    ['13800000002', 'a "b"'],
    ['="', 'x'],
  ]);
  expect(() => readSheet(bytesOf('number\n"13800000001\n'), limits)).toThrow(expect.objectContaining({ code: 'not-a-sheet' }));
});
