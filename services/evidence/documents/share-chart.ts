import { inWords, type Say, type Words } from '../../shared/domain/language.js';
import { numberOf, rowsOf, textOf, type LicenceFile, type LicenceRow } from '../../shared/domain/licence/licence-file.js';

const kinds: Readonly<Record<string, Words>> = {
  person: { zh: '自然人', en: 'person' },
  company: { zh: '境内法人', en: 'domestic company' },
  state: { zh: '国有', en: 'state' },
  foreign: { zh: '外资', en: 'foreign' },
};

export interface Holder {
  readonly name: string;
  readonly percent: number;
  readonly kind: string;
  /** The holders of this holder's shares. */
  readonly holders: readonly Holder[];
}

const WIDTH = 480;
const BOX = { height: 44, gap: 12, level: 84 };

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c);

/** The holders of the company, up to those without a registered holder. A circular holding ends where it would repeat. */
export function holdersOf(file: LicenceFile): readonly Holder[] {
  const rows = rowsOf(file, 'shareholders');
  const company = textOf(rowsOf(file, 'company')[0], 'name');
  const of = (row: LicenceRow): string => (textOf(row, 'of') === company ? '' : textOf(row, 'of'));
  const above = (name: string, seen: readonly string[]): readonly Holder[] =>
    rows
      .filter((row) => of(row) === name && !seen.includes(textOf(row, 'name')))
      .map((row) => ({
        name: textOf(row, 'name'),
        percent: numberOf(row, 'sharePercent'),
        kind: textOf(row, 'kind'),
        holders: above(textOf(row, 'name'), [...seen, textOf(row, 'name')]),
      }));
  return above('', []);
}

/** Companies without a registered holder: the chart must end at natural persons or the state. */
export const openEnds = (holders: readonly Holder[]): readonly string[] =>
  holders.flatMap((holder) => (holder.holders.length > 0 ? openEnds(holder.holders) : holder.kind === 'company' ? [holder.name] : []));

const leaves = ({ holders }: Holder): number => Math.max(1, sum(holders.map(leaves)));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const depth = (holders: readonly Holder[]): number =>
  holders.length === 0 ? 0 : 1 + Math.max(...holders.map((each) => depth(each.holders)));

/** The share chart: holders above, the company at the bottom. */
export function shareChart(file: LicenceFile, say: Say): string {
  const holders = holdersOf(file);
  const levels = depth(holders);
  const all = Math.max(1, sum(holders.map(leaves)));
  const column = WIDTH / all;
  const boxWidth = Math.min(150, column - BOX.gap);
  const height = levels * BOX.level + BOX.height + 4;
  const parts: string[] = [];
  const box = (x: number, y: number, width: number, lines: readonly string[]): void => {
    parts.push(
      `<rect x="${x - width / 2}" y="${y}" width="${width}" height="${BOX.height}" fill="#ffffff" stroke="#374151" stroke-width="0.8"/>`,
      ...lines.map(
        (line, i) =>
          `<text x="${x}" y="${y + 18 + 14 * i}" text-anchor="middle" font-size="${i === 0 ? 10 : 8}">${escape(fit(line, width))}</text>`,
      ),
    );
  };
  const draw = (list: readonly Holder[], left: number, level: number, child: { readonly x: number; readonly y: number }): void => {
    let at = left;
    for (const holder of list) {
      const x = at + (leaves(holder) * column) / 2;
      const y = height - BOX.height - 2 - level * BOX.level;
      const foot = y + BOX.height;
      const middle = (foot + child.y) / 2;
      parts.push(
        `<path d="M${x} ${foot} V${middle} H${child.x} V${child.y}" fill="none" stroke="#374151" stroke-width="0.8"/>`,
        `<text x="${x + 4}" y="${foot + 12}" font-size="9">${holder.percent}%</text>`,
      );
      box(x, y, boxWidth, [holder.name, inWords(kinds[holder.kind] ?? { zh: '', en: '' }, say)]);
      draw(holder.holders, at, level + 1, { x, y });
      at += leaves(holder) * column;
    }
  };
  const foot = { x: WIDTH / 2, y: height - BOX.height - 2 };
  draw(holders, 0, 1, foot);
  box(foot.x, foot.y, 200, [textOf(rowsOf(file, 'company')[0], 'name') || say('本公司', 'This company')]);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Noto Sans SC" fill="#111827">${parts.join('')}</svg>`;
}

/** A name as long as its box; the table beside the chart has the whole names. */
function fit(words: string, width: number): string {
  const most = Math.floor(width / 10.5);
  return words.length <= most ? words : `${words.slice(0, Math.max(1, most - 1))}…`;
}
