// AWS Signature Version 4 for S3: the Authorization header and presigned URLs. Pure, but for the crypto it calls.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { header, param, type S3Request } from './request.js';
import { S3Error } from './s3-error.js';

const algorithm = 'AWS4-HMAC-SHA256';
const maxSkewMs = 15 * 60_000;
const maxExpiresSeconds = 7 * 24 * 3600;

/** How the body is vouched for. Chunked payloads are signed chunk after chunk from `seed` on. */
export type PayloadProof =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'sha256'; readonly hex: string }
  | { readonly kind: 'chunked'; readonly signed: boolean; readonly trailer: boolean; readonly seed: ChunkSeed };

/** What the chain of chunk signatures starts from. */
export interface ChunkSeed {
  readonly signingKey: Buffer;
  readonly scope: string;
  readonly amzDate: string;
  readonly signature: string;
}

export interface Authenticated {
  readonly accessKey: string;
  readonly payload: PayloadProof;
}

interface Claim {
  readonly accessKey: string;
  readonly scope: readonly [date: string, region: string, service: string, terminator: string];
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly amzDate: string;
  readonly presigned: boolean;
}

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Signs text with a derived key; chunks and trailers use it too. */
export const sign = (signingKey: Buffer, text: string): string => hmac(signingKey, text).toString('hex');

export const sameSignature = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

/**
 * Finds out who sent the request.
 * @param secretOf the secret of an access key, or undefined
 * @throws S3Error AccessDenied, SignatureDoesNotMatch, RequestTimeTooSkewed and the like, in S3's own codes
 */
export function authenticate(request: S3Request, secretOf: (accessKey: string) => string | undefined, nowMs: number): Authenticated {
  const claim = param(request, 'X-Amz-Algorithm') !== undefined ? presignedClaim(request, nowMs) : headerClaim(request, nowMs);
  const secret = secretOf(claim.accessKey);
  if (secret === undefined) throw new S3Error('InvalidAccessKeyId');
  requireSignedHeaders(request, claim);
  const declared = header(request, 'x-amz-content-sha256');
  const payloadHash = claim.presigned ? (param(request, 'X-Amz-Content-Sha256') ?? declared ?? 'UNSIGNED-PAYLOAD') : declared;
  if (payloadHash === undefined) throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  const signingKey = signingKeyOf(claim, secret);
  const scope = claim.scope.join('/');
  const canonical = canonicalRequest(request, claim, payloadHash);
  // Header values are bytes, which Node reads as Latin-1; some clients sign the text that they meant instead of the bytes they send.
  const readings = isAscii(canonical) ? [canonical] : [Buffer.from(canonical, 'latin1'), canonical];
  const isSigned = readings.some((reading) =>
    sameSignature(sign(signingKey, `${algorithm}\n${claim.amzDate}\n${scope}\n${sha256Hex(reading)}`), claim.signature),
  );
  if (!isSigned) throw new S3Error('SignatureDoesNotMatch');
  return {
    accessKey: claim.accessKey,
    payload: proofOf(payloadHash, { signingKey, scope, amzDate: claim.amzDate, signature: claim.signature }),
  };
}

const signingKeys = new Map<string, { readonly secret: string; readonly key: Buffer }>();
const maxSigningKeys = 64;

/** The key of a day, a region and a secret, cached: deriving it is four fifths of what a request's signature costs. */
function signingKeyOf({ accessKey, scope }: Claim, secret: string): Buffer {
  const name = `${accessKey}\n${scope.join('\n')}`;
  const known = signingKeys.get(name);
  if (known?.secret === secret) return known.key;
  const [date, region, service, terminator] = scope;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), terminator);
  if (signingKeys.size >= maxSigningKeys) signingKeys.clear();
  signingKeys.set(name, { secret, key });
  return key;
}

function proofOf(payloadHash: string, seed: ChunkSeed): PayloadProof {
  switch (payloadHash) {
    case 'UNSIGNED-PAYLOAD':
      return { kind: 'unsigned' };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD':
      return { kind: 'chunked', signed: true, trailer: false, seed };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER':
      return { kind: 'chunked', signed: true, trailer: true, seed };
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER':
      return { kind: 'chunked', signed: false, trailer: true, seed };
    default:
      if (!/^[0-9a-f]{64}$/.test(payloadHash))
        throw new S3Error('InvalidArgument', 'x-amz-content-sha256 must be a hash or a known keyword.');
      return { kind: 'sha256', hex: payloadHash };
  }
}

