import pdfmake from 'pdfmake';
import PDFDocument from 'pdfmake/js/PDFDocument.js';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { Block, Document, Letterhead, Table } from '../../domain/licence/document.js';
import { CallCentreError } from '../../domain/failure.js';
import { speak, type Say } from '../../domain/language.js';
import { columnWidths } from './column-widths.js';
import { fontBytes, fontFiles } from './fonts.js';
import { isSoundPng } from './sound-png.js';

const FONT = 'Noto Sans SC';
const MILLIMETRE_PT = 72 / 25.4;
const MARGIN_PT = 25 * MILLIMETRE_PT;
/** A landscape sheet of wide tables needs a narrower margin. */
const WIDE_MARGIN_PT = 15 * MILLIMETRE_PT;
/** Position on the sheet, from 0 to 1, below which a heading with its first lines does not fit. */
const LAST_HEADING = 0.84;
const A4 = { width: 595.28, height: 841.89 };

let prepared = false;
function prepare(): void {
  if (prepared) return;
  pdfmake.setFonts({
    [FONT]: { normal: fontFiles.regular, bold: fontFiles.bold, italics: fontFiles.regular, bolditalics: fontFiles.bold },
  });
  shareFonts();
  // Documents are made from our own data; nothing in them may fetch or read anything else.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path === fontFiles.regular || path === fontFiles.bold);
  prepared = true;
}

/** pdfkit reads the file of a font again for each document, unless the document knows its bytes under the name of the file. */
function shareFonts(): void {
  const documents = PDFDocument.default.prototype;
  const begin = documents.initFonts;
  documents.initFonts = function (...options) {
    begin.apply(this, options);
    for (const path of Object.values(fontFiles)) this.registerFont(path, fontBytes(path));
  };
}

/** A document on A4 with header and footer; tables repeat their column heads. */
export async function renderPdf(document: Document, letterhead: Letterhead): Promise<Uint8Array> {
  prepare();
  const say = speak(letterhead.language);
  const { handedIn = false } = letterhead;
  const margin = document.landscape === true ? WIDE_MARGIN_PT : MARGIN_PT;
  const width = (document.landscape === true ? A4.height : A4.width) - 2 * margin;
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageOrientation: document.landscape === true ? 'landscape' : 'portrait',
    pageMargins: [margin, 62, margin, 62],
    info: { title: document.title, author: letterhead.company, creationDate: new Date(`${letterhead.date}T00:00:00Z`) },
    defaultStyle: { font: FONT, fontSize: document.landscape === true ? 8 : 9.5, lineHeight: 1.25 },
    // Neither a heading nor the title of a table stands alone at the foot of a page.
    pageBreakBefore: (node) => node.headlineLevel !== undefined && node.startPosition.verticalRatio > LAST_HEADING,
    header: {
      margin: [margin, 26, margin, 0],
      stack: [
        {
          columns: [
            { text: letterhead.company, fontSize: 8.5 },
            {
              text: `${say('许可证编号：', 'Licence ')}${letterhead.licence || say('（申请中）', '(applied for)')}`,
              alignment: 'right',
              fontSize: 8.5,
            },
          ],
        },
        { canvas: [{ type: 'line', x1: 0, y1: 3, x2: width, y2: 3, lineWidth: 0.7 }] },
      ],
    },
    footer: (page: number, pages: number): Content => ({
      margin: [margin, 18, margin, 0],
      fontSize: 7,
      stack: [
        { canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.5 }] },
        {
          margin: [0, 3, 0, 0],
          columns: [
            {
              text: handedIn ? '' : `${letterhead.reference} · ${say('版本', 'version')} ${letterhead.version} · ${letterhead.date}`,
              width: '*',
            },
            { text: say(`第 ${page} 页 共 ${pages} 页`, `Page ${page} of ${pages}`), alignment: 'right', width: 'auto' },
          ],
        },
        ...(handedIn ? [] : [{ text: `${say('数据摘要', 'Data')} SHA-256 ${letterhead.dataSha256}`, fontSize: 6.5, color: '#4b5563' }]),
      ],
    }),
    content: [
      { text: document.title, fontSize: 17, bold: true, alignment: 'center', margin: [0, 0, 0, 14] },
      ...document.blocks.map((block, i) => contentOf(block, width, say, document.blocks[i - 1])),
    ],
  };
  return pdfmake.createPdf(definition).getBuffer();
}

