import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { startChecksum, type Checksum, type ChecksumAlgorithm } from './checksum.js';
import { S3Error } from './s3-error.js';

/** Reads verify whole blocks of this size against a CRC before a byte of them is sent. */
export const blockBytes = 256 * 1024;

export interface Digests {
  readonly bytes: number;
  readonly md5Hex: string;
  readonly sha256Hex: string;
  /** Base64 of one big-endian CRC-32 per block of `blockBytes`. */
  readonly blockCrcs: string;
  readonly checksum?: Checksum;
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
  readonly #checksum;

  constructor(private readonly algorithm: ChecksumAlgorithm | undefined) {
    this.#checksum = algorithm === undefined ? undefined : startChecksum(algorithm);
  }

  update(chunk: Buffer): void {
    this.#md5.update(chunk);
    this.#sha256.update(chunk);
    this.#checksum?.update(chunk);
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
    const checksum = this.#checksum?.digest() ?? sha256;
    return {
      bytes: this.#bytes,
      md5Hex: this.#md5.digest('hex'),
      sha256Hex: sha256.toString('hex'),
      blockCrcs: Buffer.concat(this.#crcs.map(bigEndian)).toString('base64'),
      ...(this.algorithm ? { checksum: { algorithm: this.algorithm, value: checksum.toString('base64') } } : {}),
    };
  }
}

/** What the client claims about the bytes it sent, to be checked against what arrived. */
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
