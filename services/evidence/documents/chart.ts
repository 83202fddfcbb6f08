export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly shown: string;
}

const WIDTH = 480;
const ROW = 22;
const LEFT = 120;

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

/** Horizontal bars with their values, readable in black and white. `mark` draws a target line. */
export function barChart(bars: readonly Bar[], most: number, mark?: { readonly value: number; readonly label: string }): string {
  const height = bars.length * ROW + (mark === undefined ? 8 : 26);
  const scale = (WIDTH - LEFT - 70) / Math.max(most, 1e-9);
  const x = (value: number): number => Math.round(LEFT + Math.min(value, most) * scale);
  const rows = bars.map(({ label, value, shown }, i) => {
    const y = i * ROW + 4;
    return (
      `<text x="${LEFT - 8}" y="${y + 12}" text-anchor="end" font-size="10">${escape(label)}</text>` +
      `<rect x="${LEFT}" y="${y}" width="${Math.max(1, x(value) - LEFT)}" height="15" fill="#9ca3af" stroke="#374151" stroke-width="0.6"/>` +
      `<text x="${x(value) + 6}" y="${y + 12}" font-size="10">${escape(shown)}</text>`
    );
  });
  const line =
    mark === undefined
      ? ''
      : `<line x1="${x(mark.value)}" y1="0" x2="${x(mark.value)}" y2="${bars.length * ROW + 6}" stroke="#111827" stroke-dasharray="4 3"/>` +
        `<text x="${x(mark.value)}" y="${height - 6}" text-anchor="middle" font-size="9">${escape(mark.label)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Noto Sans SC" fill="#111827">${rows.join('')}${line}</svg>`;
}
