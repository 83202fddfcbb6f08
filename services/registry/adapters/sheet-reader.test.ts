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
