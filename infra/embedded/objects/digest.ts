import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.js';

/** Reads verify whole blocks of this size against a CRC before a byte of them is sent. */
export const blockBytes = 256 * 1024;

export const checksumAlgorithms = ['crc32', 'crc32c', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];
/** A checksum the client sent: base64 of the big-endian value, as in `x-amz-checksum-crc32`. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

export interface Digests {
  readonly bytes: number;
  readonly md5Hex: string;
  readonly sha256Hex: string;
  /** Base64 of one big-endian CRC-32 per block of `blockBytes`. */
  readonly blockCrcs: string;
  readonly checksum?: Checksum;
}

let crc32cTable: Uint32Array | undefined;
function crc32c(data: Uint8Array, previous: number): number {
  crc32cTable ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
    return value;
  });
  let crc = ~previous >>> 0;
  for (const byte of data) crc = (crc32cTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}

const bigEndian = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value >>> 0);
  return buffer;
};

/** Everything that is computed while an upload streams past, in one pass. */
export class UploadDigest {
  readonly #md5 = createHash('md5');
  readonly #sha256 = createHash('sha256');
  readonly #crcs: number[] = [];
  #bytes = 0;
  #blockCrc = 0;
  #checksumCrc = 0;
  readonly #checksumHash;

  constructor(private readonly algorithm: ChecksumAlgorithm | undefined) {
    this.#checksumHash = algorithm === 'sha1' ? createHash('sha1') : undefined;
  }

  update(chunk: Buffer): void {
    this.#md5.update(chunk);
    this.#sha256.update(chunk);
    this.#checksumHash?.update(chunk);
    if (this.algorithm === 'crc32') this.#checksumCrc = crc32(chunk, this.#checksumCrc);
    if (this.algorithm === 'crc32c') this.#checksumCrc = crc32c(chunk, this.#checksumCrc);
    for (let start = 0; start < chunk.length;) {
      const room = blockBytes - (this.#bytes % blockBytes);
      const piece = chunk.subarray(start, start + room);
      this.#blockCrc = crc32(piece, this.#blockCrc);
      this.#bytes += piece.length;
      start += piece.length;
      if (this.#bytes % blockBytes === 0) this.#closeBlock();
    }
  }

  #closeBlock(): void {
    this.#crcs.push(this.#blockCrc);
    this.#blockCrc = 0;
  }

  finish(): Digests {
    if (this.#bytes % blockBytes !== 0) this.#closeBlock();
    const sha256 = this.#sha256.digest();
    const checksumOf = (algorithm: ChecksumAlgorithm): Buffer => {
      if (algorithm === 'sha256') return sha256;
      return this.#checksumHash?.digest() ?? bigEndian(this.#checksumCrc);
    };
    return {
      bytes: this.#bytes,
      md5Hex: this.#md5.digest('hex'),
      sha256Hex: sha256.toString('hex'),
      blockCrcs: Buffer.concat(this.#crcs.map(bigEndian)).toString('base64'),
      ...(this.algorithm ? { checksum: { algorithm: this.algorithm, value: checksumOf(this.algorithm).toString('base64') } } : {}),
    };
  }
}

/** What the client says about the bytes it sent, to be held against what arrived. */
export interface UploadClaims {
  readonly bytes?: number;
  readonly md5Base64?: string;
  readonly sha256Hex?: string;
  readonly checksum?: Checksum;
}

/** @throws S3Error when anything the client claimed does not hold */
export function verifyClaims(digests: Digests, claims: UploadClaims): void {
  if (claims.bytes !== undefined && claims.bytes !== digests.bytes) throw new S3Error('IncompleteBody');
  if (claims.sha256Hex !== undefined && claims.sha256Hex !== digests.sha256Hex) throw new S3Error('XAmzContentSHA256Mismatch');
  if (claims.md5Base64 !== undefined && Buffer.from(claims.md5Base64, 'base64').toString('hex') !== digests.md5Hex)
    throw new S3Error('BadDigest');
  if (claims.checksum !== undefined && claims.checksum.value !== digests.checksum?.value) throw new S3Error('BadDigest');
}
