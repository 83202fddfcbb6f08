import { Doc } from '../bson/document.js';
import { encodeAfter } from '../bson/encode.js';
import type { MongoError } from '../bson/errors.js';
import { validateBson } from '../bson/validate.js';

/** The largest message a client may send, as `hello` announces it. */
export const maxMessageBytes = 48_000_000;

const opMsg = 2013;
const opQuery = 2004;
const opReply = 1;

export interface Message {
  readonly requestId: number;
  readonly kind: 'msg' | 'query';
  readonly command: Doc;
  /** The client does not wait for a reply (OP_MSG moreToCome: unacknowledged writes). */
  readonly silent: boolean;
}

/** Bytes that cannot be a message; the connection is closed after it. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Cuts a stream of bytes into messages. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #length = 0;

  /** Takes bytes and returns the messages they complete. @throws FrameError for an impossible length. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const frames: Buffer[] = [];
    for (;;) {
      const size = this.#size();
      if (size === undefined || this.#length < size) return frames;
      const all = this.#join();
      frames.push(all.subarray(0, size));
      this.#chunks = all.length === size ? [] : [all.subarray(size)];
      this.#length = all.length - size;
    }
  }

  #size(): number | undefined {
    if (this.#length < 16) return undefined;
    const first = this.#chunks[0]?.length ?? 0;
    const size = (first >= 4 ? this.#chunks[0] : this.#join())?.readInt32LE() ?? 0;
    if (size < 16 || size > maxMessageBytes) throw new FrameError(`A message of ${size} bytes is not allowed`);
    return size;
  }

  #join(): Buffer {
    const all = this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

/** Reads one message. @throws FrameError for an unknown opcode or layout, MongoError InvalidBSON for wrong documents. */
export function parseMessage(frame: Buffer): Message {
  const requestId = frame.readInt32LE(4);
  const opCode = frame.readInt32LE(12);
  if (opCode === opMsg) return parseMsg(frame, requestId);
  if (opCode === opQuery) return parseQuery(frame, requestId);
  throw new FrameError(`Opcode ${opCode} is not supported`);
}

function parseMsg(frame: Buffer, requestId: number): Message {
  if (frame.length < 21) throw new FrameError('An OP_MSG is too short');
  const flags = frame.readUInt32LE(16);
  // Bits 0-15 are required: an unknown one must be refused.
  if ((flags & 0xfffc) !== 0) throw new FrameError('An OP_MSG has unknown required flags');
  const end = (flags & 1) === 0 ? frame.length : frame.length - 4;
  let command: Doc | undefined;
  const sequences: (readonly [string, Doc[]])[] = [];
  for (let at = 20; at < end;) {
    const kind = frame[at];
    if (kind === 0) {
      if (command !== undefined) throw new FrameError('An OP_MSG has two bodies');
      const next = validateBson(frame, at + 1, end);
      command = Doc.fromBytes(frame, at + 1);
      at = next;
    } else if (kind === 1) {
      if (at + 5 > end) throw new FrameError('A document sequence is too short');
      const stop = at + 1 + frame.readInt32LE(at + 1);
      const nameEnd = frame.indexOf(0, at + 5);
      if (stop > end || nameEnd < 0 || nameEnd >= stop) throw new FrameError('A document sequence has a wrong length');
      sequences.push([frame.toString('utf8', at + 5, nameEnd), readSequence(frame, nameEnd + 1, stop)]);
      at = stop;
    } else throw new FrameError('An OP_MSG has an unknown section');
  }
  if (command === undefined) throw new FrameError('An OP_MSG has no body');
  if (sequences.length > 0) {
    command = command.clone();
    for (const [name, docs] of sequences) command.set(name, docs);
  }
  return { requestId, kind: 'msg', command, silent: (flags & 2) !== 0 };
}

function readSequence(frame: Buffer, start: number, stop: number): Doc[] {
  const docs: Doc[] = [];
  for (let at = start; at < stop;) {
    const next = validateBson(frame, at, stop);
    docs.push(Doc.fromBytes(frame, at));
    at = next;
  }
  return docs;
}

/** The one use left of OP_QUERY: the first hello of a connection. */
function parseQuery(frame: Buffer, requestId: number): Message {
  const nameEnd = frame.indexOf(0, 20);
  if (nameEnd < 0 || nameEnd + 9 > frame.length) throw new FrameError('An OP_QUERY is too short');
  validateBson(frame, nameEnd + 9, frame.length);
  const database = frame.toString('utf8', 20, nameEnd).split('.')[0] ?? '';
  const command = Doc.fromBytes(frame, nameEnd + 9).clone();
  if (!['ismaster', 'isMaster', 'hello'].includes(command.firstKey() ?? '')) throw new FrameError('OP_QUERY is supported for hello only');
  command.set('$db', database);
  return { requestId, kind: 'query', command, silent: false };
}

let replyId = 0;

/** Frames a reply to a message. A reply that a reader thread encoded is sent unchanged after its header. */
export function encodeReply(message: Pick<Message, 'requestId' | 'kind'>, reply: Doc): readonly Buffer[] {
  const headBytes = message.kind === 'msg' ? 21 : 36;
  const { raw } = reply;
  const pieces = raw === undefined ? [encodeAfter(reply, headBytes)] : [Buffer.alloc(headBytes), raw];
  const [head = Buffer.alloc(headBytes)] = pieces;
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  replyId = (replyId + 1) & 0x7fffffff;
  head.writeInt32LE(length, 0);
  head.writeInt32LE(replyId, 4);
  head.writeInt32LE(message.requestId, 8);
  head.writeInt32LE(message.kind === 'msg' ? opMsg : opReply, 12);
  head.fill(0, 16, headBytes);
  if (message.kind === 'query') head.writeInt32LE(1, 32);
  return pieces;
}

/** Turns an error into its reply. */
export function errorReply(error: MongoError): Doc {
  const reply = Doc.of({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName });
  for (const [name, value] of Object.entries(error.details)) if (value instanceof Doc) reply.append(name, value);
  return reply;
}
