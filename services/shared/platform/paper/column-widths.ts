/** The mean advance of a bold Latin letter of the font, as a fraction of its size; rather a little too wide than too narrow. */
const LATIN_ADVANCE = 0.62;

/**
 * Widths in points that add up to `roomPt`: the requested shares, but never narrower than the longest Latin word of a column head, which
 * would otherwise be cut in the middle. Chinese breaks between any two characters and needs no such room.
 */
export function columnWidths(heads: readonly string[], shares: readonly number[], roomPt: number, fontSizePt: number): number[] {
  const least = heads.map((head) => longestWord(head) * LATIN_ADVANCE * fontSizePt);
  const needed = least.reduce((sum, width) => sum + width, 0);
  // Not even the column heads fit: each column gets its share of the width, and long words are broken.
  if (needed >= roomPt) return least.map((width) => (width / needed) * roomPt);
  const widths = heads.map(() => 0);
  let open = heads.map((_, i) => i);
  let room = roomPt;
  for (;;) {
    const sum = open.reduce((total, i) => total + (shares[i] ?? 1), 0);
    const share = (i: number): number => ((shares[i] ?? 1) / sum) * room;
    const narrow = open.filter((i) => share(i) < (least[i] ?? 0));
    for (const i of narrow.length > 0 ? narrow : open) widths[i] = narrow.length > 0 ? (least[i] ?? 0) : share(i);
    if (narrow.length === 0) return widths;
    room -= narrow.reduce((total, i) => total + (least[i] ?? 0), 0);
    open = open.filter((i) => !narrow.includes(i));
  }
}

const longestWord = (words: string): number => Math.max(0, ...(words.match(/[\w.,()%/-]+/g) ?? []).map(({ length }) => length));
