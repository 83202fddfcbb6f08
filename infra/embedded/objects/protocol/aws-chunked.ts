import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.js';
import { sameSignature, sha256Hex, sign, type ChunkSeed } from './signature.js';

const emptyHash = sha256Hex('');
const maxLineBytes = 8 * 1024;
/** S3 allows chunks of any size; this bounds what one unverified chunk may announce. */
const maxChunkBytes = 5 * 1024 ** 3;

export interface AwsChunkedOptions {
  readonly seed: ChunkSeed;
  readonly signed: boolean;
  readonly trailer: boolean;
  /** Called once, after the last chunk, with the trailing headers in lower case. */
  readonly onTrailer: (headers: ReadonlyMap<string, string>) => void;
}

/** Reads lines and counted bytes from a stream of buffers without joining what need not be joined. */
class Source {
  readonly #iterator: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  constructor(stream: AsyncIterable<Buffer>) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  async #more(): Promise<boolean> {
    const next = await this.#iterator.next();
    if (next.done === true) return false;
    this.#rest = this.#rest.length === 0 ? next.value : Buffer.concat([this.#rest, next.value]);
    return true;
  }

  async line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf('\r\n');
      if (end >= 0) {
        const text = this.#rest.toString('latin1', 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return text;
      }
      if (this.#rest.length > maxLineBytes) throw new S3Error('InvalidRequest', 'A chunk header is too long.');
      if (!(await this.#more())) throw new S3Error('IncompleteBody');
    }
  }

  async upTo(wantedBytes: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#more())) throw new S3Error('IncompleteBody');
    const taken = this.#rest.subarray(0, wantedBytes);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }
}

/**
 * The payload of an `aws-chunked` body. Bytes are yielded before their chunk's signature is known, so a consumer must
 * not keep anything until the generator has ended without an error.
 */
export async function* decodeAwsChunked(stream: AsyncIterable<Buffer>, options: AwsChunkedOptions): AsyncGenerator<Buffer> {
  const { seed, signed } = options;
  const source = new Source(stream);
  let previous = seed.signature;
  const check = (kind: 'PAYLOAD' | 'TRAILER', hash: string, given: string | undefined): void => {
    const hashes = kind === 'PAYLOAD' ? `${emptyHash}\n${hash}` : hash;
    const expected = sign(seed.signingKey, `AWS4-HMAC-SHA256-${kind}\n${seed.amzDate}\n${seed.scope}\n${previous}\n${hashes}`);
    if (!sameSignature(expected, given ?? '')) throw new S3Error('SignatureDoesNotMatch');
    previous = expected;
  };
  for (;;) {
    const { bytes, signature } = chunkHeader(await source.line());
    const hash = signed ? createHash('sha256') : undefined;
    for (let left = bytes; left > 0;) {
      const piece = await source.upTo(left);
      left -= piece.length;
      hash?.update(piece);
      yield piece;
    }
    if (hash) check('PAYLOAD', hash.digest('hex'), signature);
    if (bytes === 0) break;
    if ((await source.line()) !== '') throw new S3Error('IncompleteBody', 'A chunk is longer than its header says.');
  }
  const lines: string[] = [];
  // Some clients end the body without the blank line when there is no trailer.
  for (let line = options.trailer ? await source.line() : ''; line !== ''; line = await source.line()) {
    lines.push(line);
    if (lines.length > 16) throw new S3Error('InvalidRequest', 'Too many trailing headers.');
  }
  const given = lines.find((line) => line.startsWith('x-amz-trailer-signature:'));
  const trailing = lines.filter((line) => line !== given);
  if (signed && options.trailer) {
    check('TRAILER', sha256Hex(trailing.map((line) => `${line}\n`).join('')), given?.slice('x-amz-trailer-signature:'.length).trim());
  }
  options.onTrailer(
    new Map(trailing.map((line) => [line.slice(0, line.indexOf(':')).trim().toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])),
  );
}

function chunkHeader(line: string): { bytes: number; signature: string | undefined } {
  const [size = '', ...extensions] = line.split(';');
  const bytes = Number.parseInt(size, 16);
  if (!/^[0-9a-fA-F]{1,10}$/.test(size.trim()) || bytes > maxChunkBytes)
    throw new S3Error('InvalidRequest', 'A chunk header is malformed.');
  const signature = extensions.find((extension) => extension.trim().startsWith('chunk-signature='));
  return { bytes, signature: signature?.trim().slice('chunk-signature='.length) };
}
