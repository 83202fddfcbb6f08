import { createHash, randomBytes } from 'node:crypto';
import { readLockHeaders, readMetadata, readTagHeader, refuseUnsupportedHeaders } from './attributes.js';
import { openUpload } from '../protocol/body.js';
import type { Bucket, MultipartUpload, Part, Version } from '../storage/catalogue.js';
import { checksumElements, partChecksum } from './checksum-answers.js';
import { algorithmOf, assembledChecksum, checksumTypeOf, typeOf, type Checksum } from '../protocol/checksum.js';
import { verifyClaims } from '../protocol/digest.js';
import { emptyReply, readXml, requireBucket, versionHeader, xmlReply, type Exchange, type Reply } from './exchange.js';
import { header, param, wholeNumber, type S3Request } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { addObject } from './versions.js';
import { children, textOf, xml, type XmlElement } from '../protocol/xml.js';
import { copyBytes, openCopySource, writeConditions } from './write-operations.js';

const minPartBytes = 5 * 1024 ** 2;
const maxParts = 10_000;
const maxAssembledBytes = 5 * 1024 ** 4;
/** How many versions are searched for an upload that was finished before. */
const maxLookedBack = 1_000;

function requireUpload({ request, catalogue }: Exchange): MultipartUpload {
  const upload = catalogue.upload(param(request, 'uploadId') ?? '');
  if (upload === undefined || upload.bucket !== request.bucket || upload.key !== request.key) throw new S3Error('NoSuchUpload');
  return upload;
}

export async function createUpload(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  const bucket = requireBucket(exchange);
  refuseUnsupportedHeaders(request);
  const named = header(request, 'x-amz-checksum-algorithm');
  const algorithm = named === undefined ? undefined : algorithmOf(named);
  const type = algorithm && checksumTypeOf(algorithm, header(request, 'x-amz-checksum-type'));
  const upload: MultipartUpload = {
    uploadId: randomBytes(16).toString('hex'),
    bucket: bucket.name,
    key: request.key,
    startedAt: new Date().toISOString(),
    ...readMetadata(request),
    tags: readTagHeader(exchange),
    ...readLockHeaders(exchange, bucket, Date.now()),
    ...(algorithm && type ? { checksum: { algorithm, type } } : {}),
  };
  await catalogue.commit(() => {
    requireBucket(exchange);
    catalogue.putUpload(upload);
  });
  return xmlReply(
    xml('InitiateMultipartUploadResult', [xml('Bucket', bucket.name), xml('Key', request.key), xml('UploadId', upload.uploadId)]),
    algorithm && type ? { 'x-amz-checksum-algorithm': algorithm.toUpperCase(), 'x-amz-checksum-type': type } : {},
  );
}

const partNumberOf = (exchange: Exchange): number => {
  const number = wholeNumber(param(exchange.request, 'partNumber'), 0, 'partNumber', { min: 1, max: maxParts });
  if (number === 0) throw new S3Error('InvalidArgument', 'partNumber is missing.');
  return number;
};

export async function uploadPart(exchange: Exchange): Promise<Reply> {
  const { request, blobs } = exchange;
  const { checksum } = requireUpload(exchange);
  const number = partNumberOf(exchange);
  const upload = openUpload(request, exchange.payload, checksum?.algorithm);
  const blob = await blobs.write(upload.chunks, upload, (digests) => verifyClaims(digests, upload.claims()));
  const part = await storePart(exchange, number, blob);
  const shown = part.checksum && { [`x-amz-checksum-${part.checksum.algorithm}`]: part.checksum.value };
  return emptyReply(200, { etag: `"${part.etag}"`, ...shown });
}

export async function uploadPartCopy(exchange: Exchange): Promise<Reply> {
  const { request } = exchange;
  const { checksum } = requireUpload(exchange);
  const number = partNumberOf(exchange);
  const source = openCopySource(exchange);
  const rangeText = header(request, 'x-amz-copy-source-range');
  const match = /^bytes=(\d+)-(\d+)$/.exec(rangeText ?? '');
  const range = match ? { start: Number(match[1]), end: Number(match[2]) } : { start: 0, end: source.version.bytes - 1 };
  if (rangeText !== undefined && (match === null || range.start > range.end || range.end >= source.version.bytes)) {
    throw new S3Error(match === null ? 'InvalidArgument' : 'InvalidRange', 'The x-amz-copy-source-range value must lie within the source.');
  }
  const part = await storePart(exchange, number, await copyBytes(exchange, source, range, checksum?.algorithm));
  return xmlReply(xml('CopyPartResult', [xml('LastModified', part.storedAt), xml('ETag', `"${part.etag}"`), partChecksum(part.checksum)]));
}

