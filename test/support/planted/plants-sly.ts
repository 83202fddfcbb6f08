import { crc32 } from './crc32.js';
import type { Planted } from './planted.js';

type Mutable<Row> = { -readonly [K in keyof Row]: Row[K] };
const edit = <Row>(row: Row | undefined, values: Partial<Row>): void => void Object.assign(row as Mutable<Row>, values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (files: Map<string, Uint8Array>, name: string): string => Buffer.from(files.get(name) ?? []).toString();
const change = (name: string, to: (text: string) => string) => (files: Map<string, Uint8Array>) =>
  void files.set(name, utf8(to(textOf(files, name))));

/** The end of the first state of an agent: `written` writes its number in another way. */
const endWritten = (written: (digits: string) => string) =>
  change('rows/states.csv', (text) => {
    const [head = '', first = '', ...rest] = text.split('\n');
    const at = head.split(',').indexOf('untilMs');
    return [
      head,
      first
        .split(',')
        .with(at, written(first.split(',')[at] ?? ''))
        .join(','),
      ...rest,
    ].join('\n');
  });
const FULL_WIDTH = '０１２３４５６７８９';

const END_BYTES = 22;
/** The archive with one more entry of this name: before or behind the one that the manifest lists. */
const twice = (name: string, body: Uint8Array, place: 'before' | 'behind') => (bytes: Buffer) => {
  const end = bytes.length - END_BYTES;
  const [size, offset] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16)];
  const fixed = Buffer.alloc(26);
  fixed.writeUInt16LE(20, 0);
  fixed.writeUInt32LE(crc32(body), 10);
  fixed.writeUInt32LE(body.length, 14);
  fixed.writeUInt32LE(body.length, 18);
  fixed.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fixed, Buffer.from(name), body]);
  const made = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fixed, Buffer.alloc(14), Buffer.from(name)]);
  made.writeUInt32LE(offset, 42);
  const listed = bytes.subarray(offset, offset + size);
  const last = Buffer.from(bytes.subarray(end));
  last.writeUInt16LE(last.readUInt16LE(8) + 1, 8);
  last.writeUInt16LE(last.readUInt16LE(10) + 1, 10);
  last.writeUInt32LE(size + made.length, 12);
  last.writeUInt32LE(offset + local.length, 16);
  return Buffer.concat([bytes.subarray(0, offset), local, ...(place === 'before' ? [made, listed] : [listed, made]), last]);
};

/** What somebody might try who knows how the three verifiers read, and which rows no sheet fixes. */
export const slyPlants: Record<string, Planted> = {
  'the score of a review is raised after the day was sealed': {
    inStore: ({ reviews }) => edit(reviews[0], { scorePercent: 100 }),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a review is left out after the day was sealed': {
    inStore: ({ reviews }) => void reviews.splice(1, 1),
    expected: 'red',
    codes: ['facts-changed'],
  },
  'a moment is written in full-width digits': {
    inFiles: endWritten((digits) => digits.replace(/\d/g, (digit) => FULL_WIDTH.charAt(Number(digit)))),
    expected: 'red',
    codes: ['facts-changed', 'figure-differs', 'state-differs', 'table-differs'],
  },
  'a moment is written with underscores': {
    inFiles: endWritten((digits) => digits.replace(/\d{3}$/, '_$&')),
    expected: 'red',
    codes: ['facts-changed', 'figure-differs', 'state-differs', 'table-differs'],
  },
  'a moment is written in hexadecimal': {
    inFiles: endWritten((digits) => `0x${Number(digits).toString(16)}`),
    expected: 'red',
    codes: ['facts-changed', 'figure-differs', 'state-differs', 'table-differs'],
  },
  'a figure is not a number': {
    inFiles: change('figures.json', (text) => text.replace(/"value":[\d.]+/, '"value":NaN')),
    expected: 'red',
    codes: ['figures-unreadable'],
  },
  'the figures begin with a byte order mark': {
    inFiles: change('figures.json', (text) => `\u{feff}${text}`),
    expected: 'green',
  },
  'a second file of figures stands behind the one that was signed': {
    afterwards: twice('figures.json', utf8('{}'), 'behind'),
    expected: 'no-pack',
  },
  'a second file of figures stands before the one that was signed': {
    afterwards: twice('figures.json', utf8('{}'), 'before'),
    expected: 'no-pack',
  },
  'a day sheet stands twice': {
    inSheets: (sheets) => [...sheets, sheets.at(-1)!],
    expected: 'red',
    codes: ['sheet-not-chained'],
  },
};
