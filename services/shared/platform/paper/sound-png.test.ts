import { crc32, deflateSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { renderPicturePdf } from './pdf-renderer.js';
import { isSoundPng } from './sound-png.js';

const HEAD = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A picture with transparency, `width` x `height`, with these packed rows. */
function png(width: number, height: number, packed: Buffer, interlaced = 0): Buffer {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, interlaced]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([HEAD, chunk('IHDR', head), chunk('IDAT', packed), chunk('IEND', Buffer.alloc(0))]);
}
const rows = (count: number, filter = 0): Buffer =>
  deflateSync(Buffer.concat(Array.from({ length: count }, () => Buffer.from([filter, 1, 2, 3, 4, 5, 6, 7, 8]))));
const sound = png(2, 2, rows(2));

test('a picture whose rows are all there is bound in', async () => {
  await expect(isSoundPng(sound)).resolves.toBe(true);
  const pdf = await renderPicturePdf(sound, 'image/png', '扫描件');
  expect(Buffer.from(pdf).toString('latin1', 0, 5)).toBe('%PDF-');
});

test.each([
  ['rows that are not packed', png(2, 2, Buffer.from('garbage'))],
  ['too few rows', png(2, 2, rows(1))],
  ['more rows than it says', png(2, 2, rows(9_000))],
  ['a filter that there is not', png(2, 2, rows(2, 7))],
  ['more pixels than any sheet has', png(60_000, 60_000, rows(2))],
  ['rows in seven passes', png(2, 2, rows(2), 1)],
  ['an end before its end', sound.subarray(0, sound.length - 20)],
  ['nothing but its head', HEAD],
])('a picture with %s is refused before anything decodes it', async (_what, picture) => {
  await expect(renderPicturePdf(picture, 'image/png', '扫描件')).rejects.toMatchObject({ code: 'file-damaged' });
});

test('a photograph that is none is refused, too', async () => {
  await expect(renderPicturePdf(Buffer.from([0xff, 0xd8, 0xff, 1, 2]), 'image/jpeg', '照片')).rejects.toMatchObject({
    code: 'file-damaged',
  });
});
