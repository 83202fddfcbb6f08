import type { BlobStore } from '../storage/blobs.js';
import { readDocument } from '../protocol/body.js';
import type { Bucket, Catalogue, Version } from '../storage/catalogue.js';
import { allows, type Credential } from '../rules/policy.js';
import { header, param, type S3Request } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import type { PayloadProof } from '../protocol/signature.js';
import { parseXml, xmlDocument, type XmlElement, type XmlNode } from '../protocol/xml.js';

/** What every operation works with: an authenticated, authorised request and the two owners of state. */
export interface Exchange {
  readonly request: S3Request;
  readonly credential: Credential;
  readonly payload: PayloadProof;
  readonly catalogue: Catalogue;
  readonly blobs: BlobStore;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is; bytes are streamed and carry their own Content-Length. `release` runs however the answer ends. */
  readonly body?: string | { readonly chunks: AsyncIterable<Buffer>; readonly release: () => void };
}

export const xmlReply = (root: XmlNode, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body: xmlDocument(root),
});
export const emptyReply = (status: 200 | 204, headers: Readonly<Record<string, string>> = {}): Reply => ({ status, headers });

/** @throws S3Error `NoSuchBucket` */
export function requireBucket({ catalogue, request }: Exchange): Bucket {
  const bucket = catalogue.bucket(request.bucket);
  if (bucket === undefined) throw new S3Error('NoSuchBucket');
  return bucket;
}

/** The version the request names, or the newest; delete markers too. @throws S3Error NoSuchKey, NoSuchVersion */
export function requireVersion({ catalogue, request }: Exchange): Version {
  const versionId = param(request, 'versionId');
  const found = versionId ? catalogue.version(request.bucket, request.key, versionId) : catalogue.latest(request.bucket, request.key);
  if (found === undefined) throw new S3Error(versionId ? 'NoSuchVersion' : 'NoSuchKey');
  return found;
}

/** As `requireVersion`, but a delete marker is not an object: 404 for the newest, 405 when it is named. */
export function requireObject(exchange: Exchange): Version {
  const version = requireVersion(exchange);
  if (!version.deleteMarker) return version;
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
  throw new S3Error(param(exchange.request, 'versionId') ? 'MethodNotAllowed' : 'NoSuchKey', undefined, headers);
}

/** The governance bypass needs both the request header and the permission. */
export const mayBypass = ({ request, credential }: Exchange): boolean =>
  header(request, 'x-amz-bypass-governance-retention')?.toLowerCase() === 'true' &&
  allows(credential, 's3:BypassGovernanceRetention', request.bucket);

export async function readXml(exchange: Exchange, rootName: string): Promise<XmlElement> {
  return parseXml(await readDocument(exchange.request, exchange.payload), rootName);
}

export const versionHeader = (bucket: Bucket, version: Version): Record<string, string> =>
  bucket.versioning === 'off' ? {} : { 'x-amz-version-id': version.versionId };