async function storePart(exchange: Exchange, number: number, blob: Awaited<ReturnType<typeof copyBytes>>): Promise<Part> {
  const { catalogue, blobs } = exchange;
  const { md5Hex, checksum } = blob.digests;
  const part: Part = {
    number,
    blobId: blob.id,
    bytes: blob.bytes,
    etag: md5Hex,
    storedAt: new Date().toISOString(),
    ...(checksum ? { checksum } : {}),
  };
  await blobs.settled(blob.id, () =>
    catalogue.commit(() => {
      // The upload may have been finished or aborted while the bytes came in.
      catalogue.putPart(requireUpload(exchange).uploadId, part);
      catalogue.putBlob(blob);
    }),
  );
  return part;
}

/** The parts a client names, in order, each as it is stored. @throws S3Error InvalidPart, InvalidPartOrder, EntityTooSmall */
export function chooseParts(listed: readonly XmlElement[], stored: (number: number) => Part | undefined): Part[] {
  if (listed.length === 0 || listed.length > maxParts) throw new S3Error('MalformedXML');
  let previous = 0;
  const parts = listed.map((element) => {
    const number = Number(textOf(element, 'PartNumber'));
    if (!Number.isInteger(number) || number < 1) throw new S3Error('MalformedXML');
    if (number <= previous) throw new S3Error('InvalidPartOrder');
    previous = number;
    const part = stored(number);
    if (part === undefined || part.etag !== textOf(element, 'ETag')?.trim().replace(/^"|"$/g, '')) throw new S3Error('InvalidPart');
    const claimed = part.checksum && textOf(element, `Checksum${part.checksum.algorithm.toUpperCase()}`);
    if (claimed !== undefined && claimed !== part.checksum?.value) throw new S3Error('InvalidPart');
    return part;
  });
  if (parts.slice(0, -1).some(({ bytes }) => bytes < minPartBytes)) throw new S3Error('EntityTooSmall');
  if (parts.reduce((sum, { bytes }) => sum + bytes, 0) > maxAssembledBytes) throw new S3Error('EntityTooLarge');
  return parts;
}

/** S3's entity tag of a multipart object: the MD5 of the parts' MD5s, and their number. */
export const multipartEtag = (parts: readonly { readonly etag: string }[]): string =>
  `${createHash('md5')
    .update(Buffer.from(parts.map(({ etag }) => etag).join(''), 'hex'))
    .digest('hex')}-${parts.length}`;

export async function completeUpload(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  if (finishedBefore(exchange) === undefined) requireUpload(exchange);
  const listed = children(await readXml(exchange, 'CompleteMultipartUpload'), 'Part');
  const { bucket, version } = await catalogue.commit(() => {
    const before = finishedBefore(exchange);
    if (before !== undefined) return againFinished(exchange, before, listed);
    const { uploadId, headers, metadata, tags, retention, legalHold, checksum: wanted } = requireUpload(exchange);
    const parts = chooseParts(listed, (number) => catalogue.part(uploadId, number));
    const attributes = { headers, metadata, tags, ...(retention ? { retention } : {}), ...(legalHold ? { legalHold } : {}) };
    const blobIds = parts.map(({ blobId }) => blobId);
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const algorithm = wanted?.algorithm ?? parts[0]?.checksum?.algorithm;
    const checksum = algorithm && assembledChecksum(parts, algorithm, wanted?.type ?? checksumTypeOf(algorithm, undefined));
    requireClaimed(request, bytes, checksum);
    const content = { bytes, etag: multipartEtag(parts), blobIds, checksum, uploadId };
    const added = addObject(catalogue, request, { attributes, ...content }, writeConditions(request));
    catalogue.removeUpload(uploadId, new Set(blobIds));
    return added;
  });
  const location = `/${request.bucket}/${request.key.split('/').map(encodeURIComponent).join('/')}`;
  return xmlReply(
    xml('CompleteMultipartUploadResult', [
      xml('Location', location),
      xml('Bucket', request.bucket),
      xml('Key', request.key),
      xml('ETag', `"${version.etag}"`),
      ...checksumElements(version.checksum),
    ]),
    versionHeader(bucket, version),
  );
}

/** The version that this upload became, once the upload itself is gone. */
function finishedBefore({ request, catalogue }: Exchange): Version | undefined {
  const uploadId = param(request, 'uploadId') ?? '';
  if (catalogue.upload(uploadId) !== undefined) return undefined;
  let looked = 0;
  for (const version of catalogue.versionsOf(request.bucket, request.key)) {
    if (version.uploadId === uploadId) return version;
    looked += 1;
    if (looked >= maxLookedBack) return undefined;
  }
  return undefined;
}

/**
 * A client that lost the answer and asks again gets the same one. @throws S3Error `NoSuchUpload` for other parts than those it was made of
 */
function againFinished(exchange: Exchange, version: Version, listed: readonly XmlElement[]): { bucket: Bucket; version: Version } {
  const etags = listed.map((part) => ({ etag: textOf(part, 'ETag')?.trim().replace(/^"|"$/g, '') ?? '' }));
  if (multipartEtag(etags) !== version.etag) throw new S3Error('NoSuchUpload');
  return { bucket: requireBucket(exchange), version };
}

