import type { Readable } from 'node:stream';
import { CallCentreError } from '../../domain/failure.js';

/**
 * The raw body of an upload. A handler gets the bytes or a refusal, never the stream: problems of the connection end here, and nothing is
 * sent to a store before all of it has arrived.
 */
export interface Upload {
  /** The whole body. Fails with `too-large` above the limit of the route, and with `invalid-request` when the client went away half-way. */
  bytes(): Promise<Buffer>;
  /** The whole body, if it is one of the kinds of files below; otherwise fails with `invalid-request` and `details.file = "kind"`. */
  file(fileName: string): Promise<Buffer>;
  /** Returns what was taken from the budget. */
  release(): void;
}

/** Bytes that all uploads of this process together may hold in memory. */
export class UploadBudget {
  #left: number;
  constructor(mostBytes = 256 * 2 ** 20) {
    this.#left = mostBytes;
  }

  take(bytes: number): void {
    if (bytes > this.#left)
      throw new CallCentreError('too-many-requests', 'There are too many uploads right now; please try again shortly.');
    this.#left -= bytes;
  }

  giveBack(bytes: number): void {
    this.#left += bytes;
  }

  get leftBytes(): number {
    return this.#left;
  }
}

const zip = [0x50, 0x4b, 0x03, 0x04];
/** The first bytes of the accepted kinds of files, by the ending of the name. Without any: text, which must not contain a zero byte. */
const kinds: Readonly<Record<string, readonly (readonly number[])[]>> = {
  pdf: [[0x25, 0x50, 0x44, 0x46, 0x2d]],
  png: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  jpg: [[0xff, 0xd8, 0xff]],
  jpeg: [[0xff, 0xd8, 0xff]],
  docx: [zip],
  xlsx: [zip],
  zip: [zip],
  ofd: [zip],
  csv: [],
  txt: [],
};
const HEAD_BYTES = 8;

export const uploadKinds = Object.keys(kinds);

interface Kind {
  fitsHead(head: Buffer): boolean;
  fitsChunk(chunk: Buffer): boolean;
}

const anyKind: Kind = { fitsHead: () => true, fitsChunk: () => true };
const text: Kind = { fitsHead: () => true, fitsChunk: (chunk) => !chunk.includes(0) };

/** Anything that a browser might run (HTML, SVG, scripts) is not an accepted kind. */
function kindOf(fileName: string): Kind | undefined {
  const starts = kinds[/\.([a-z0-9]{1,5})$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''];
  if (starts === undefined) return undefined;
  if (starts.length === 0) return text;
  return { ...anyKind, fitsHead: (head) => starts.some((start) => start.every((byte, place) => head[place] === byte)) };
}

const unknownKind = (): CallCentreError =>
  new CallCentreError('invalid-request', `Files of these types are accepted: ${uploadKinds.join(', ')}.`, { details: { file: 'kind' } });

export function uploadOf(stream: Readable, mostBytes: number, budget: UploadBudget): Upload {
  let held = 0;
  // Until somebody reads the stream, nobody else handles an error of the connection.
  stream.on('error', () => undefined);

  async function read(kind: Kind): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let head = Buffer.alloc(0);
    let size = 0;
    for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > mostBytes) throw new CallCentreError('too-large', `At most ${mostBytes} bytes are accepted here.`);
      budget.take(chunk.length);
      held += chunk.length;
      if (!kind.fitsChunk(chunk)) throw unknownKind();
      if (head.length < HEAD_BYTES) {
        head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
        if (head.length === HEAD_BYTES && !kind.fitsHead(head)) throw unknownKind();
      }
      chunks.push(chunk);
    }
    if (head.length > 0 && !kind.fitsHead(head)) throw unknownKind();
    return Buffer.concat(chunks);
  }

  async function complete(kind: Kind): Promise<Buffer> {
    try {
      return await read(kind);
    } catch (error) {
      // The rest of a refused upload is discarded: a client that is still sending then gets the refusal, and not a reset.
      stream.resume();
      if (error instanceof CallCentreError) throw error;
      throw new CallCentreError('invalid-request', 'The upload ended before its last byte.', { cause: error });
    }
  }

  return {
    bytes: () => complete(anyKind),
    async file(fileName) {
      const kind = kindOf(fileName);
      if (kind === undefined) throw unknownKind();
      return complete(kind);
    },
    release() {
      budget.giveBack(held);
      held = 0;
    },
  };
}
