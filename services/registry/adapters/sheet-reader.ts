import { parse } from 'csv-parse/sync';
import { XMLParser } from 'fast-xml-parser';
import { strFromU8, unzipSync } from 'fflate';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { ReadSheet } from '../ports.js';

/** An inflated sheet above this is refused: a small upload must not fill the memory. */
const MAX_INFLATED_BYTES = 64 * 1024 * 1024;

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

/** Reads the first sheet of a workbook, or a CSV in UTF-8, GB 18030 (what Chinese office programs save) or UTF-16 ("Unicode text"). */
export const readSheet: ReadSheet = async (bytes) => {
  try {
    return bytes[0] === 0x50 && bytes[1] === 0x4b ? readWorkbook(bytes) : readCsv(bytes);
  } catch (error) {
    if (error instanceof CallCentreError) throw error;
    throw new CallCentreError('not-a-sheet', 'The file is neither a CSV nor an XLSX sheet that can be read.', { cause: error });
  }
};

function readCsv(bytes: Uint8Array): string[][] {
  const text = decodeText(bytes);
  return parse(text, { bom: true, relaxColumnCount: true, skipEmptyLines: false, delimiter: [',', '\t'] });
}

function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
  // Almost any bytes are GB 18030; no text has a zero in it.
  if (bytes.includes(0)) throw new TypeError('not a text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  }
}

function readWorkbook(bytes: Uint8Array): string[][] {
  let inflated = 0;
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      const wanted = /^xl\/(worksheets\/sheet1\.xml|sharedStrings\.xml|styles\.xml)$/.test(name);
      if (wanted) inflated += originalSize;
      if (inflated > MAX_INFLATED_BYTES) throw new CallCentreError('too-large', 'The sheet is too large.');
      return wanted;
    },
  });
  const read = (name: string): Record<string, unknown> | undefined => {
    const file = files[name];
    return file === undefined ? undefined : (xml.parse(strFromU8(file)) as Record<string, unknown>);
  };
  const sheet = read('xl/worksheets/sheet1.xml') as
    { worksheet?: { sheetData?: { row?: { '@r'?: string; c?: Cell[] }[] } | '' } } | undefined;
  if (sheet?.worksheet === undefined) throw new CallCentreError('not-a-sheet', 'The workbook has no first sheet.');
  const strings = ((read('xl/sharedStrings.xml') as { sst?: { si?: RichText[] } } | undefined)?.sst?.si ?? []).map(textOf);
  const data = sheet.worksheet.sheetData;
  return (data === '' || data === undefined ? [] : (data.row ?? [])).map((row) => {
    const cells: string[] = [];
    for (const cell of row.c ?? []) {
      const column = columnOf(cell['@r']) ?? cells.length;
      while (cells.length < column) cells.push('');
      cells[column] = cellText(cell, strings);
    }
    return cells;
  });
}

/** `BC7` is column 54 from 0. */
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
