import { readLockHeaders, readMetadata, readTagHeader, refuseUnsupportedHeaders, requireDigestOfLocked } from './attributes.js';
import { openUpload } from '../protocol/body.js';
import { checksumElements, checksumHeaders } from './checksum-answers.js';
import { algorithmOf, type ChecksumAlgorithm } from '../protocol/checksum.js';
import type { ObjectAttributes, Version } from '../storage/catalogue.js';
import { judgeRead, requireWritable } from '../rules/conditions.js';
import { verifyClaims } from '../protocol/digest.js';
import { emptyReply, mayBypass, requireBucket, versionHeader, xmlReply, type Exchange, type Reply } from './exchange.js';
import { requireAllowed } from '../rules/policy.js';
import { blobsOf, readRange, type ByteRange } from './read-operations.js';
import { checkKey, header, param, type S3Request } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { addObject, deleteObject } from './versions.js';
import { xml } from '../protocol/xml.js';

export const writeConditions = (request: S3Request) => ({
  ifMatch: header(request, 'if-match'),
  ifNoneMatch: header(request, 'if-none-match'),
});

export async function putObject(exchange: Exchange): Promise<Reply> {
  const { request, catalogue, blobs } = exchange;
  const bucket = requireBucket(exchange);
  refuseUnsupportedHeaders(request);
  requireDigestOfLocked(request);
  const attributes: ObjectAttributes = {
    ...readMetadata(request),
    tags: readTagHeader(exchange),
    ...readLockHeaders(exchange, bucket, Date.now()),
  };
  const conditions = writeConditions(request);
  const latest = catalogue.latest(bucket.name, request.key);
  // Refuses before the body is sent; the same check inside the commit is the one that counts.
  requireWritable(conditions, latest?.deleteMarker === true ? undefined : latest);
  const upload = openUpload(request, exchange.payload);
  const blob = await blobs.write(upload.chunks, upload, (digests) => verifyClaims(digests, upload.claims()));
  const { md5Hex, checksum } = blob.digests;
  const stored = await blobs.settled(blob.id, () =>
    catalogue.commit(() => {
      const added = addObject(
        catalogue,
        request,
        { attributes, bytes: blob.bytes, etag: md5Hex, blobIds: [blob.id], checksum },
        conditions,
      );
      catalogue.putBlob(blob);
      return added;
    }),
  );
  return emptyReply(200, { etag: `"${md5Hex}"`, ...checksumHeaders(checksum), ...versionHeader(stored.bucket, stored.version) });
}

export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly version: Version;
}

