import type { Blob } from '../storage/blobs.js';
import type { Version } from '../storage/catalogue.js';
import { checksumHeaders } from './checksum-answers.js';
import { judgeRead } from '../rules/conditions.js';
import { DamagedBlobError } from '../storage/blobs.js';
import { requireBucket, requireObject, versionHeader, type Exchange, type Reply } from './exchange.js';
import { allows } from '../rules/policy.js';
import { header, param } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';

export interface ByteRange {
  readonly start: number;
  /** Inclusive; `start - 1` when the range is empty. */
  readonly end: number;
}

/**
 * RFC 9110 section 14.2 with one range, as S3 serves it: a malformed or multiple range is ignored.
 * @throws S3Error `InvalidRange`
 */
export function rangeOf(text: string | undefined, bytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(text?.trim() ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (match === null || (first === '' && last === '')) return undefined;
  if (first === '') {
    const suffix = Math.min(Number(last), bytes);
    if (suffix === 0) throw new S3Error('InvalidRange');
    return { start: bytes - suffix, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= bytes) throw new S3Error('InvalidRange');
  return { start, end };
}

/** @throws S3Error `InternalError` when the metadata names a file that is not in the catalogue */
export function blobsOf({ catalogue }: Pick<Exchange, 'catalogue'>, version: Version): Blob[] {
  return version.blobIds.map((id) => {
    const blob = catalogue.blob(id);
    if (blob === undefined) throw new DamagedBlobError(id, 'missing');
    return blob;
  });
}

/** The bytes of a range over the parts of an object, one verified block after another. */
export async function* readRange({ blobs }: Pick<Exchange, 'blobs'>, parts: readonly Blob[], range: ByteRange): AsyncGenerator<Buffer> {
  let offset = 0;
  for (const part of parts) {
    const start = Math.max(range.start - offset, 0);
    const end = Math.min(range.end - offset, part.bytes - 1);
    if (start <= end) yield* blobs.read(part, start, end);
    offset += part.bytes;
  }
}

export async function headObject(exchange: Exchange): Promise<Reply> {
  const { version, status, headers } = prepare(exchange);
  return { status, headers: { ...headers, 'content-length': headers['content-length'] ?? String(version.bytes) } };
}

/** The first block is verified before the status line is sent, so that a damaged object is answered with an error. */
export async function getObject(exchange: Exchange): Promise<Reply> {
  const { version, status, headers, range } = prepare(exchange);
  if (status === 304) return { status, headers };
  const parts = blobsOf(exchange, version);
  const unhold = exchange.blobs.hold(version.blobIds);
  const bytes = readRange(exchange, parts, range);
  const release = (): void => {
    // Closes the file even when nobody reads on: a client may leave after the first block.
    void bytes.return(undefined);
    unhold();
  };
  try {
    const first = await bytes.next();
    return { status, headers, body: { chunks: first.done === true ? bytes : joined(first.value, bytes), release } };
  } catch (error) {
    release();
    throw error;
  }
}

async function* joined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

function prepare(exchange: Exchange): { version: Version; status: number; headers: Record<string, string>; range: ByteRange } {
  const { request } = exchange;
  const bucket = requireBucket(exchange);
  const version = requireObject(exchange);
  const headers = { ...objectHeaders(exchange, version), ...versionHeader(bucket, version) };
  const verdict = judgeRead(
    {
      ifMatch: header(request, 'if-match'),
      ifNoneMatch: header(request, 'if-none-match'),
      ifModifiedSince: header(request, 'if-modified-since'),
      ifUnmodifiedSince: header(request, 'if-unmodified-since'),
    },
    version,
  );
  if (verdict === 'failed') throw new S3Error('PreconditionFailed');
  const whole = { start: 0, end: version.bytes - 1 };
  if (verdict === 'not-modified') return { version, status: 304, headers, range: whole };
  const part = partRange(exchange, version);
  const range = part ?? (ifRangeHolds(header(request, 'if-range'), version) ? rangeOf(header(request, 'range'), version.bytes) : undefined);
  if (range === undefined) {
    const enabled = header(request, 'x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
    const shown = enabled ? checksumHeaders(version.checksum) : {};
    return { version, status: 200, headers: { ...headers, ...shown, 'content-length': String(version.bytes) }, range: whole };
  }
  const length = String(range.end - range.start + 1);
  const contentRange = `bytes ${range.start}-${range.end}/${version.bytes}`;
  return { version, status: 206, headers: { ...headers, 'content-length': length, 'content-range': contentRange }, range };
}

/** RFC 9110 section 13.1.5: a player that resumes gets the whole object when it is no longer the one it began. */
const ifRangeHolds = (text: string | undefined, { etag, modifiedAt }: Version): boolean =>
  text === undefined || text === `"${etag}"` || text === new Date(modifiedAt).toUTCString();

/** `partNumber` reads one part of a multipart object. */
function partRange(exchange: Exchange, version: Version): ByteRange | undefined {
  const text = param(exchange.request, 'partNumber');
  if (text === undefined) return undefined;
  const number = Number(text);
  const parts = blobsOf(exchange, version);
  const part = parts[number - 1];
  if (part === undefined) throw new S3Error('InvalidArgument', 'There is no such part.');
  const start = parts.slice(0, number - 1).reduce((sum, { bytes }) => sum + bytes, 0);
  return part.bytes === version.bytes ? undefined : { start, end: start + part.bytes - 1 };
}

const overrides = ['content-type', 'content-language', 'expires', 'cache-control', 'content-disposition', 'content-encoding'];

function objectHeaders({ request, credential }: Exchange, version: Version): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...version.headers,
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
  };
  for (const [name, value] of Object.entries(version.metadata)) headers[`x-amz-meta-${name}`] = value;
  for (const name of overrides) {
    const value = param(request, `response-${name}`);
    if (value === undefined) continue;
    if (/\p{Cc}/u.test(value)) throw new S3Error('InvalidArgument', `response-${name} holds a control character.`);
    // Header values are bytes; a file name in Chinese goes out as its UTF-8.
    headers[name] = Buffer.from(value).toString('latin1');
  }
  const tags = Object.keys(version.tags).length;
  if (tags > 0) headers['x-amz-tagging-count'] = String(tags);
  const parts = version.blobIds.length;
  if (parts > 1 && param(request, 'partNumber') !== undefined) headers['x-amz-mp-parts-count'] = String(parts);
  if (version.retention && allows(credential, 's3:GetObjectRetention', request.bucket)) {
    headers['x-amz-object-lock-mode'] = version.retention.mode;
    headers['x-amz-object-lock-retain-until-date'] = version.retention.retainUntil;
  }
  if (version.legalHold !== undefined && allows(credential, 's3:GetObjectLegalHold', request.bucket)) {
    headers['x-amz-object-lock-legal-hold'] = version.legalHold ? 'ON' : 'OFF';
  }
  return headers;
}
