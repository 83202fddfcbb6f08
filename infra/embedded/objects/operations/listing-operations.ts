import { requireBucket, xmlReply, type Exchange, type Reply } from './exchange.js';
import { list, type ListedVersion } from '../rules/listing.js';
import { param, wholeNumber, type S3Request } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { xml, type XmlNode } from '../protocol/xml.js';

const maxPage = 1000;

interface Page {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Encodes names when the client asked for `encoding-type=url`. */
  readonly encode: (text: string) => string;
  readonly encoding: XmlNode | undefined;
}

function readPage(request: S3Request): Page {
  const encoding = param(request, 'encoding-type');
  if (encoding !== undefined && encoding !== 'url')
    throw new S3Error('InvalidArgument', 'Invalid encoding method specified in the request.');
  const maxKeys = wholeNumber(param(request, 'max-keys'), maxPage, 'max-keys', { min: 0, max: 2 ** 31 - 1 });
  return {
    prefix: param(request, 'prefix') ?? '',
    delimiter: param(request, 'delimiter') ?? '',
    maxKeys: Math.min(maxKeys, maxPage),
    encode: encoding === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text,
    encoding: encoding === undefined ? undefined : xml('EncodingType', encoding),
  };
}

const content = ({ key, version }: ListedVersion, { encode }: Page, owner: XmlNode | undefined): XmlNode =>
  xml('Contents', [
    xml('Key', encode(key)),
    xml('LastModified', version.modifiedAt),
    xml('ETag', `"${version.etag}"`),
    xml('Size', version.bytes),
    owner,
    xml('StorageClass', 'STANDARD'),
  ]);

const groups = (names: readonly string[], { encode }: Page): XmlNode[] =>
  names.map((name) => xml('CommonPrefixes', [xml('Prefix', encode(name))]));

const ownerOf = ({ credential }: Exchange): XmlNode =>
  xml('Owner', [xml('ID', credential.accessKey), xml('DisplayName', credential.accessKey)]);

export async function listObjects(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  const bucket = requireBucket(exchange);
  const page = readPage(request);
  const marker = param(request, 'marker') ?? '';
  const found = list(catalogue, bucket.name, { ...page, versions: false, ...(marker === '' ? {} : { marker: { key: marker } }) });
  return xmlReply(
    xml('ListBucketResult', [
      xml('Name', bucket.name),
      // In this listing, clients decode the names and the markers but take the prefix as it is.
      xml('Prefix', page.prefix),
      xml('Marker', page.encode(marker)),
      xml('MaxKeys', page.maxKeys),
      page.delimiter === '' ? undefined : xml('Delimiter', page.encode(page.delimiter)),
      page.encoding,
      xml('IsTruncated', found.next !== undefined),
      found.next ? xml('NextMarker', page.encode(found.next.key)) : undefined,
      ...found.entries.map((entry) => content(entry, page, ownerOf(exchange))),
      ...groups(found.commonPrefixes, page),
    ]),
  );
}

/** The token is the last name of the page: a listing continues correctly whatever was stored or deleted in between. */
const tokenOf = (name: string): string => Buffer.from(name).toString('base64url');

export async function listObjectsV2(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  const bucket = requireBucket(exchange);
  const page = readPage(request);
  const token = param(request, 'continuation-token');
  const startAfter = param(request, 'start-after') ?? '';
  if (token === '') throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect.');
  const behind = token === undefined ? startAfter : Buffer.from(token, 'base64url').toString('utf8');
  const found = list(catalogue, bucket.name, { ...page, versions: false, ...(behind === '' ? {} : { marker: { key: behind } }) });
  const owner = param(request, 'fetch-owner') === 'true' ? ownerOf(exchange) : undefined;
  return xmlReply(
    xml('ListBucketResult', [
      xml('Name', bucket.name),
      xml('Prefix', page.encode(page.prefix)),
      xml('MaxKeys', page.maxKeys),
      xml('KeyCount', found.entries.length + found.commonPrefixes.length),
      page.delimiter === '' ? undefined : xml('Delimiter', page.encode(page.delimiter)),
      page.encoding,
      startAfter === '' ? undefined : xml('StartAfter', page.encode(startAfter)),
      token === undefined ? undefined : xml('ContinuationToken', token),
      xml('IsTruncated', found.next !== undefined),
      found.next ? xml('NextContinuationToken', tokenOf(found.next.key)) : undefined,
      ...found.entries.map((entry) => content(entry, page, owner)),
      ...groups(found.commonPrefixes, page),
    ]),
  );
}

export async function listVersions(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  const bucket = requireBucket(exchange);
  const page = readPage(request);
  const key = param(request, 'key-marker') ?? '';
  const versionId = param(request, 'version-id-marker') ?? '';
  if (versionId !== '' && key === '') throw new S3Error('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
  const resumed = versionId === '' ? undefined : catalogue.version(bucket.name, key, versionId);
  // The version a page ended with may be gone by now; its id still says where it stood.
  const sequence = resumed?.sequence ?? (versionId === '' || versionId === 'null' ? undefined : Number.parseInt(versionId, 36));
  if (sequence !== undefined && !Number.isSafeInteger(sequence)) throw new S3Error('InvalidArgument', 'Invalid version id specified.');
  const marker = key === '' ? {} : { marker: { key, ...(sequence === undefined ? {} : { sequence }) } };
  const found = list(catalogue, bucket.name, { ...page, versions: true, ...marker });
  const owner = ownerOf(exchange);
  return xmlReply(
    xml('ListVersionsResult', [
      xml('Name', bucket.name),
      xml('Prefix', page.encode(page.prefix)),
      xml('KeyMarker', page.encode(key)),
      xml('VersionIdMarker', versionId),
      xml('MaxKeys', page.maxKeys),
      page.delimiter === '' ? undefined : xml('Delimiter', page.encode(page.delimiter)),
      page.encoding,
      xml('IsTruncated', found.next !== undefined),
      found.next ? xml('NextKeyMarker', page.encode(found.next.key)) : undefined,
      found.next?.versionId ? xml('NextVersionIdMarker', found.next.versionId) : undefined,
      ...found.entries.map((entry) => versionXml(entry, page, owner)),
      ...groups(found.commonPrefixes, page),
    ]),
  );
}

function versionXml({ key, version, isLatest }: ListedVersion, { encode }: Page, owner: XmlNode): XmlNode {
  const common = [
    xml('Key', encode(key)),
    xml('VersionId', version.versionId),
    xml('IsLatest', isLatest),
    xml('LastModified', version.modifiedAt),
  ];
  if (version.deleteMarker) return xml('DeleteMarker', [...common, owner]);
  return xml('Version', [...common, xml('ETag', `"${version.etag}"`), xml('Size', version.bytes), owner, xml('StorageClass', 'STANDARD')]);
}
