import { heading, pairs, small, table, type Document } from '../../shared/domain/licence/document.js';
import { speak } from '../../shared/domain/language.js';
import { renderPdf } from '../../shared/platform/paper/pdf-renderer.js';
import type { ReportHeading } from '../ports.js';
import { shownCell, type Cell, type ReportSheet } from '../files/report-sheet.js';

/** A report for printing. The other forms contain the numerators and denominators. `sha256`: of its rows as CSV. */
export async function reportPdf(sheet: ReportSheet, sha256: string, { company, licence }: ReportHeading): Promise<Uint8Array> {
  const { language, title, columns, rows, total, about, foot, formulas } = sheet;
  const say = speak(language);
  const shown = columns.flatMap(({ isPart }, place) => (isPart ? [] : [place]));
  const line = (cells: readonly Cell[]): string[] => shown.map((place) => shownCell(cells[place] ?? null, columns[place]?.kind ?? 'text'));
  const document: Document = {
    id: 'report',
    fileName: 'report',
    title,
    landscape: true,
    forms: ['pdf'],
    blocks: [
      pairs(...about),
      table(
        shown.map((place) => {
          const { head = '', kind = 'text' } = columns[place] ?? {};
          return kind === 'seconds' || kind === 'tenths' ? `${head}${say('，秒', ', s')}` : head;
        }),
        [...rows.map(line), line(total)],
      ),
      ...foot.map(small),
      ...(formulas.rows.length === 0
        ? []
        : [heading(say('计算公式', 'Formulas')), table(formulas.heads, formulas.rows, { widths: [2, 3, 6, 1, 1, 2, 1] })]),
    ],
  };
  const madeOn = about.find(([label]) => label === say('生成时间', 'Made at'))?.[1].slice(0, 10) ?? '';
  return renderPdf(document, { company, licence, version: '1', date: madeOn, reference: title, language, dataSha256: sha256 });
}