/** A picture, such as an uploaded scan, as large as an A4 sheet allows. Fails with `file-damaged` when it cannot be drawn. */
export async function renderPicturePdf(picture: Uint8Array, contentType: string, title: string): Promise<Uint8Array> {
  prepare();
  const damaged = (cause?: unknown): CallCentreError =>
    new CallCentreError('file-damaged', 'An uploaded picture cannot be rendered.', { cause });
  if (contentType === 'image/png' && !(await isSoundPng(picture))) throw damaged();
  const margin = 28;
  const image = `data:${contentType};base64,${Buffer.from(picture).toString('base64')}`;
  return pdfmake
    .createPdf({
      pageSize: 'A4',
      pageMargins: margin,
      info: { title },
      defaultStyle: { font: FONT },
      content: [{ image, fit: [A4.width - 2 * margin, A4.height - 2 * margin - 4], alignment: 'center' }],
    })
    .getBuffer()
    .catch((error: unknown) => {
      throw damaged(error);
    });
}

/** A drawing alone on an A3 sheet, as vectors with an embedded font. */
export async function renderDrawingPdf(svg: string, upright: boolean, title: string): Promise<Uint8Array> {
  prepare();
  const page = upright ? { width: 841.89, height: 1_190.55 } : { width: 1_190.55, height: 841.89 };
  return pdfmake
    .createPdf({
      pageSize: page,
      pageMargins: 0,
      info: { title },
      defaultStyle: { font: FONT },
      content: [{ svg, width: page.width, height: page.height - 1 }],
    })
    .getBuffer();
}

function contentOf(block: Block, width: number, say: Say, before?: Block): Content {
  switch (block.kind) {
    case 'heading':
      return { text: block.text, fontSize: 12, bold: true, margin: [0, 10, 0, 5], headlineLevel: 1 };
    case 'text':
      return { text: block.text, margin: [0, 0, 0, 5], lineHeight: 1.45 };
    case 'note':
      return { text: block.text, fontSize: 7.5, color: '#374151', margin: [0, 1, 0, 4] };
    case 'pairs':
      return {
        margin: [0, 2, 0, 8],
        table: {
          widths: [Math.min(130, width / 3), width - Math.min(130, width / 3) - 2 * 6.6],
          body: block.rows.map(([label, value]) => [{ text: label, fillColor: '#f3f4f6' }, grouped(value || '—')]),
        },
        layout: ruled,
      };
    case 'table':
      return tableOf(block, width, say, before?.kind === 'heading' ? before.text : '');
    case 'drawing':
      return {
        stack: [
          { svg: block.svg, width: Math.min(block.widthPt, width), alignment: 'center' },
          { text: block.caption, fontSize: 8, alignment: 'center', margin: [0, 2, 0, 8] },
        ],
        unbreakable: true,
      };
    case 'signature':
      return {
        stack: block.lines.map((line) => ({ text: line, margin: [0, 7, 0, 0] as [number, number, number, number] })),
        alignment: 'right',
        margin: [0, 26, 0, 0],
        unbreakable: true,
      };
  }
}

const ruled = {
  hLineWidth: () => 0.5,
  vLineWidth: () => 0.5,
  hLineColor: () => '#9ca3af',
  vLineColor: () => '#9ca3af',
  paddingLeft: () => 3,
  paddingRight: () => 3,
  paddingTop: () => 2,
  paddingBottom: () => 2,
};

/** A digest in groups of eight, as people compare it; in one piece it would push the column off the sheet. */
const grouped = (words: string): string => words.replace(/\b[0-9a-f]{64}\b/g, (digest) => digest.replace(/(.{8})(?=.)/g, '$1 '));

/** A title that repeats the heading above it is only the name of a workbook's sheet, and is not printed. */
function tableOf({ title, heads, rows, widths }: Table, width: number, say: Say, above: string): Content {
  const fontSize = heads.length > 9 ? 7 : 8;
  // Padding and rules add to the width of each column.
  const room = width - heads.length * 6.6;
  const body: TableCell[][] = [
    heads.map((head) => ({ text: head, bold: true, fillColor: '#e5e7eb' })),
    ...(rows.length === 0
      ? [[{ text: say('（无）', '(none)'), colSpan: heads.length, alignment: 'center' as const }, ...heads.slice(1).map(() => '')]]
      : rows.map((row) => heads.map((_, i) => grouped(row[i] ?? '')))),
  ];
  return {
    margin: [0, 3, 0, 9],
    stack: [
      ...(title === undefined || above.endsWith(title)
        ? []
        : [{ text: title, bold: true, headlineLevel: 2, margin: [0, 2, 0, 3] as [number, number, number, number] }]),
      {
        table: {
          headerRows: 1,
          dontBreakRows: true,
          keepWithHeaderRows: 1,
          widths: columnWidths(heads, widths ?? [], room, fontSize),
          body,
        },
        layout: ruled,
        fontSize,
      },
    ],
  };
}
