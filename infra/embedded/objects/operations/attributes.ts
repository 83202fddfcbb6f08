import type { Bucket, ObjectAttributes } from '../storage/catalogue.js';
import { checksumAlgorithms } from '../protocol/checksum.js';
import type { Exchange } from './exchange.js';
import { applyDefault, retentionOf } from '../rules/object-lock.js';
import { requireAllowed } from '../rules/policy.js';
import { header, type S3Request } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { children, textOf, xml, type XmlElement, type XmlNode } from '../protocol/xml.js';

const keptHeaders = ['content-type', 'cache-control', 'content-disposition', 'content-encoding', 'content-language', 'expires'];
const maxMetadataBytes = 2048;
/** Headers that are refused: accepting them without effect would be a silent loss. */
const refusedHeaders = [
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-website-redirect-location',
  'x-amz-grant-read',
  'x-amz-grant-write',
  'x-amz-grant-full-control',
  'x-amz-grant-read-acp',
  'x-amz-grant-write-acp',
  'x-amz-expected-bucket-owner',
  'x-amz-write-offset-bytes',
];

export function refuseUnsupportedHeaders(request: S3Request): void {
  const found = refusedHeaders.find((name) => header(request, name) !== undefined);
  if (found !== undefined) throw new S3Error('NotImplemented', `The header ${found} is not implemented by this store.`);
  if ((header(request, 'x-amz-acl') ?? 'private') !== 'private')
    throw new S3Error('NotImplemented', 'Only the private ACL is implemented.');
  if ((header(request, 'x-amz-storage-class') ?? 'STANDARD') !== 'STANDARD') throw new S3Error('InvalidStorageClass');
}

/** The content encodings without the one of the transfer (`aws-chunked`). */
const withoutTransfer = (value: string | undefined): string | undefined =>
  value
    ?.split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'aws-chunked')
    .join(',');

/** Content headers and user metadata of a new object. @throws S3Error `MetadataTooLarge` */
export function readMetadata(request: S3Request): Pick<ObjectAttributes, 'headers' | 'metadata'> {
  const headers: Record<string, string> = {};
  for (const name of keptHeaders) {
    const value = header(request, name);
    // `aws-chunked` describes the transfer and is not part of the object.
    const kept = name === 'content-encoding' ? withoutTransfer(value) : value;
    if (kept) headers[name] = kept;
  }
  const metadata: Record<string, string> = {};
  let bytes = 0;
  for (const name of Object.keys(request.headers).filter((known) => known.startsWith('x-amz-meta-'))) {
    const value = header(request, name) ?? '';
    metadata[name.slice('x-amz-meta-'.length)] = value;
    bytes += name.length - 'x-amz-meta-'.length + Buffer.byteLength(value);
  }
  if (bytes > maxMetadataBytes) throw new S3Error('MetadataTooLarge');
  return { headers, metadata };
}

/** The lock that the headers ask for. @throws S3Error AccessDenied, InvalidRequest, InvalidArgument */
export function readLockHeaders(
  { request, credential }: Exchange,
  bucket: Bucket,
  nowMs: number,
): Pick<ObjectAttributes, 'retention' | 'legalHold'> {
  const mode = header(request, 'x-amz-object-lock-mode');
  const until = header(request, 'x-amz-object-lock-retain-until-date');
  const hold = header(request, 'x-amz-object-lock-legal-hold');
  if (mode === undefined && until === undefined && hold === undefined) return {};
  if (!bucket.objectLock) throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
  if ((mode === undefined) !== (until === undefined)) {
    throw new S3Error('InvalidArgument', 'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied');
  }
  if (mode !== undefined && mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw new S3Error('InvalidArgument', 'Unknown WORM mode.');
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF')
    throw new S3Error('InvalidArgument', 'Legal hold must be either of ON or OFF.');
  if (mode !== undefined) requireAllowed(credential, 's3:PutObjectRetention', request.bucket);
  if (hold !== undefined) requireAllowed(credential, 's3:PutObjectLegalHold', request.bucket);
  return {
    ...(mode !== undefined && until !== undefined ? { retention: retentionOf(mode, until, nowMs) } : {}),
    ...(hold === 'ON' ? { legalHold: true } : {}),
  };
}

const lockHeaders = ['x-amz-object-lock-mode', 'x-amz-object-lock-retain-until-date', 'x-amz-object-lock-legal-hold'];
const digestHeaders = ['content-md5', 'x-amz-trailer', ...checksumAlgorithms.map((algorithm) => `x-amz-checksum-${algorithm}`)];

/**
 * An upload that is locked on arrival needs a digest header of its own: S3 does not accept the hash in the signature for it. @throws
 * S3Error `InvalidRequest`
 */
export function requireDigestOfLocked(request: S3Request): void {
  const has = (name: string): boolean => header(request, name) !== undefined;
  if (!lockHeaders.some(has) || digestHeaders.some(has)) return;
  throw new S3Error(
    'InvalidRequest',
    'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
  );
}

/** Adds the bucket's default retention, counted from the creation of the version, where none was asked for. */
export function withDefaultRetention<A extends ObjectAttributes>(attributes: A, bucket: Bucket, nowMs: number): A {
  const retention = attributes.retention ?? (bucket.objectLock ? applyDefault(bucket.defaultRetention, nowMs) : undefined);
  return retention ? { ...attributes, retention } : attributes;
}

/** @throws S3Error `InvalidTag` */
export function readTagHeader({ request, credential }: Exchange): Record<string, string> {
  const text = header(request, 'x-amz-tagging');
  if (!text) return {};
  requireAllowed(credential, 's3:PutObjectTagging', request.bucket);
  return checkTags([...new URLSearchParams(text)]);
}

export const parseTagging = (root: XmlElement): Record<string, string> =>
  checkTags(
    children(root, 'TagSet')
      .flatMap((set) => children(set, 'Tag'))
      .map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']),
  );

function checkTags(tags: readonly (readonly [string, string])[]): Record<string, string> {
  const names = new Set(tags.map(([name]) => name));
  if (
    tags.length > 10 ||
    names.size !== tags.length ||
    tags.some(([name, value]) => name === '' || name.length > 128 || value.length > 256)
  ) {
    throw new S3Error('InvalidTag', 'At most 10 different tags, with names of 1 to 128 and values of up to 256 characters.');
  }
  return Object.fromEntries(tags);
}

export const taggingXml = (tags: Readonly<Record<string, string>>): XmlNode =>
  xml('Tagging', [
    xml(
      'TagSet',
      Object.entries(tags).map(([name, value]) => xml('Tag', [xml('Key', name), xml('Value', value)])),
    ),
  ]);
