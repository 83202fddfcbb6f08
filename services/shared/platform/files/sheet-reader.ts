import { parse } from 'csv-parse/sync';
import { XMLParser } from 'fast-xml-parser';
import { CallCentreError } from '../../domain/failure.js';
import { overLimit } from './file-parser.js';
import { readZipEntries } from './zip-entries.js';

/** The limits of a sheet. Text counts the characters read from all its cells together. */
export interface SheetLimits {
  readonly rows: number;
  readonly columns: number;
}

const MAX_INFLATED_BYTES = 64 * 2 ** 20;
const MAX_ENTRIES = 2_000;
const MAX_CHARACTERS = 16_000_000;
const MAX_ROW_CHARACTERS = 200_000;

interface RichText {
  readonly t?: unknown;
  readonly r?: readonly { readonly t?: unknown }[];
}
interface Cell {
  readonly '@r'?: string;
  readonly '@t'?: string;
  readonly v?: unknown;
  readonly is?: RichText;
}

const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => ['row', 'c', 'si', 'r', 'sheet', 'xf', 'numFmt'].includes(name),
});

/**
 * Reads the first sheet of a workbook, or a CSV in UTF-8, GB 18030 (what Chinese office programs save) or UTF-16 ("Unicode text"). Meant
 * for a process of its own. Fails with `not-a-sheet`, and with `too-large` and `details.limit`.
 */
export function readSheet(bytes: Uint8Array, limits: SheetLimits): string[][] {
  try {
    return bytes[0] === 0x50 && bytes[1] === 0x4b ? readWorkbook(bytes, limits) : readCsv(bytes, limits);
  } catch (error) {
    if (error instanceof CallCentreError) throw error;
    throw new CallCentreError('not-a-sheet', 'The file is neither a CSV nor an XLSX sheet that can be read.', { cause: error });
  }
}

const tooManyRows = ({ rows }: SheetLimits): CallCentreError => overLimit('rows', rows, `The sheet has more than ${rows} rows.`);
const tooManyColumns = ({ columns }: SheetLimits): CallCentreError =>
  overLimit('columns', columns, `A row of the sheet has more than ${columns} columns.`);

/** A CSV stops at the first row beyond the limit: what follows is never parsed. */
function readCsv(bytes: Uint8Array, limits: SheetLimits): string[][] {
  const text = decodeText(bytes);
  const rows = parse(text, {
    bom: true,
    relaxColumnCount: true,
    skipEmptyLines: false,
    delimiter: [',', '\t'],
    // A quotation mark within a cell (`5" screen`) is text, not a reason to refuse the whole list.
    relaxQuotes: true,
    to: limits.rows + 1,
    maxRecordSize: MAX_ROW_CHARACTERS,
  });
  if (rows.length > limits.rows) throw tooManyRows(limits);
  if (rows.some(({ length }) => length > limits.columns)) throw tooManyColumns(limits);
  return rows.map((cells) => cells.map(asWritten));
}

/** Spreadsheets are told by `="13800000001"` that long digits are text: the text is meant. */
const asWritten = (cell: string): string => /^="([^"]*)"$/.exec(cell)?.[1] ?? cell;

function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
  // Almost any bytes are valid GB 18030, but no text contains a zero byte.
  if (bytes.includes(0)) throw new TypeError('not a text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}

function readWorkbook(bytes: Uint8Array, limits: SheetLimits): string[][] {
  const wanted = /^xl\/(worksheets\/sheet1\.xml|sharedStrings\.xml)$/;
  const files = readZipEntries(bytes, (name) => wanted.test(name), { entries: MAX_ENTRIES, inflatedBytes: MAX_INFLATED_BYTES });
  const sheetFile = files.get('xl/worksheets/sheet1.xml');
  if (sheetFile === undefined) throw new CallCentreError('not-a-sheet', 'The workbook has no first sheet.');
  // Counted in the bytes, which costs almost nothing, before they become a tree.
  if (countOf(sheetFile, '<row') > limits.rows) throw tooManyRows(limits);
  if (countOf(sheetFile, '<c') > limits.rows * (limits.columns + 1)) throw tooManyColumns(limits);
  const read = (file: Buffer | undefined): Record<string, unknown> | undefined =>
    file === undefined ? undefined : (xml.parse(file.toString('utf8')) as Record<string, unknown>);
  const sheet = read(sheetFile) as { worksheet?: { sheetData?: { row?: { '@r'?: string; c?: Cell[] }[] } | '' } } | undefined;
  if (sheet?.worksheet === undefined) throw new CallCentreError('not-a-sheet', 'The workbook has no first sheet.');
  const sharedFile = files.get('xl/sharedStrings.xml');
  const strings = ((read(sharedFile) as { sst?: { si?: RichText[] } } | undefined)?.sst?.si ?? []).map(textOf);
  const data = sheet.worksheet.sheetData;
  let characters = 0;
  return (data === '' || data === undefined ? [] : (data.row ?? [])).map((row) => {
    const cells: string[] = [];
    for (const cell of row.c ?? []) {
      const column = columnOf(cell['@r']) ?? cells.length;
      if (column >= limits.columns) throw tooManyColumns(limits);
      while (cells.length < column) cells.push('');
      const text = cellText(cell, strings);
      // Many cells may refer to one long text.
      characters += text.length;
      if (characters > MAX_CHARACTERS)
        throw overLimit('characters', MAX_CHARACTERS, `The cells of the sheet have more than ${MAX_CHARACTERS} characters.`);
      cells[column] = text;
    }
    return cells;
  });
}

function countOf(bytes: Buffer, text: string): number {
  let count = 0;
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) count += 1;
  return count;
}

/** `BC7` is column 54, counted from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  return letters === undefined ? undefined : Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

const nodeText = (node: unknown): string =>
  typeof node === 'string' ? node : typeof node === 'object' && node !== null && '#text' in node ? String(node['#text']) : '';
const textOf = (text: RichText): string => (text.r === undefined ? nodeText(text.t) : text.r.map(({ t }) => nodeText(t)).join(''));

function cellText(cell: Cell, strings: readonly string[]): string {
  const value = nodeText(cell.v);
  switch (cell['@t']) {
    case 's':
      return strings[Number(value)] ?? '';
    case 'inlineStr':
      return cell.is === undefined ? '' : textOf(cell.is);
    case 'b':
      return value === '1' ? 'yes' : 'no';
    default:
      return value;
  }
}
