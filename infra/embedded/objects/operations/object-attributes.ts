import { checksumElements } from './checksum-answers.js';
import { requireBucket, requireObject, versionHeader, xmlReply, type Exchange, type Reply } from './exchange.js';
import { blobsOf } from './read-operations.js';
import { header, wholeNumber } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { xml, type XmlNode } from '../protocol/xml.js';

const known = ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'] as const;
const maxParts = 1_000;

/** GetObjectAttributes: the answer has the attributes that `x-amz-object-attributes` names and the object has. */
export async function getObjectAttributes(exchange: Exchange): Promise<Reply> {
  const { request } = exchange;
  const bucket = requireBucket(exchange);
  const version = requireObject(exchange);
  const asked = (header(request, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim());
  if (asked.some((name) => !(known as readonly string[]).includes(name)))
    throw new S3Error('InvalidArgument', `x-amz-object-attributes names any of ${known.join(', ')}.`);
  const checksum = checksumElements(version.checksum);
  const isMultipart = version.etag.includes('-');
  const elements: Readonly<Record<(typeof known)[number], XmlNode | undefined>> = {
    ETag: xml('ETag', version.etag),
    Checksum: checksum.length === 0 ? undefined : xml('Checksum', checksum),
    ObjectParts: isMultipart && asked.includes('ObjectParts') ? partsElement(exchange) : undefined,
    StorageClass: xml('StorageClass', 'STANDARD'),
    ObjectSize: xml('ObjectSize', version.bytes),
  };
  return xmlReply(
    xml(
      'GetObjectAttributesResponse',
      known.map((name) => (asked.includes(name) ? elements[name] : undefined)),
    ),
    { 'last-modified': new Date(version.modifiedAt).toUTCString(), ...versionHeader(bucket, version) },
  );
}

/** The parts by number and size; their checksums are not kept once the object is put together. */
function partsElement(exchange: Exchange): XmlNode {
  const { request } = exchange;
  const behind = wholeNumber(header(request, 'x-amz-part-number-marker'), 0, 'x-amz-part-number-marker', { min: 0, max: 10_000 });
  const most = Math.min(
    wholeNumber(header(request, 'x-amz-max-parts'), maxParts, 'x-amz-max-parts', { min: 0, max: 2 ** 31 - 1 }),
    maxParts,
  );
  const all = blobsOf(exchange, requireObject(exchange)).map(({ bytes }, index) => ({ number: index + 1, bytes }));
  const shown = all.slice(behind, behind + most);
  return xml('ObjectParts', [
    xml('PartsCount', all.length),
    xml('PartNumberMarker', behind),
    xml('NextPartNumberMarker', shown.at(-1)?.number ?? behind),
    xml('MaxParts', most),
    xml('IsTruncated', behind + shown.length < all.length),
    ...shown.map(({ number, bytes }) => xml('Part', [xml('PartNumber', number), xml('Size', bytes)])),
  ]);
}