/** Checks what the client claims about the whole object. @throws S3Error `InvalidRequest`, `BadDigest` */
function requireClaimed(request: S3Request, bytes: number, checksum: Checksum | undefined): void {
  const size = header(request, 'x-amz-mp-object-size');
  if (size !== undefined && Number(size) !== bytes)
    throw new S3Error('InvalidRequest', 'The x-amz-mp-object-size value does not match the size of the parts.');
  const type = header(request, 'x-amz-checksum-type');
  if (type !== undefined && checksum !== undefined && type.toUpperCase() !== typeOf(checksum))
    throw new S3Error('InvalidRequest', 'The checksum type does not match that of the upload.');
  const claimed = checksum && header(request, `x-amz-checksum-${checksum.algorithm}`);
  // A client may leave the number of parts off the composite value.
  if (claimed !== undefined && claimed !== checksum?.value && claimed !== checksum?.value.replace(/-\d+$/, ''))
    throw new S3Error('BadDigest');
}

export async function abortUpload(exchange: Exchange): Promise<Reply> {
  await exchange.catalogue.commit(() => exchange.catalogue.removeUpload(requireUpload(exchange).uploadId));
  return emptyReply(204);
}

export async function listParts(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  const { uploadId } = requireUpload(exchange);
  const marker = wholeNumber(param(request, 'part-number-marker'), 0, 'part-number-marker', { min: 0, max: maxParts });
  const maxShown = Math.min(wholeNumber(param(request, 'max-parts'), 1000, 'max-parts', { min: 0, max: 2 ** 31 - 1 }), 1000);
  const found = [...catalogue.parts(uploadId, marker)];
  const shown = found.slice(0, maxShown);
  return xmlReply(
    xml('ListPartsResult', [
      xml('Bucket', request.bucket),
      xml('Key', request.key),
      xml('UploadId', uploadId),
      xml('StorageClass', 'STANDARD'),
      xml('PartNumberMarker', marker),
      xml('NextPartNumberMarker', shown.at(-1)?.number ?? marker),
      xml('MaxParts', maxShown),
      xml('IsTruncated', found.length > shown.length),
      ...shown.map(({ number, storedAt, etag, bytes, checksum }) =>
        xml('Part', [
          xml('PartNumber', number),
          xml('LastModified', storedAt),
          xml('ETag', `"${etag}"`),
          xml('Size', bytes),
          partChecksum(checksum),
        ]),
      ),
    ]),
  );
}

/** Uploads in progress are few, so they are sorted in memory. */
export async function listUploads(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  const bucket = requireBucket(exchange);
  const prefix = param(request, 'prefix') ?? '';
  const delimiter = param(request, 'delimiter') ?? '';
  const keyMarker = param(request, 'key-marker') ?? '';
  const idMarker = param(request, 'upload-id-marker') ?? '';
  const maxShown = Math.min(wholeNumber(param(request, 'max-uploads'), 1000, 'max-uploads', { min: 0, max: 2 ** 31 - 1 }), 1000);
  const order = (a: MultipartUpload, b: MultipartUpload): number =>
    Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) ||
    (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : a.uploadId < b.uploadId ? -1 : 1);
  const sorted = [...catalogue.uploads()].filter((upload) => upload.bucket === bucket.name && upload.key.startsWith(prefix)).sort(order);
  const resumeAt = idMarker === '' ? -1 : sorted.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === idMarker);
  const open = sorted.filter(({ key }, index) =>
    resumeAt >= 0 ? index > resumeAt : keyMarker === '' || Buffer.compare(Buffer.from(key), Buffer.from(keyMarker)) > 0,
  );
  const groupOf = (key: string): string | undefined => {
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return at < 0 ? undefined : key.slice(0, at + delimiter.length);
  };
  const groups = [...new Set(open.map(({ key }) => groupOf(key)).filter((group) => group !== undefined))];
  const shown = open.filter(({ key }) => groupOf(key) === undefined).slice(0, maxShown);
  const truncated = open.filter(({ key }) => groupOf(key) === undefined).length > shown.length;
  const last = shown.at(-1);
  return xmlReply(
    xml('ListMultipartUploadsResult', [
      xml('Bucket', bucket.name),
      xml('KeyMarker', keyMarker),
      xml('UploadIdMarker', idMarker),
      truncated && last ? xml('NextKeyMarker', last.key) : undefined,
      truncated && last ? xml('NextUploadIdMarker', last.uploadId) : undefined,
      xml('Prefix', prefix),
      xml('MaxUploads', maxShown),
      xml('IsTruncated', truncated),
      ...shown.map(({ key, uploadId, startedAt }) =>
        xml('Upload', [xml('Key', key), xml('UploadId', uploadId), xml('StorageClass', 'STANDARD'), xml('Initiated', startedAt)]),
      ),
      ...groups.map((group) => xml('CommonPrefixes', [xml('Prefix', group)])),
    ]),
  );
}
