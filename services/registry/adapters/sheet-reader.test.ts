import { expect, test } from '@jest/globals';
import { zipSync } from 'fflate';
import { readSheet } from './sheet-reader.js';

test('a workbook of a few kilobytes that would unpack to hundreds of megabytes is refused before it is unpacked', async () => {
  const bomb = zipSync({ 'xl/worksheets/sheet1.xml': new Uint8Array(300_000_000) }, { level: 9 });
  expect(bomb.length).toBeLessThan(1_000_000);
  const before = process.memoryUsage.rss();
  await expect(readSheet(bomb)).rejects.toMatchObject({ code: 'too-large' });
  expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
});

test('what is no sheet is refused in words, and Unicode text of an office program is read', async () => {
  await expect(readSheet(new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 1, 2, 3]))).rejects.toMatchObject({
    code: 'not-a-sheet',
    message: expect.stringContaining('neither a CSV nor an XLSX'),
  });
  expect(await readSheet(new Uint8Array(Buffer.from('\ufeff编号\t名称\n1\t一号', 'utf16le')))).toEqual([
    ['编号', '名称'],
    ['1', '一号'],
  ]);
});
