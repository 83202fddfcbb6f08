import writeXlsx from 'write-excel-file/node';
import { insertElementMarkupAccordingToOrderOfSiblings } from 'write-excel-file/utility';
import type { Document, Letterhead, Table } from '../../shared/domain/licence/document.js';
import { speak } from '../../shared/domain/language.js';

/** Each sheet is printed as wide as a page, over as many pages as its rows need. */
const asWideAsPage = {
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (xml: string) =>
          insertElementMarkupAccordingToOrderOfSiblings(
            xml.replace('<pageSetup ', '<pageSetup fitToWidth="1" fitToHeight="0" '),
            '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>',
            ['sheetPr', 'dimension', 'sheetViews', 'sheetFormatPr', 'cols', 'sheetData'],
            'worksheet',
          ),
      },
    },
  },
};

/** The tables of a document as sheets, one each. Figures stay figures, so that they can be summed. */
export async function renderXlsx(document: Document, letterhead: Letterhead): Promise<Uint8Array> {
  const say = speak(letterhead.language);
  const { handedIn = false } = letterhead;
  const origin = (zh: string, en: string, value: string): string[] => [say(zh, en), value];
  const tables = document.blocks.filter((block): block is Table => block.kind === 'table');
  const about: Table = {
    kind: 'table',
    title: say('说明', 'About'),
    heads: [say('项目', 'Item'), say('内容', 'Content')],
    rows: [
      [say('文件', 'Document'), document.title],
      [say('公司', 'Company'), letterhead.company],
      [say('许可证编号', 'Licence number'), letterhead.licence],
      ...(handedIn ? [] : [origin('证据包', 'Pack', letterhead.reference), origin('版本', 'Version', letterhead.version)]),
      [say('日期', 'Date'), letterhead.date],
      ...(handedIn ? [] : [origin('数据摘要 SHA-256', 'Data SHA-256', letterhead.dataSha256)]),
      ...document.blocks.flatMap((block) => (block.kind === 'note' ? [[say('备注', 'Note'), block.text]] : [])),
    ],
  };
  const names = new Set<string>();
  const sheets = [...tables, about].map((each, i) => {
    const data = [
      each.heads.map((head) => ({
        value: head,
        fontWeight: 'bold' as const,
        backgroundColor: '#E5E7EB',
        wrap: true,
        borderStyle: 'thin' as const,
      })),
      ...each.rows.map((row) => each.heads.map((_, column) => cellOf(row[column] ?? ''))),
    ];
    return {
      data,
      sheet: sheetName(each.title ?? document.title, i, names),
      columns: each.heads.map((head, column) => ({
        width: Math.min(48, Math.max(8, ...[head, ...each.rows.slice(0, 50).map((row) => row[column] ?? '')].map(visualLength)) + 2),
      })),
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    };
  });
  return writeXlsx(sheets, { fontFamily: 'Microsoft YaHei', fontSize: 10, features: [asWideAsPage] }).toBuffer();
}

const visualLength = (words: string): number => Array.from(words).reduce((sum, character) => sum + (character > '\u2e80' ? 2 : 1), 0);

/**
 * Only plain decimal figures. Staff and telephone numbers with a leading zero stay text, and so do numbers that a double cannot hold
 * exactly.
 */
function cellOf(words: string): { value: string | number; wrap: boolean; borderStyle: 'thin' } {
  const figure = /^-?(0|[1-9]\d{0,8})(\.\d{1,6})?$/.test(words);
  return { value: figure ? Number(words) : words, wrap: !figure, borderStyle: 'thin' };
}

/** Excel's rule: at most 31 characters, none of []:*?/\, no name twice. */
function sheetName(title: string, index: number, taken: Set<string>): string {
  const base =
    title
      .replace(/[[\]:*?/\\]/g, ' ')
      .slice(0, 27)
      .trim() || `${index + 1}`;
  const name = taken.has(base) ? `${base} ${index + 1}` : base;
  taken.add(name);
  return name;
}