/** What `x-amz-copy-source` names, if the caller may read it and its preconditions hold. */
export function openCopySource({ request, credential, catalogue }: Exchange): CopySource {
  const text = header(request, 'x-amz-copy-source') ?? '';
  const mark = text.indexOf('?versionId=');
  const versionId = mark < 0 ? undefined : text.slice(mark + '?versionId='.length);
  let path: string;
  try {
    path = decodeURIComponent(mark < 0 ? text : text.slice(0, mark)).replace(/^\//, '');
  } catch {
    throw new S3Error('InvalidArgument', 'x-amz-copy-source is not a valid path.');
  }
  const slash = path.indexOf('/');
  const bucket = path.slice(0, Math.max(slash, 0));
  const key = path.slice(slash + 1);
  if (bucket === '' || key === '') throw new S3Error('InvalidArgument', 'x-amz-copy-source must be bucket/key.');
  checkKey(key);
  requireAllowed(credential, versionId ? 's3:GetObjectVersion' : 's3:GetObject', bucket);
  if (catalogue.bucket(bucket) === undefined) throw new S3Error('NoSuchBucket');
  const version = versionId ? catalogue.version(bucket, key, versionId) : catalogue.latest(bucket, key);
  if (version === undefined) throw new S3Error(versionId ? 'NoSuchVersion' : 'NoSuchKey');
  if (version.deleteMarker) throw new S3Error(versionId ? 'InvalidRequest' : 'NoSuchKey');
  const verdict = judgeRead(
    {
      ifMatch: header(request, 'x-amz-copy-source-if-match'),
      ifNoneMatch: header(request, 'x-amz-copy-source-if-none-match'),
      ifModifiedSince: header(request, 'x-amz-copy-source-if-modified-since'),
      ifUnmodifiedSince: header(request, 'x-amz-copy-source-if-unmodified-since'),
    },
    version,
  );
  if (verdict !== 'send') throw new S3Error('PreconditionFailed');
  return { bucket, key, version };
}

/** Copies bytes into a file of their own: every blob belongs to one version, so damage to one does not affect the other. */
export async function copyBytes(exchange: Exchange, source: CopySource, range: ByteRange, checksumAlgorithm?: ChecksumAlgorithm) {
  const release = exchange.blobs.hold(source.version.blobIds);
  try {
    const chunks = readRange(exchange, blobsOf(exchange, source.version), range);
    return await exchange.blobs.write(chunks, { declaredBytes: range.end - range.start + 1, checksumAlgorithm }, () => undefined);
  } finally {
    release();
  }
}

export async function copyObject(exchange: Exchange): Promise<Reply> {
  const { request, catalogue, blobs } = exchange;
  const bucket = requireBucket(exchange);
  refuseUnsupportedHeaders(request);
  const source = openCopySource(exchange);
  const replaces = (name: string): boolean => {
    const directive = header(request, name) ?? 'COPY';
    if (directive !== 'COPY' && directive !== 'REPLACE') throw new S3Error('InvalidArgument', `Unknown ${name}.`);
    return directive === 'REPLACE';
  };
  const replacesMetadata = replaces('x-amz-metadata-directive');
  const replacesTags = replaces('x-amz-tagging-directive');
  const itself =
    source.bucket === request.bucket && source.key === request.key && !header(request, 'x-amz-copy-source')?.includes('?versionId=');
  if (itself && !replacesMetadata && !replacesTags) {
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal because it is trying to copy an object to itself without changing its metadata.',
    );
  }
  const attributes: ObjectAttributes = {
    ...(replacesMetadata ? readMetadata(request) : { headers: source.version.headers, metadata: source.version.metadata }),
    tags: replacesTags ? readTagHeader(exchange) : source.version.tags,
    // A lock never travels with a copy.
    ...readLockHeaders(exchange, bucket, Date.now()),
  };
  const asked = header(request, 'x-amz-checksum-algorithm');
  const algorithm = asked === undefined ? source.version.checksum?.algorithm : algorithmOf(asked);
  const blob = await copyBytes(exchange, source, { start: 0, end: source.version.bytes - 1 }, algorithm);
  const { md5Hex, checksum } = blob.digests;
  const stored = await blobs.settled(blob.id, () =>
    catalogue.commit(() => {
      const content = { bytes: blob.bytes, etag: md5Hex, blobIds: [blob.id], checksum };
      const added = addObject(catalogue, request, { attributes, ...content }, writeConditions(request));
      catalogue.putBlob(blob);
      return added;
    }),
  );
  const { etag, modifiedAt } = stored.version;
  const sourceBucket = catalogue.bucket(source.bucket);
  const sourceHeader =
    sourceBucket && sourceBucket.versioning !== 'off' ? { 'x-amz-copy-source-version-id': source.version.versionId } : {};
  return xmlReply(xml('CopyObjectResult', [xml('LastModified', modifiedAt), xml('ETag', `"${etag}"`), ...checksumElements(checksum)]), {
    ...versionHeader(stored.bucket, stored.version),
    ...sourceHeader,
  });
}

export async function removeObject(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  requireBucket(exchange);
  const target = {
    key: request.key,
    versionId: param(request, 'versionId'),
    ifMatch: header(request, 'if-match'),
    ifSize: header(request, 'x-amz-if-match-size'),
    ifModifiedAt: header(request, 'x-amz-if-match-last-modified-time'),
  };
  const deletion = await catalogue.commit(() => deleteObject(catalogue, requireBucket(exchange), target, mayBypass(exchange)));
  return emptyReply(204, {
    ...(deletion.versionId ? { 'x-amz-version-id': deletion.versionId } : {}),
    ...(deletion.deleteMarker ? { 'x-amz-delete-marker': 'true' } : {}),
  });
}
