/**
 * The widths of letters in Noto Sans SC as shares of the font height, never less than in the font: otherwise a long name grows into what
 * stands beside it. A bold letter is at most a tenth wider.
 */
const letterWidths: readonly (readonly [RegExp, number])[] = [
  [/[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f·—…×±‰]/, 1],
  [/ /, 0.23],
  [/[iljI.,:;'|]/, 0.3],
  [/[f()[\]{}!-]/, 0.35],
  [/[rt/\\]/, 0.4],
  [/[sz?*]/, 0.48],
  [/[cvxy"]/, 0.53],
  [/[FJLVXY]/, 0.58],
  [/[bdhnopquAESTZ`]/, 0.62],
  [/[BCKPR]/, 0.66],
  [/[DG&]/, 0.69],
  [/[HNUOQ]/, 0.75],
  [/[wMW]/, 0.88],
  [/[m%@]/, 0.95],
];

/** Width of a text in pixels. */
export function textWidth(text: string, px: number): number {
  let ems = 0;
  for (const letter of text) ems += letterWidths.find(([kind]) => kind.test(letter))?.[1] ?? 0.57;
  return Math.ceil(ems * px);
}
