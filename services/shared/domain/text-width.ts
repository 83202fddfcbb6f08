/** The widths of letters in Noto Sans as shares of the font height; slightly more than in reality. */
const letterWidths: readonly (readonly [RegExp, number])[] = [
  [/[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f·—…]/, 1],
  [/[iljI.,:;'|!]/, 0.3],
  [/[ ftr()[\]/-]/, 0.4],
  [/[mwMW@%×–]/, 0.9],
  [/[A-HJ-LN-VX-Z]/, 0.66],
];

/** Width of a text in pixels. */
export function textWidth(text: string, px: number): number {
  let ems = 0;
  for (const letter of text) ems += letterWidths.find(([kind]) => kind.test(letter))?.[1] ?? 0.57;
  return Math.ceil(ems * px);
}
