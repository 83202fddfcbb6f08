import {
  AlignmentType,
  BorderStyle,
  Document as DocxDocument,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
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
/** The width of A4 between its margins, in twentieths of a point. */
const TEXT_WIDTH = 11_906 - 2 * MARGIN;
const border = { style: BorderStyle.SINGLE, size: 4, color: '888888' };
const borders = { top: border, bottom: border, left: border, right: border };

type Drawing = Extract<Block, { kind: 'drawing' }>;
/** Renders an SVG as a PNG with this width in pixels. */
export type Rasterise = (svg: string, widthPx: number) => Promise<Uint8Array>;

/** Fine enough for print: 220 pixels to an inch. */
const PIXELS_PER_POINT = 3;

/** For documents that people fill in further and sign. Drawings are pictures; without `rasterise` only their captions stand there. */
export async function renderDocx(document: Document, letterhead: Letterhead, rasterise?: Rasterise): Promise<Uint8Array> {
  const pictures = new Map<Block, Uint8Array>();
  for (const block of document.blocks)
    if (block.kind === 'drawing' && rasterise !== undefined)
      pictures.set(block, await rasterise(block.svg, Math.round(PIXELS_PER_POINT * widthOf(block))));
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
          ...document.blocks.flatMap((block) => childrenOf(block, say, pictures.get(block))),
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

/** A table with columns as wide as their shares of the sheet. */
function grid(shares: readonly number[], rows: TableRow[]): DocxTable {
  const sum = shares.reduce((total, share) => total + share, 0);
  return new DocxTable({
    width: { size: TEXT_WIDTH, type: WidthType.DXA },
    columnWidths: shares.map((share) => Math.round((TEXT_WIDTH * share) / sum)),
    layout: TableLayoutType.FIXED,
    rows,
  });
}

const widthOf = ({ widthPt }: Drawing): number => Math.min(widthPt, TEXT_WIDTH / 20);

/** The picture with its caption below; its alt text is the caption and the words in it. */
function pictureOf(block: Drawing, png: Uint8Array): Paragraph[] {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  // The size of a PNG stands in its first chunk (ISO/IEC 15948, 11.2.2).
  const ratio = view.getUint32(20) / view.getUint32(16);
  // Pixels at 96 to an inch.
  const width = (widthOf(block) * 96) / 72;
  const image = new ImageRun({
    type: 'png',
    data: Buffer.from(png),
    transformation: { width: Math.round(width), height: Math.round(width * ratio) },
    altText: { name: block.caption, title: block.caption, description: `${block.caption}: ${wordsIn(block.svg)}` },
  });
  return [
    new Paragraph({ children: [image], alignment: AlignmentType.CENTER, keepNext: true, spacing: { before: 120 } }),
    new Paragraph({
      children: [new TextRun({ text: block.caption, size: 18, font: FONT })],
      alignment: AlignmentType.CENTER,
      spacing: { after: 160 },
    }),
  ];
}

const unescaped: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
const wordsIn = (svg: string): string =>
  [...svg.matchAll(/<text\b[^>]*>([^<]*)</g)]
    .map(([, words = '']) => words.replace(/&(?:amp|lt|gt|quot);/g, (entity) => unescaped[entity] ?? entity))
    .join('; ');

function childrenOf(block: Block, say: Say, picture?: Uint8Array): (Paragraph | DocxTable)[] {
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
      return picture === undefined
        ? [new Paragraph({ text: say(`（图：${block.caption}，见附图文件）`, `(Drawing: ${block.caption}, see its own file)`) })]
        : pictureOf(block, picture);
    case 'signature':
      return block.lines.map((line) => new Paragraph({ text: line, alignment: AlignmentType.RIGHT, spacing: { before: 240 } }));
  }
}
