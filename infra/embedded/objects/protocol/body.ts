import { decodeAwsChunked } from './aws-chunked.js';
import { algorithmOf, checksumAlgorithms, type Checksum, type ChecksumAlgorithm } from './checksum.js';
import { UploadDigest, verifyClaims, type UploadClaims } from './digest.js';
import { header, wholeNumber, type S3Request } from './request.js';
import { S3Error } from './s3-error.js';
import type { PayloadProof } from './signature.js';

export const maxObjectBytes = 5 * 1024 ** 3;
const maxDocumentBytes = 2 * 1024 ** 2;

/** The bytes of an upload, still to be read, with what must hold once they have been. */
export interface Upload {
  readonly chunks: AsyncIterable<Buffer>;
  readonly declaredBytes: number;
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  /** Complete only after `chunks` has ended: a trailing checksum arrives last. */
  claims(): UploadClaims;
}

/**
 * @param usual the algorithm where the request names none
 * @throws S3Error before anything is read when the headers cannot be right
 */
export function openUpload(request: S3Request, payload: PayloadProof, usual?: ChecksumAlgorithm): Upload {
  const chunked = payload.kind === 'chunked';
  const lengthName = chunked ? 'x-amz-decoded-content-length' : 'content-length';
  const length = header(request, lengthName);
  if (length === undefined) throw new S3Error('MissingContentLength');
  const declaredBytes = wholeNumber(length, 0, lengthName, { min: 0, max: Number.MAX_SAFE_INTEGER });
  if (declaredBytes > maxObjectBytes) throw new S3Error('EntityTooLarge');
  const md5Base64 = header(request, 'content-md5');
  if (md5Base64 !== undefined && Buffer.from(md5Base64, 'base64').length !== 16) throw new S3Error('InvalidDigest');
  const sent = sentChecksum(request);
  const trailing = chunked ? trailingAlgorithm(request) : undefined;
  let trailer: ReadonlyMap<string, string> = new Map();
  const stream = request.message as AsyncIterable<Buffer>;
  return {
    chunks: chunked ? decodeAwsChunked(stream, { ...payload, onTrailer: (headers) => (trailer = headers) }) : stream,
    declaredBytes,
    checksumAlgorithm: sent?.algorithm ?? trailing ?? wantedAlgorithm(request) ?? usual,
    claims() {
      const checksum = trailing ? { algorithm: trailing, value: trailer.get(`x-amz-checksum-${trailing}`) ?? '' } : sent;
      return {
        bytes: declaredBytes,
        ...(md5Base64 === undefined ? {} : { md5Base64 }),
        ...(payload.kind === 'sha256' ? { sha256Hex: payload.hex } : {}),
        ...(checksum === undefined ? {} : { checksum }),
      };
    },
  };
}

function sentChecksum(request: S3Request): Checksum | undefined {
  const found = checksumAlgorithms.filter((algorithm) => header(request, `x-amz-checksum-${algorithm}`) !== undefined);
  if (found.length > 1) throw new S3Error('InvalidRequest', 'Expecting a single x-amz-checksum- header.');
  const algorithm = found[0];
  return algorithm && { algorithm, value: header(request, `x-amz-checksum-${algorithm}`) ?? '' };
}

function trailingAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const name = header(request, 'x-amz-trailer')?.toLowerCase();
  if (name === undefined) return undefined;
  const algorithm = checksumAlgorithms.find((known) => name === `x-amz-checksum-${known}`);
  if (algorithm === undefined) throw new S3Error('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
  return algorithm;
}

/** @throws S3Error `InvalidRequest` for an algorithm that S3 does not have */
function wantedAlgorithm(request: S3Request): ChecksumAlgorithm | undefined {
  const name = header(request, 'x-amz-sdk-checksum-algorithm') ?? header(request, 'x-amz-checksum-algorithm');
  return name === undefined ? undefined : algorithmOf(name);
}

/** Reads a small XML document whole, with the same checks as an object. '' when there is none. */
export async function readDocument(request: S3Request, payload: PayloadProof): Promise<string> {
  if (header(request, 'content-length') === undefined && header(request, 'transfer-encoding') === undefined) return '';
  const upload = openUpload(request, payload);
  if (upload.declaredBytes > maxDocumentBytes) throw new S3Error('MaxMessageLengthExceeded');
  const digest = new UploadDigest(upload.checksumAlgorithm);
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of upload.chunks) {
    bytes += chunk.length;
    if (bytes > maxDocumentBytes) throw new S3Error('MaxMessageLengthExceeded');
    digest.update(chunk);
    pieces.push(chunk);
  }
  verifyClaims(digest.finish(), upload.claims());
  return Buffer.concat(pieces).toString('utf8');
}
