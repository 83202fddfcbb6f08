import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { fontFiles } from '../platform/paper/fonts.js';
import { textWidth } from './text-width.js';

/** The advance of a letter as a share of the font height, from the tables `cmap` and `hmtx` of a TrueType font. */
function advancesOf(path: string): (letter: string) => number {
  const font = readFileSync(path);
  const tables = new Map(
    Array.from({ length: font.readUInt16BE(4) }, (_, i) => [
      font.toString('latin1', 12 + i * 16, 16 + i * 16),
      font.readUInt32BE(20 + i * 16),
    ]),
  );
  const at = (name: string): number => tables.get(name) ?? 0;
  const maps = Array.from({ length: font.readUInt16BE(at('cmap') + 2) }, (_, i) => at('cmap') + font.readUInt32BE(at('cmap') + 8 + i * 8));
  const map = maps.find((offset) => font.readUInt16BE(offset) === 4) ?? 0;
  const double = font.readUInt16BE(map + 6);
  const glyphOf = (code: number): number => {
    for (let i = 0; i < double; i += 2) {
      if (font.readUInt16BE(map + 14 + i) < code) continue;
      const first = font.readUInt16BE(map + 16 + double + i);
      if (code < first) return 0;
      const range = map + 16 + 3 * double + i;
      const offset = font.readUInt16BE(range);
      const glyph = offset === 0 ? code : font.readUInt16BE(range + offset + 2 * (code - first));
      return (glyph + font.readUInt16BE(map + 16 + 2 * double + i)) & 0xff_ff;
    }
    return 0;
  };
  const measures = font.readUInt16BE(at('hhea') + 34);
  return (letter) =>
    font.readUInt16BE(at('hmtx') + 4 * Math.min(glyphOf(letter.charCodeAt(0)), measures - 1)) / font.readUInt16BE(at('head') + 18);
}

const letters = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), ...Array.from('·—…×±‰–、，（）号线')];

test.each([
  ['regular', 1],
  ['bold', 1.1],
] as const)('no letter of the %s font is wider than it is taken for', (weight, factor) => {
  const advance = advancesOf(fontFiles[weight]);
  expect(advance('线')).toBe(1);
  expect(letters.filter((letter) => advance(letter) * 1_000 > textWidth(letter, 1_000 * factor))).toEqual([]);
});
