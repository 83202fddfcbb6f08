import writeXlsx from 'write-excel-file/node';
import { speak } from '../../shared/domain/language.js';
import { exact, type Cell, type CellKind, type ReportSheet } from '../files/report-sheet.js';

const SECONDS_A_DAY = 86_400;
const WIDEST = 48;

/** A number in the form of a workbook: a share of one, a time as a part of a day. */
const formatOf: Readonly<Record<Exclude<CellKind, 'text'>, { readonly format: string; readonly perUnit: number }>> = {
  count: { format: '#,##0', perUnit: 1 },
  number: { format: '#,##0.###', perUnit: 1 },
  percent: { format: '0.00%', perUnit: 100 },
  seconds: { format: '[h]:mm:ss', perUnit: SECONDS_A_DAY },
  clock: { format: '[h]:mm:ss', perUnit: SECONDS_A_DAY },
  tenths: { format: '[h]:mm:ss.0', perUnit: SECONDS_A_DAY },
};

function cellOf(cell: Cell, kind: CellKind, bold = false) {
  const style = bold ? { fontWeight: 'bold' as const } : {};
  if (cell === null) return { value: '—', align: 'right' as const, ...style };
  if (typeof cell === 'string' || kind === 'text') return { value: String(cell), ...style };
  const { format, perUnit } = formatOf[kind];
  return { value: exact(cell / perUnit), type: Number, format, ...style };
}

const head = (value: string) => ({ value, fontWeight: 'bold' as const, backgroundColor: '#E5E7EB', wrap: true });
const lengthOf = (words: string): number => Array.from(words).reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);
const widths = (rows: readonly (readonly string[])[]) =>
  (rows[0] ?? []).map((_, column) => ({ width: Math.min(WIDEST, Math.max(10, ...rows.map((row) => lengthOf(row[column] ?? ''))) + 2) }));

/** A report as a workbook: its rows with numbers that can be summed, the formulas, and its scope. `sha256`: of its rows as CSV. */
export async function reportXlsx({ language, title, columns, rows, total, about, foot, formulas }: ReportSheet, sha256: string) {
  const say = speak(language);
  const kinds = columns.map(({ kind }) => kind);
  const line = (cells: readonly Cell[], bold = false) => cells.map((cell, column) => cellOf(cell, kinds[column] ?? 'text', bold));
  const facts: readonly (readonly string[])[] = [
    [say('项目', 'Item'), say('内容', 'Content')],
    ...about,
    [say('数据 SHA-256', 'Data SHA-256'), sha256],
    [say('摘要对象', 'Hash of'), say('同一报表导出的 CSV 文件', 'the CSV file of the same report')],
    ...foot.map((words, place) => [place === 0 ? say('核对', 'Check') : '', words]),
  ];
  const sheets = [
    {
      sheet: title,
      data: [columns.map((column) => head(column.head)), ...rows.map((row) => line(row)), line(total, true)],
      columns: columns.map(({ head: words, kind }) => ({
        width: kind === 'text' ? 20 : Math.min(24, Math.max(12, lengthOf(words) / 2 + 2)),
      })),
      stickyRowsCount: 1,
    },
    ...(formulas.rows.length === 0
      ? []
      : [
          {
            sheet: say('计算公式', 'Formulas'),
            data: [formulas.heads.map(head), ...formulas.rows.map((row) => row.map((value) => ({ value, wrap: true })))],
            columns: widths([formulas.heads, ...formulas.rows]),
            stickyRowsCount: 1,
          },
        ]),
    {
      sheet: say('说明', 'About'),
      data: [(facts[0] ?? []).map(head), ...facts.slice(1).map((row) => row.map((value) => ({ value, wrap: true })))],
      columns: widths(facts),
      stickyRowsCount: 1,
    },
  ];
  return writeXlsx(sheets, { fontFamily: 'Microsoft YaHei', fontSize: 10 }).toBuffer();
}
