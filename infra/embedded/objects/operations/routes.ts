import * as buckets from './bucket-operations.js';
import type { Exchange, Reply } from './exchange.js';
import * as listings from './listing-operations.js';
import * as locks from './lock-operations.js';
import * as multipart from './multipart-operations.js';
import { getObjectAttributes } from './object-attributes.js';
import { headObject, getObject } from './read-operations.js';
import { header, param, type S3Request } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { copyObject, putObject, removeObject } from './write-operations.js';

type Target = 'service' | 'bucket' | 'object';

export interface Route {
  readonly method: string;
  readonly target: Target;
  /** Query parameters that choose the route; all must be there. */
  readonly selectors: readonly string[];
  /** Further query parameters it understands. */
  readonly params: readonly string[];
  /** The S3 action a policy must allow; `Version` is appended when a version is named. */
  readonly action: string;
  readonly run: (exchange: Exchange) => Promise<Reply>;
  readonly copies: boolean;
}

const route = (target: Target, line: string, action: string, run: Route['run'], params = ''): Route => {
  const [method = '', ...selectors] = line.split(' ');
  const copies = selectors.at(-1) === 'copy';
  const names = copies ? selectors.slice(0, -1) : selectors;
  return { method, target, selectors: names, params: params.split(' ').filter(Boolean), action: `s3:${action}`, run, copies };
};
const response =
  'response-content-type response-content-language response-expires response-cache-control response-content-disposition response-content-encoding';
const paging = 'prefix delimiter encoding-type max-keys';

/** All operations. Those with more selectors come first: the first route that fits is taken. */
const routes: readonly Route[] = [
  route('service', 'GET', 'ListAllMyBuckets', buckets.listBuckets, 'max-buckets continuation-token prefix bucket-region'),
  route('bucket', 'PUT versioning', 'PutBucketVersioning', buckets.putVersioning),
  route('bucket', 'PUT object-lock', 'PutBucketObjectLockConfiguration', buckets.putLockConfiguration),
  route('bucket', 'PUT lifecycle', 'PutLifecycleConfiguration', buckets.putLifecycle),
  route('bucket', 'PUT', 'CreateBucket', buckets.createBucket),
  route('bucket', 'DELETE lifecycle', 'PutLifecycleConfiguration', buckets.deleteLifecycle),
  route('bucket', 'DELETE', 'DeleteBucket', buckets.removeBucket),
  route('bucket', 'HEAD', 'ListBucket', buckets.headBucket),
  // Each object of the list is judged by the delete action itself.
  route('bucket', 'POST delete', 'ListBucket', buckets.removeObjects),
  route('bucket', 'GET location', 'GetBucketLocation', buckets.getLocation),
  route('bucket', 'GET versioning', 'GetBucketVersioning', buckets.getVersioning),
  route('bucket', 'GET object-lock', 'GetBucketObjectLockConfiguration', buckets.getLockConfiguration),
  route('bucket', 'GET lifecycle', 'GetLifecycleConfiguration', buckets.getLifecycle),
  route('bucket', 'GET versions', 'ListBucketVersions', listings.listVersions, `${paging} key-marker version-id-marker`),
  route(
    'bucket',
    'GET uploads',
    'ListBucketMultipartUploads',
    multipart.listUploads,
    'prefix delimiter encoding-type key-marker upload-id-marker max-uploads',
  ),
  route('bucket', 'GET list-type', 'ListBucket', listings.listObjectsV2, `${paging} continuation-token start-after fetch-owner`),
  route('bucket', 'GET', 'ListBucket', listings.listObjects, `${paging} marker`),
  route('object', 'POST uploads', 'PutObject', multipart.createUpload),
  route('object', 'POST uploadId', 'PutObject', multipart.completeUpload),
  route('object', 'PUT uploadId partNumber copy', 'PutObject', multipart.uploadPartCopy),
  route('object', 'PUT uploadId partNumber', 'PutObject', multipart.uploadPart),
  route('object', 'DELETE uploadId', 'AbortMultipartUpload', multipart.abortUpload),
  route('object', 'GET uploadId', 'ListMultipartUploadParts', multipart.listParts, 'part-number-marker max-parts encoding-type'),
  route('object', 'GET retention', 'GetObjectRetention', locks.getRetention, 'versionId'),
  route('object', 'PUT retention', 'PutObjectRetention', locks.putRetention, 'versionId'),
  route('object', 'GET legal-hold', 'GetObjectLegalHold', locks.getLegalHold, 'versionId'),
  route('object', 'PUT legal-hold', 'PutObjectLegalHold', locks.putLegalHold, 'versionId'),
  route('object', 'GET tagging', 'GetObjectTagging', locks.getTagging, 'versionId'),
  route('object', 'PUT tagging', 'PutObjectTagging', locks.putTagging, 'versionId'),
  route('object', 'DELETE tagging', 'DeleteObjectTagging', locks.deleteTagging, 'versionId'),
  route('object', 'PUT copy', 'PutObject', copyObject),
  route('object', 'PUT', 'PutObject', putObject),
  route('object', 'GET attributes', 'GetObjectAttributes', getObjectAttributes, 'versionId'),
  route('object', 'GET', 'GetObject', getObject, `versionId partNumber ${response}`),
  route('object', 'HEAD', 'GetObject', headObject, `versionId partNumber ${response}`),
  route('object', 'DELETE', 'DeleteObject', removeObject, 'versionId'),
];

/** Belongs to the signature or to a client's bookkeeping, never to an operation. */
const isNeutral = (name: string): boolean => name.startsWith('X-Amz-') || name === 'x-id';

/**
 * @throws S3Error `NotImplemented` for a query parameter the operation does not know: `PUT /bucket?policy` must not
 * create a bucket; `MethodNotAllowed` when nothing fits
 */
export function findRoute(request: S3Request): Route {
  const target: Target = request.bucket === '' ? 'service' : request.key === '' ? 'bucket' : 'object';
  const copies = header(request, 'x-amz-copy-source') !== undefined;
  const found = routes.find(
    (candidate) =>
      candidate.method === request.method &&
      candidate.target === target &&
      (!candidate.copies || copies) &&
      candidate.selectors.every((name) => param(request, name) !== undefined),
  );
  const unknown = request.query.find(([name]) => !isNeutral(name) && !found?.selectors.includes(name) && !found?.params.includes(name));
  if (unknown) throw new S3Error('NotImplemented', `The query parameter ${unknown[0].slice(0, 40)} is not implemented by this store.`);
  if (found === undefined && target === 'bucket' && request.method === 'POST')
    throw new S3Error('NotImplemented', 'Uploads by a form (POST) are not implemented by this store.');
  if (found === undefined) throw new S3Error('MethodNotAllowed');
  return found;
}

const versioned = new Set([
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:DeleteObject',
  's3:GetObjectTagging',
  's3:PutObjectTagging',
  's3:DeleteObjectTagging',
]);

export function actionOf(found: Route, request: S3Request): string {
  return param(request, 'versionId') && versioned.has(found.action)
    ? found.action.replace(/(Tagging|Attributes)$/, 'Version$1').replace(/Object$/, 'ObjectVersion')
    : found.action;
}
