// The checksums of S3: computed while bytes stream past, and put together from those of the parts. Pure but for the crypto it calls.
import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { S3Error } from './s3-error.js';

export const checksumAlgorithms = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];
/** Whether the checksum covers all bytes, or the checksums of the parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/** A checksum as S3 writes it: base64 of the big-endian value, with `-N` behind it when it is of N parts. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
  /** Left out where it is of the whole object. */
  readonly type?: ChecksumType;
}

export const typeOf = ({ type = 'FULL_OBJECT' }: Checksum): ChecksumType => type;

/** A reflected polynomial of a CRC and its width in bits; all of them begin and end with all bits inverted. */
interface Crc {
  readonly width: 32 | 64;
  readonly polynomial: bigint;
}

const crcs: Readonly<Partial<Record<ChecksumAlgorithm, Crc>>> = {
  crc32: { width: 32, polynomial: 0xedb8_8320n },
  crc32c: { width: 32, polynomial: 0x82f6_3b78n },
  crc64nvme: { width: 64, polynomial: 0x9a6c_9329_ac4b_c9b5n },
};

/** What one byte does to a CRC, as high and low halves. */
function tablesOf({ polynomial }: Crc): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const values = Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });
  return {
    high: Uint32Array.from(values, (value) => Number(value >> 32n)),
    low: Uint32Array.from(values, (value) => Number(value & 0xffff_ffffn)),
  };
}

/** Gathers the checksum of bytes as they come. */
export interface RunningChecksum {
  update(chunk: Buffer): void;
  /** Big-endian. */
  digest(): Buffer;
}

/** A running checksum; undefined for SHA-256, which every upload has anyway. */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum | undefined {
  switch (algorithm) {
    case 'crc32': {
      let crc = 0;
      return { update: (chunk) => (crc = crc32(chunk, crc)), digest: () => bigEndian(BigInt(crc), 32) };
    }
    case 'crc32c':
    case 'crc64nvme':
      return tableChecksum(algorithm);
    case 'sha1': {
      const hash: Hash = createHash('sha1');
      return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest() };
    }
    case 'sha256':
      return undefined;
  }
}

const tables = new Map<ChecksumAlgorithm, ReturnType<typeof tablesOf>>();

function tableChecksum(algorithm: 'crc32c' | 'crc64nvme'): RunningChecksum {
  const crc = crcs[algorithm] ?? { width: 32, polynomial: 0n };
  let known = tables.get(algorithm);
  if (known === undefined) tables.set(algorithm, (known = tablesOf(crc)));
  const { high, low } = known;
  let upper = crc.width === 64 ? 0xffff_ffff : 0;
  let lower = 0xffff_ffff;
  return {
    update(chunk) {
      for (const byte of chunk) {
        const at = (lower ^ byte) & 0xff;
        lower = ((lower >>> 8) | (upper << 24)) ^ (low[at] ?? 0);
        upper = (upper >>> 8) ^ (high[at] ?? 0);
      }
    },
    digest() {
      const value = (BigInt(~upper >>> 0) << 32n) | BigInt(~lower >>> 0);
      return bigEndian(crc.width === 64 ? value : value & 0xffff_ffffn, crc.width);
    },
  };
}

function bigEndian(value: bigint, width: 32 | 64): Buffer {
  return Buffer.from(value.toString(16).padStart(width / 4, '0'), 'hex');
}

/** The type that a multipart upload gets when its client names none. */
const usualType: Readonly<Record<ChecksumAlgorithm, ChecksumType>> = {
  crc32: 'COMPOSITE',
  crc32c: 'COMPOSITE',
  crc64nvme: 'FULL_OBJECT',
  sha1: 'COMPOSITE',
  sha256: 'COMPOSITE',
};

/** @throws S3Error `InvalidRequest` for a type that the algorithm does not have */
export function checksumTypeOf(algorithm: ChecksumAlgorithm, asked: string | undefined): ChecksumType {
  const type = asked?.toUpperCase() ?? usualType[algorithm];
  const isPossible = type === 'FULL_OBJECT' ? algorithm in crcs : type === 'COMPOSITE' && algorithm !== 'crc64nvme';
  if (isPossible && (type === 'FULL_OBJECT' || type === 'COMPOSITE')) return type;
  throw new S3Error('InvalidRequest', `The ${algorithm.toUpperCase()} checksum has no type ${type}.`);
}

/** @throws S3Error `InvalidRequest` for a name that S3 does not have */
export function algorithmOf(name: string): ChecksumAlgorithm {
  const found = checksumAlgorithms.find((algorithm) => algorithm === name.toLowerCase());
  if (found === undefined) throw new S3Error('InvalidRequest', 'Checksum algorithm provided is unsupported.');
  return found;
}

/** The checksum of an object that is put together from parts; undefined when a part has none of that algorithm. */
export function assembledChecksum(
  parts: readonly { readonly bytes: number; readonly checksum?: Checksum | undefined }[],
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
): Checksum | undefined {
  const values = parts.flatMap(({ checksum }) => (checksum?.algorithm === algorithm ? [Buffer.from(checksum.value, 'base64')] : []));
  if (values.length !== parts.length || values.length === 0) return undefined;
  if (type === 'COMPOSITE') {
    const running = startChecksum(algorithm);
    const joined = Buffer.concat(values);
    running?.update(joined);
    const digest = running?.digest() ?? createHash('sha256').update(joined).digest();
    return { algorithm, type, value: `${digest.toString('base64')}-${parts.length}` };
  }
  const crc = crcs[algorithm];
  if (crc === undefined) return undefined;
  const numbers = values.map((value) => BigInt(`0x${value.toString('hex')}`));
  const whole = numbers.reduce((before, next, at) => combine(crc, before, next, parts[at]?.bytes ?? 0));
  return { algorithm, type, value: bigEndian(whole, crc.width).toString('base64') };
}

/** The CRC of two pieces one after the other, from the CRC of each and the length of the second (zlib's crc32_combine). */
function combine({ width, polynomial }: Crc, first: bigint, second: bigint, secondBytes: number): bigint {
  // A matrix over GF(2), a column a bit: what one bit of zero does to a CRC, squared for two, four, eight...
  let step = [polynomial, ...Array.from({ length: width - 1 }, (_, bit) => 1n << BigInt(bit))];
  const apply = (matrix: readonly bigint[], vector: bigint): bigint =>
    matrix.reduce((sum, column, bit) => ((vector >> BigInt(bit)) & 1n ? sum ^ column : sum), 0n);
  const square = (matrix: readonly bigint[]): bigint[] => matrix.map((column) => apply(matrix, column));
  for (let power = 0; power < 3; power += 1) step = square(step);
  let crc = first;
  for (let left = secondBytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) crc = apply(step, crc);
    step = square(step);
  }
  return crc ^ second;
}
