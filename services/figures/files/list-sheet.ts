import type { Scope } from '../../shared/domain/people/rights.js';
import type { Say } from '../../shared/domain/language.js';
import { exact, partText, type Cell, type CellKind, type ReportSheet } from './report-sheet.js';
import type { Span } from '../report.js';

/** A column of a list: its head in both languages, and what its cells hold. */
export interface ListColumn<Row> {
  readonly head: readonly [zh: string, en: string];
  readonly kind: CellKind;
  readonly cell: (row: Row, say: Say) => Cell;
  /** Of all rows; empty where a total makes no sense. */
  readonly total?: (rows: readonly Row[]) => Cell;
}

export interface ListSheetNeeds<Row> {
  readonly title: readonly [zh: string, en: string];
  readonly columns: readonly ListColumn<Row>[];
  readonly rows: readonly Row[];
  readonly span: Span;
  readonly madeAt: Date;
  readonly madeBy: string;
  readonly partOf: Scope;
  /** Sentences below the rows: the rule, and what is missing. */
  readonly foot: readonly string[];
  readonly formulas?: readonly (readonly string[])[];
  readonly timeText: (atMs: number) => string;
  readonly zone: string;
}

/** A list as a document of the same form as a report. */
export function listSheet<Row>(needs: ListSheetNeeds<Row>, language: ReportSheet['language'], say: Say): ReportSheet {
  const { title, columns, rows, span, madeAt, madeBy, partOf, foot, formulas = [], timeText, zone } = needs;
  return {
    language,
    title: say(...title),
    columns: columns.map(({ head, kind }) => ({ head: say(...head), kind, isPart: false })),
    rows: rows.map((row) => columns.map(({ cell }) => exact(cell(row, say)))),
    total: columns.map(({ total }, place) => (place === 0 ? say('合计', 'Total') : total === undefined ? '' : exact(total(rows)))),
    about: [
      [say('统计期间', 'Period'), `${timeText(span.fromMs)} – ${timeText(span.untilMs)}`],
      [say('时区', 'Time zone'), zone],
      [say('数据范围', 'Scope'), partText(partOf, say)],
      [say('生成时间', 'Made at'), timeText(madeAt.getTime())],
      [say('生成人', 'Made by'), madeBy],
      [say('行数', 'Rows'), String(rows.length)],
    ],
    foot,
    formulas: {
      heads: [say('指标', 'Figure'), say('计算公式', 'Formula'), say('单位', 'Unit'), say('口径版本', 'Version')],
      rows: formulas,
    },
  };
}
