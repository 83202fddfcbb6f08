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

/** The tables of a document as sheets, one each; a table without rows says so. Figures stay figures, so that they can be summed. */
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
      ...(each.rows.length === 0 ? [[say('（无）', '(none)')]] : each.rows).map((row) =>
        each.heads.map((head, column) => cellOf(row[column] ?? '', head)),
      ),
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

interface Cell {
  readonly value: string | number;
  readonly format?: string;
  readonly wrap: boolean;
  readonly borderStyle: 'thin';
}

/** Columns whose figures are names: some of them have a leading zero, and all of them are sorted as text. */
const NAMES = /号码|坐席号|分机|版本|允许传送的主叫号码|Numbers?$|number$|numbers$|Extension|Version|Seat$|对象|Subject/;
/** A figure with at most six decimals that a double holds exactly, and its unit. */
const FIGURE = /^(-?(?:0|[1-9]\d{0,8}))(?:\.(\d{1,6}))?( ?%| ?‰| (?:秒|s|分钟|min|天|days|\/万次|per 10 000))?$/;

/**
 * A figure becomes a number that can be summed and sorted, shown with as many decimals as the document prints, and with its unit. Staff and
 * telephone numbers stay text.
 */
function cellOf(words: string, head: string): Cell {
  const found = NAMES.test(head) ? null : FIGURE.exec(words);
  if (found === null) return { value: words, wrap: true, borderStyle: 'thin' };
  const [, whole = '', decimals = '', unit = ''] = found;
  const shown = decimals === '' ? '0' : `0.${'0'.repeat(decimals.length)}`;
  const value = Number(decimals === '' ? whole : `${whole}.${decimals}`);
  const cell = { wrap: false, borderStyle: 'thin' as const };
  if (unit.endsWith('%')) return { ...cell, value: Number((value / 100).toFixed(decimals.length + 2)), format: `${shown}%` };
  if (unit !== '') return { ...cell, value, format: `${shown}"${unit}"` };
  return { ...cell, value, ...(decimals === '' ? {} : { format: shown }) };
}

const LONGEST_NAME = 31;
/** Room for the number of a name that comes twice. */
const ROOM = 3;

/** Excel's rule: at most 31 characters, none of []:*?/\, no name twice. A long name in English ends with a whole word. */
function sheetName(title: string, index: number, taken: Set<string>): string {
  const plain = title
    .replaceAll('/', '／')
    .replace(/\s*[[\]:*?\\]\s*/g, ' ')
    .trim();
  const cut = (most: number): string => {
    if (plain.length <= most) return plain;
    const part = plain.slice(0, most + 1);
    return (part.includes(' ') ? part.slice(0, part.lastIndexOf(' ')) : plain.slice(0, most)).trim();
  };
  const base = cut(LONGEST_NAME) || `${index + 1}`;
  const name = taken.has(base) ? `${cut(LONGEST_NAME - ROOM)} ${index + 1}` : base;
  taken.add(name);
  return name;
}