function headerClaim(request: S3Request, nowMs: number): Claim {
  const authorization = header(request, 'authorization');
  if (authorization === undefined) throw new S3Error('AccessDenied', 'Anonymous access is not offered.');
  if (!authorization.startsWith(`${algorithm} `))
    throw new S3Error('InvalidRequest', `The authorization mechanism is not supported. Use ${algorithm}.`);
  const fields = new Map(
    authorization
      .slice(algorithm.length)
      .split(',')
      .map((field) => {
        const equals = field.indexOf('=');
        return [field.slice(0, equals).trim(), field.slice(equals + 1).trim()] as const;
      }),
  );
  const amzDate = header(request, 'x-amz-date') ?? amzDateOf(header(request, 'date'));
  const claim = claimOf(
    fields.get('Credential'),
    fields.get('SignedHeaders'),
    fields.get('Signature'),
    amzDate,
    false,
    'AuthorizationHeaderMalformed',
  );
  if (Math.abs(nowMs - timeOf(claim.amzDate)) > maxSkewMs) throw new S3Error('RequestTimeTooSkewed');
  return claim;
}

/** Clients that cannot set `x-amz-date` send the plain `Date` header. */
function amzDateOf(date: string | undefined): string | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function presignedClaim(request: S3Request, nowMs: number): Claim {
  const malformed = 'AuthorizationQueryParametersError';
  if (param(request, 'X-Amz-Algorithm') !== algorithm) throw new S3Error(malformed);
  const names = request.query.map(([name]) => name);
  if (names.some((name, index) => name.startsWith('X-Amz-') && names.indexOf(name) !== index)) throw new S3Error(malformed);
  const expires = param(request, 'X-Amz-Expires') ?? '';
  const claim = claimOf(
    param(request, 'X-Amz-Credential'),
    param(request, 'X-Amz-SignedHeaders'),
    param(request, 'X-Amz-Signature'),
    param(request, 'X-Amz-Date'),
    true,
    malformed,
  );
  if (!/^\d+$/.test(expires) || Number(expires) < 1 || Number(expires) > maxExpiresSeconds) {
    throw new S3Error(malformed, 'X-Amz-Expires must be between 1 and 604,800 seconds.');
  }
  const signedAtMs = timeOf(claim.amzDate);
  if (signedAtMs - nowMs > maxSkewMs) throw new S3Error('AccessDenied', 'Request is not valid yet.');
  if (nowMs > signedAtMs + Number(expires) * 1000) throw new S3Error('AccessDenied', 'Request has expired.');
  return claim;
}

function claimOf(
  credential: string | undefined,
  signedHeaders: string | undefined,
  signature: string | undefined,
  amzDate: string | undefined,
  presigned: boolean,
  malformed: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError',
): Claim {
  const parts = credential?.split('/') ?? [];
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKey = parts.slice(0, -4).join('/');
  // Any region is accepted: the store has none, and the scope is part of what was signed.
  if (!accessKey || !date || !region || service !== 's3' || terminator !== 'aws4_request') throw new S3Error(malformed);
  if (!signature || !/^[0-9a-f]{64}$/.test(signature) || !signedHeaders) throw new S3Error(malformed);
  if (!amzDate || !/^\d{8}T\d{6}Z$/.test(amzDate)) throw new S3Error('AccessDenied', 'A valid date is needed: x-amz-date or Date.');
  if (!amzDate.startsWith(date)) throw new S3Error(malformed, 'The date of the credential scope differs from the date of the request.');
  return { accessKey, scope: [date, region, service, terminator], signedHeaders: signedHeaders.split(';'), signature, amzDate, presigned };
}

function timeOf(amzDate: string): number {
  const ms = Date.parse(amzDate.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(ms)) throw new S3Error('AccessDenied', 'A valid date is needed: x-amz-date or Date.');
  return ms;
}

/** Whoever holds a presigned URL must not be able to add a bypass, a copy source or a lock that its signer never saw. */
function requireSignedHeaders(request: S3Request, claim: Claim): void {
  const unsigned = Object.keys(request.headers).filter((name) => name.startsWith('x-amz-') && !claim.signedHeaders.includes(name));
  // A presigned PUT may vouch for its body with a hash its signer could not know.
  const forbidden = claim.presigned ? unsigned.filter((name) => name !== 'x-amz-content-sha256' && name !== 'x-amz-date') : unsigned;
  if (!claim.signedHeaders.includes('host') || forbidden.length > 0) {
    throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed.');
  }
}

const isAscii = (text: string): boolean => !/[^\x20-\x7e\n]/.test(text);

const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

function canonicalRequest(request: S3Request, claim: Claim, payloadHash: string): string {
  const query = request.query
    .filter(([name]) => !(claim.presigned && name === 'X-Amz-Signature'))
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = claim.signedHeaders.map((name) => `${name}:${(header(request, name) ?? '').trim().replace(/ +/g, ' ')}\n`).join('');
  const path = request.path.split('/').map(uriEncode).join('/');
  return [request.method, path, query, headers, claim.signedHeaders.join(';'), payloadHash].join('\n');
}
