import { FIRST_PREVIOUS, type Link } from '../chain.js';

/** The fields of a stored row in the order in which they are written and hashed. Marked fields may be missing. */
const FIELDS = [
  { name: 'at', optional: false },
  { name: 'who', optional: false },
  { name: 'what', optional: false },
  { name: 'object', optional: true },
  { name: 'from', optional: true },
  { name: 'success', optional: false },
  { name: 'reason', optional: true },
  { name: 'before', optional: true },
  { name: 'after', optional: true },
  { name: 'previous', optional: false },
].map(({ name, optional }) => ({ name: Buffer.from(name), optional }));
const ID = Buffer.from('_id');
const HASH = Buffer.from('hash');
const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

const DOUBLE = 0x01;
const STRING = 0x02;
const DOCUMENT = 0x03;
const ARRAY = 0x04;
const BOOLEAN = 0x08;
const INT32 = 0x10;
const INT64 = 0x12;

const CHUNK_BYTES = 256 * 1024;
/** An escaped byte becomes six in JSON, and a missing field becomes `null`. */
const LONGEST_ESCAPE = 6;
const ROW_OVERHEAD = 128;

/**
 * Makes the links of the chain directly from rows in BSON. Decoding them into objects would cost several times as much as the hash. The
 * text of a row is the text that `textOfRow` gives. A row with other fields, or with fields in another order, has no text.
 */
export function linksOf(batch: Buffer): Link[] {
  const links: Link[] = [];
  const end = batch.readInt32LE(0) - 1;
  let texts = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  for (let at = 4; at < end;) {
    if (batch[at] !== DOCUMENT) throw new Error('The store sent something other than rows');
    const row = batch.indexOf(0, at + 1) + 1;
    const length = batch.readInt32LE(row);
    const room = length * LONGEST_ESCAPE + ROW_OVERHEAD;
    if (used + room > texts.length) {
      texts = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, room));
      used = 0;
    }
    const read = readRow(batch, row, row + length - 1, texts, used);
    links.push(read.link);
    used = read.used;
    at = row + length;
  }
  return links;
}

function readRow(bytes: Buffer, start: number, end: number, texts: Buffer, from: number): { readonly link: Link; readonly used: number } {
  const value = start + 4 + 1 + ID.length + 1;
  const type = bytes[start + 4] ?? 0;
  const number = isNamed(bytes, start + 5, ID) ? numberAt(bytes, type, value) : undefined;
  if (number === undefined) throw new Error('A row of the audit log has no number');
  let at = value + (type === INT32 ? 4 : 8);
  let to = from;
  texts[to++] = 0x5b;
  to += texts.write(String(number), to, 'latin1');
  let previous = -1;
  for (const { name, optional } of FIELDS) {
    texts[to++] = 0x2c;
    if (isNamed(bytes, at + 1, name)) {
      const kind = bytes[at];
      const content = at + name.length + 2;
      previous = content;
      if (kind === STRING) {
        const length = bytes.readInt32LE(content) - 1;
        to = writeText(bytes, content + 4, content + 4 + length, texts, to);
        at = content + 5 + length;
      } else if (kind === BOOLEAN) {
        to = put(bytes[content] === 1 ? TRUE : FALSE, texts, to);
        at = content + 1;
      } else return unformed(number, from);
    } else if (optional) to = put(NULL, texts, to);
    else return unformed(number, from);
  }
  texts[to++] = 0x5d;
  const hash = at + HASH.length + 2;
  if (bytes[at] !== STRING || !isNamed(bytes, at + 1, HASH) || hash + 5 + bytes.readInt32LE(hash) - 1 !== end)
    return unformed(number, from);
  const text = new Uint8Array(texts.buffer, texts.byteOffset + from, to - from);
  return { link: { number, previous: stringAt(bytes, previous), hash: stringAt(bytes, hash), text }, used: to };
}

function unformed(number: number, used: number): { readonly link: Link; readonly used: number } {
  return { link: { number, previous: FIRST_PREVIOUS, hash: '', text: undefined }, used };
}

function numberAt(bytes: Buffer, type: number, at: number): number | undefined {
  if (type === INT32) return bytes.readInt32LE(at);
  // From 2^31 on the driver writes a double.
  if (type === DOUBLE) return bytes.readDoubleLE(at);
  return type === INT64 ? Number(bytes.readBigInt64LE(at)) : undefined;
}

/** Whether the name of the element, which ends with a zero byte, is this one. */
function isNamed(bytes: Buffer, at: number, name: Buffer): boolean {
  for (let i = 0; i < name.length; i += 1) if (bytes[at + i] !== name[i]) return false;
  return bytes[at + name.length] === 0;
}

function stringAt(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at + 4, at + 4 + bytes.readInt32LE(at) - 1);
}

/** Writes a word of a few bytes, for which a call into Node.js costs more than the loop. Returns the end position. */
function put(word: Buffer, texts: Buffer, to: number): number {
  for (let i = 0; i < word.length; i += 1) texts[to + i] = word[i] ?? 0;
  return to + word.length;
}

/** Writes a UTF-8 text as JSON. Returns the end position. */
function writeText(bytes: Buffer, from: number, end: number, texts: Buffer, start: number): number {
  let to = start;
  texts[to++] = 0x22;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c)
      return start + texts.write(JSON.stringify(bytes.toString('utf8', from, end)), start, 'utf8');
    texts[to++] = byte;
  }
  texts[to++] = 0x22;
  return to;
}

/** The rows of one answer to `find`, whose `cursor` was requested as raw bytes. */
export function batchIn(cursor: Uint8Array): Buffer {
  const bytes = Buffer.from(cursor.buffer, cursor.byteOffset, cursor.byteLength);
  const name = Buffer.from('firstBatch');
  if (bytes[4] !== ARRAY || !isNamed(bytes, 5, name)) {
    const at = bytes.indexOf(Buffer.concat([Buffer.from([ARRAY]), name, Buffer.from([0])]));
    if (at < 0) throw new Error('The store answered without a batch');
    return bytes.subarray(at + name.length + 2);
  }
  return bytes.subarray(4 + name.length + 2);
}
