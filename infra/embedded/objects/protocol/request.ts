import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.js';

/** A request taken apart once; nothing below looks at the raw URL again. */
export interface S3Request {
  readonly method: string;
  /** Empty for the service itself. */
  readonly bucket: string;
  /** Empty for a bucket. */
  readonly key: string;
  /** Decoded names and values in the order sent; a name without `=` has the value ''. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: IncomingHttpHeaders;
  /** The decoded path, from which the canonical URI of the signature is made. */
  readonly path: string;
  readonly message: IncomingMessage;
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI');
  }
};

/** Only path-style addresses: `/bucket/key`. @throws S3Error `InvalidURI` or `KeyTooLongError` */
export function readRequest(message: IncomingMessage): S3Request {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const rawPath = mark < 0 ? url : url.slice(0, mark);
  if (!rawPath.startsWith('/')) throw new S3Error('InvalidURI');
  const path = decode(rawPath);
  const slash = path.indexOf('/', 1);
  const bucket = slash < 0 ? path.slice(1) : path.slice(1, slash);
  const key = slash < 0 ? '' : path.slice(slash + 1);
  checkKey(key);
  const query = (mark < 0 ? '' : url.slice(mark + 1))
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const plain = pair.replaceAll('+', ' ');
      return equals < 0 ? ([decode(plain), ''] as const) : ([decode(plain.slice(0, equals)), decode(plain.slice(equals + 1))] as const);
    });
  return { method: message.method ?? 'GET', bucket, key, query, headers: message.headers, path, message };
}

/**
 * Keys never become file names here. Dot segments are refused all the same: a plain copy of the bucket to a file
 * system would turn them into paths outside the target.
 */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) throw new S3Error('KeyTooLongError');
  if (key.includes('\0') || key.split('/').some((segment) => segment === '.' || segment === '..')) throw new S3Error('InvalidURI');
}

export const param = (request: S3Request, name: string): string | undefined => request.query.find(([known]) => known === name)?.[1];

/** One header as text; repeated headers were joined by Node, `set-cookie` never matters here. */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** A whole number in a query parameter or header. @throws S3Error `InvalidArgument` */
export function wholeNumber(text: string | undefined, fallback: number, name: string, range: { min: number; max: number }): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < range.min || value > range.max)
    throw new S3Error('InvalidArgument', `${name} must be a whole number.`);
  return value;
}
