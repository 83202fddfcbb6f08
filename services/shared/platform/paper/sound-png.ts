import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

const HEAD_BYTES = 8;
/** Length and kind before the data of a chunk, and the checksum after it. */
const CHUNK_BYTES = 12;
/** An A4 sheet at 600 dots per inch has 35 million pixels. */
const MOST_PIXELS = 40_000_000;
/** Samples of a pixel by colour type (PNG, section 11.2.2). */
const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const HIGHEST_FILTER = 4;

const inflated = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflate);

/**
 * Whether every row of a PNG can be drawn. The library that embeds pictures in a PDF decodes those with transparency where nobody can catch
 * its errors: a damaged scan would end the process. Interlaced pictures count as not drawable; no scanner makes them.
 */
export async function isSoundPng(picture: Uint8Array): Promise<boolean> {
  const bytes = Buffer.from(picture.buffer, picture.byteOffset, picture.byteLength);
  const parts: Buffer[] = [];
  let rowBytes = 0;
  let rows = 0;
  for (let at = HEAD_BYTES; at + CHUNK_BYTES <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (data.length < length) return false;
    if (kind === 'IHDR') {
      if (length < 13) return false;
      const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)];
      const [bits = 0, colour = -1] = [data[8], data[9]];
      const perPixel = (samples[colour] ?? 0) * bits;
      if (perPixel === 0 || ![1, 2, 4, 8, 16].includes(bits) || data[12] !== 0) return false;
      if (width === 0 || height === 0 || width * height > MOST_PIXELS) return false;
      rowBytes = 1 + Math.ceil((width * perPixel) / 8);
      rows = height;
    }
    if (kind === 'IDAT') parts.push(data);
    if (kind === 'IEND') return rows > 0 && rowsAreSound(Buffer.concat(parts), rows, rowBytes);
    at += CHUNK_BYTES + length;
  }
  return false;
}

async function rowsAreSound(packed: Buffer, rows: number, rowBytes: number): Promise<boolean> {
  const pixels = await inflated(packed, { maxOutputLength: rows * rowBytes }).catch(() => undefined);
  if (pixels?.length !== rows * rowBytes) return false;
  for (let at = 0; at < pixels.length; at += rowBytes) if ((pixels[at] ?? 0) > HIGHEST_FILTER) return false;
  return true;
}
