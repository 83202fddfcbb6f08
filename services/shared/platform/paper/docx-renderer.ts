import {
  AlignmentType,
  BorderStyle,
  Document as DocxDocument,
  Footer,
  Header,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  Table as DocxTable,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  WidthType,
  type IRunOptions,
} from 'docx';
import type { Block, Document, Letterhead } from '../../domain/licence/document.js';
import { speak, type Say } from '../../domain/language.js';

/** Formal documents are set in FangSong where the reader's machine has it. */
const FONT = { ascii: 'Times New Roman', eastAsia: '仿宋', hAnsi: 'Times New Roman' };
const MARGIN = 1_417;
/** A4 between its margins, in twentieths of a point. */
const TEXT_WIDTH = 11_906 - 2 * MARGIN;
const border = { style: BorderStyle.SINGLE, size: 4, color: '888888' };
const borders = { top: border, bottom: border, left: border, right: border };

/** For documents that people fill in further and sign. Drawings are left out: their files stand beside. */
export async function renderDocx(document: Document, letterhead: Letterhead): Promise<Uint8Array> {
  const say = speak(letterhead.language);
  const { handedIn = false } = letterhead;
  const origin = handedIn ? '' : `${letterhead.reference} · ${say('版本', 'version')} ${letterhead.version} · ${letterhead.date}    `;
  const small = (words: string): TextRun => new TextRun({ text: words, size: 16, font: FONT });
  const made = new DocxDocument({
    title: document.title,
    creator: letterhead.company,
    // Word's own headings are blue, and in a font without Chinese.
    styles: {
      default: {
        document: { run: { font: FONT, size: 24 } },
        title: { run: { font: FONT, size: 40, bold: true, color: '000000' } },
        heading1: { run: { font: FONT, size: 28, bold: true, color: '000000' }, paragraph: { keepNext: true } },
      },
    },
    sections: [
      {
        properties: { page: { margin: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN } } },
        headers: {
          default: new Header({
            children: [
              new Paragraph({
                children: [
                  small(
                    `${letterhead.company}    ${say('许可证编号：', 'Licence ')}${letterhead.licence || say('（申请中）', '(applied for)')}`,
                  ),
                ],
              }),
            ],
          }),
        },
        footers: {
          default: new Footer({
            children: [
              new Paragraph({
                children: [
                  small(`${origin}${say('第 ', 'Page ')}`),
                  new TextRun({ children: [PageNumber.CURRENT], size: 16 }),
                  small(say(' 页 共 ', ' of ')),
                  new TextRun({ children: [PageNumber.TOTAL_PAGES], size: 16 }),
                  small(say(' 页', '')),
                ],
              }),
              ...(handedIn
                ? []
                : [
                    new Paragraph({
                      children: [
                        new TextRun({ text: `${say('数据摘要', 'Data')} SHA-256 ${letterhead.dataSha256}`, size: 13, font: FONT }),
                      ],
                    }),
                  ]),
            ],
          }),
        },
        children: [
          new Paragraph({ text: document.title, heading: HeadingLevel.TITLE, alignment: AlignmentType.CENTER, spacing: { after: 360 } }),
          ...document.blocks.flatMap((block) => childrenOf(block, say)),
        ],
      },
    ],
  });
  return Packer.toBuffer(made);
}

function cell(words: string, heavy = false): TableCell {
  const run: IRunOptions = { text: words, bold: heavy, size: 20, font: FONT };
  return new TableCell({ borders, children: [new Paragraph({ children: [new TextRun(run)] })] });
}

/** Columns as wide as their shares of the sheet. */
function grid(shares: readonly number[], rows: TableRow[]): DocxTable {
  const sum = shares.reduce((total, share) => total + share, 0);
  return new DocxTable({
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    columnWidths: shares.map((share) => Math.round((TEXT_WIDTH * share) / sum)),
    layout: TableLayoutType.FIXED,
    rows,
  });
}

function childrenOf(block: Block, say: Say): (Paragraph | DocxTable)[] {
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ text: block.text, heading: HeadingLevel.HEADING_1, spacing: { before: 240, after: 120 } })];
    case 'text':
      return [
        new Paragraph({
          text: block.text,
          ...(block.flush === true ? {} : { indent: { firstLine: 480 } }),
          spacing: { after: 120, line: 400 },
        }),
      ];
    case 'note':
      return [new Paragraph({ children: [new TextRun({ text: block.text, size: 18, font: FONT })], spacing: { after: 80 } })];
    case 'pairs':
      return [
        grid(
          [1, 2.4],
          block.rows.map(([label, value]) => new TableRow({ children: [cell(label, true), cell(value)] })),
        ),
        new Paragraph(''),
      ];
    case 'table':
      return [
        ...(block.title === undefined ? [] : [new Paragraph({ text: block.title, spacing: { before: 120 } })]),
        grid(block.widths ?? block.heads.map(() => 1), [
          new TableRow({ tableHeader: true, children: block.heads.map((head) => cell(head, true)) }),
          ...block.rows.map((row) => new TableRow({ children: block.heads.map((_, i) => cell(row[i] ?? '')) })),
        ]),
        new Paragraph(''),
      ];
    case 'drawing':
      return [new Paragraph({ text: say(`（图：${block.caption}，见附图文件）`, `(Drawing: ${block.caption}, see its own file)`) })];
    case 'signature':
      return block.lines.map((line) => new Paragraph({ text: line, alignment: AlignmentType.RIGHT, spacing: { before: 240 } }));
  }
}
