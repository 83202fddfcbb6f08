import writeXlsx from 'write-excel-file/node';
import { insertElementMarkupAccordingToOrderOfSiblings } from 'write-excel-file/utility';
import type { ColumnKind, Document, Letterhead, Table } from '../../shared/domain/licence/document.js';
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
    kinds: [],
    rows: [
      [say('文件', 'Document'), document.title],
      [say('公司', 'Company'), letterhead.company],
      [say('许可证编号', 'Licence number'), letterhead.licence],
      ...(handedIn ? [] : [origin('证据包', 'Pack', letterhead.reference), origin('版本', 'Version', letterhead.version)]),
      [say('日期', 'Date'), letterhead.date],
      ...(letterhead.zone === undefined ? [] : [[say('时区', 'Time zone'), letterhead.zone]]),
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
        each.heads.map((_, column) => cellOf(row[column] ?? '', kindOf(each, row, column))),
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

/** A figure with at most six decimals that a double holds exactly, and its unit. A change has its sign. */
const FIGURE = /^\+?(-?(?:0|[1-9]\d{0,8}))(?:\.(\d{1,6}))?( ?%| ?‰| (?:秒|s|分钟|min|天|days|\/万次|per 10 000))?$/;
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(:\d\d)?)?$/;
const MS_A_DAY = 86_400_000;
/** The day from which workbooks count, before 1 January 1970. */
const EPOCH_DAY = 25_569;

function kindOf({ kinds, figuresOf }: Table, row: readonly string[], column: number): ColumnKind {
  if (column === 1 && figuresOf?.includes(row[0] ?? '') === true) return 'figure';
  return kinds[column] ?? 'text';
}

/** What is not in the form of its column, such as a dash, stays text: staff numbers, versions and telephone numbers stand in columns of text. */
function cellOf(words: string, kind: ColumnKind): Cell {
  const asText = { value: words, wrap: true, borderStyle: 'thin' as const };
  if (kind === 'text') return asText;
  return (kind === 'figure' ? figureCell(words) : momentCell(words)) ?? asText;
}

/** A figure that can be summed and sorted, with as many decimals as the document prints and with its unit. */
function figureCell(words: string): Cell | undefined {
  const found = FIGURE.exec(words);
  if (found === null) return undefined;
  const [, whole = '', decimals = '', unit = ''] = found;
  const shown = decimals === '' ? '0' : `0.${'0'.repeat(decimals.length)}`;
  const value = Number(decimals === '' ? whole : `${whole}.${decimals}`);
  const cell = { wrap: false, borderStyle: 'thin' as const };
  if (unit.endsWith('%')) return { ...cell, value: Number((value / 100).toFixed(decimals.length + 2)), format: `${shown}%` };
  if (unit !== '') return { ...cell, value, format: `${shown}"${unit}"` };
  return { ...cell, value, ...(decimals === '' ? {} : { format: shown }) };
}

/** A day or a time of the site, as a workbook counts days; it knows no zones, so the sheet about the document names it. */
function momentCell(words: string): Cell | undefined {
  const [, day, minute, second] = MOMENT.exec(words) ?? [];
  if (day === undefined) return undefined;
  const atMs = Date.parse(`${day}T${minute ?? '00:00'}${second ?? ':00'}Z`);
  if (Number.isNaN(atMs)) return undefined;
  const clock = minute === undefined ? '' : second === undefined ? ' hh:mm' : ' hh:mm:ss';
  return { value: atMs / MS_A_DAY + EPOCH_DAY, format: `yyyy-mm-dd${clock}`, wrap: false, borderStyle: 'thin' };
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
