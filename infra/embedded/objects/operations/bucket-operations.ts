import type { Bucket } from '../storage/catalogue.js';
import { emptyReply, mayBypass, readXml, requireBucket, xmlReply, type Exchange, type Reply } from './exchange.js';
import { parseLifecycle, lifecycleXml } from '../protocol/lifecycle-xml.js';
import { lockConfigurationXml, parseLockConfiguration } from '../rules/object-lock.js';
import { allows } from '../rules/policy.js';
import { checkKey, header, param, wholeNumber } from '../protocol/request.js';
import { S3Error } from '../protocol/s3-error.js';
import { deleteObject } from './versions.js';
import { children, textOf, xml, type XmlNode } from '../protocol/xml.js';

const bucketName = /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*(?:\.\.|\.-|-\.))[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Kept by S3 for itself. */
const reservedName = /^(?:xn--|sthree-|amzn-s3-demo-)|(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const maxDeleted = 1000;
const maxListed = 10_000;

export async function listBuckets({ request, catalogue, credential }: Exchange): Promise<Reply> {
  const prefix = param(request, 'prefix');
  const most = wholeNumber(param(request, 'max-buckets'), maxListed, 'max-buckets', { min: 1, max: maxListed });
  const behind = Buffer.from(param(request, 'continuation-token') ?? '', 'base64url').toString('utf8');
  const found = catalogue
    .buckets()
    .filter(({ name }) => allows(credential, 's3:ListBucket', name) && name.startsWith(prefix ?? '') && name > behind);
  const visible = found.slice(0, most);
  const last = visible.at(-1);
  return xmlReply(
    xml('ListAllMyBucketsResult', [
      xml('Owner', [xml('ID', credential.accessKey), xml('DisplayName', credential.accessKey)]),
      xml(
        'Buckets',
        visible.map(({ name, createdAt }) => xml('Bucket', [xml('Name', name), xml('CreationDate', createdAt)])),
      ),
      prefix === undefined ? undefined : xml('Prefix', prefix),
      last && found.length > visible.length ? xml('ContinuationToken', Buffer.from(last.name).toString('base64url')) : undefined,
    ]),
  );
}

export async function createBucket(exchange: Exchange): Promise<Reply> {
  const { request, catalogue, credential } = exchange;
  if (!bucketName.test(request.bucket) || reservedName.test(request.bucket)) throw new S3Error('InvalidBucketName');
  if (Number(header(request, 'content-length') ?? 0) > 0) await readXml(exchange, 'CreateBucketConfiguration');
  const objectLock = header(request, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true';
  await catalogue.commit(() => {
    if (catalogue.bucket(request.bucket))
      throw new S3Error(allows(credential, 's3:ListBucket', request.bucket) ? 'BucketAlreadyOwnedByYou' : 'BucketAlreadyExists');
    catalogue.putBucket({
      name: request.bucket,
      createdAt: new Date().toISOString(),
      versioning: objectLock ? 'enabled' : 'off',
      objectLock,
    });
  });
  return emptyReply(200, { location: `/${request.bucket}` });
}

export async function headBucket(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  return emptyReply(200, { 'x-amz-bucket-region': 'us-east-1' });
}

export async function removeBucket(exchange: Exchange): Promise<Reply> {
  const { request, catalogue } = exchange;
  await catalogue.commit(() => {
    requireBucket(exchange);
    for (const _any of catalogue.scan(request.bucket, '', { at: '' })) throw new S3Error('BucketNotEmpty');
    const unfinished = [...catalogue.uploads()].filter(({ bucket }) => bucket === request.bucket);
    for (const { uploadId } of unfinished) catalogue.removeUpload(uploadId);
    catalogue.removeBucket(request.bucket);
  });
  return emptyReply(204);
}

export async function getLocation(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  return xmlReply(xml('LocationConstraint', ''));
}

/** Reads, changes and writes a bucket in one transaction. */
async function change(exchange: Exchange, decide: (bucket: Bucket) => Bucket): Promise<void> {
  await exchange.catalogue.commit(() => exchange.catalogue.putBucket(decide(requireBucket(exchange))));
}

export async function getVersioning(exchange: Exchange): Promise<Reply> {
  const { versioning } = requireBucket(exchange);
  const status = { off: undefined, enabled: 'Enabled', suspended: 'Suspended' }[versioning];
  return xmlReply(xml('VersioningConfiguration', [status === undefined ? undefined : xml('Status', status)]));
}

export async function putVersioning(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  const root = await readXml(exchange, 'VersioningConfiguration');
  const status = textOf(root, 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') throw new S3Error('MalformedXML');
  if (textOf(root, 'MfaDelete') === 'Enabled') throw new S3Error('NotImplemented', 'MFA Delete is not implemented.');
  await change(exchange, (bucket) => {
    if (bucket.objectLock && status === 'Suspended') {
      throw new S3Error(
        'InvalidBucketState',
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      );
    }
    return { ...bucket, versioning: status === 'Enabled' ? 'enabled' : 'suspended' };
  });
  return emptyReply(200);
}

export async function getLockConfiguration(exchange: Exchange): Promise<Reply> {
  const bucket = requireBucket(exchange);
  if (!bucket.objectLock) throw new S3Error('ObjectLockConfigurationNotFoundError');
  return xmlReply(lockConfigurationXml(bucket.defaultRetention));
}

export async function putLockConfiguration(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  const rule = parseLockConfiguration(await readXml(exchange, 'ObjectLockConfiguration'));
  await change(exchange, ({ defaultRetention: _replaced, ...bucket }) => {
    if (bucket.versioning !== 'enabled') {
      throw new S3Error('InvalidBucketState', "Versioning must be 'Enabled' on the bucket to apply an Object Lock configuration.");
    }
    return { ...bucket, objectLock: true, ...(rule ? { defaultRetention: rule } : {}) };
  });
  return emptyReply(200);
}

export async function getLifecycle(exchange: Exchange): Promise<Reply> {
  const { lifecycle } = requireBucket(exchange);
  if (lifecycle === undefined) throw new S3Error('NoSuchLifecycleConfiguration');
  return xmlReply(lifecycleXml(lifecycle));
}

export async function putLifecycle(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  const lifecycle = parseLifecycle(await readXml(exchange, 'LifecycleConfiguration'));
  await change(exchange, (bucket) => ({ ...bucket, lifecycle }));
  return emptyReply(200);
}

export async function deleteLifecycle(exchange: Exchange): Promise<Reply> {
  await change(exchange, ({ lifecycle: _removed, ...bucket }) => bucket);
  return emptyReply(204);
}

/** DeleteObjects: each entry is judged and answered by itself. */
export async function removeObjects(exchange: Exchange): Promise<Reply> {
  const { request, catalogue, credential } = exchange;
  requireBucket(exchange);
  const root = await readXml(exchange, 'Delete');
  const objects = children(root, 'Object');
  if (objects.length === 0 || objects.length > maxDeleted) throw new S3Error('MalformedXML');
  const quiet = textOf(root, 'Quiet') === 'true';
  const bypass = mayBypass(exchange);
  const targets = objects.map((object) => ({
    key: textOf(object, 'Key') ?? '',
    versionId: textOf(object, 'VersionId'),
    ifMatch: textOf(object, 'ETag'),
    ifSize: textOf(object, 'Size'),
    ifModifiedAt: textOf(object, 'LastModifiedTime'),
  }));
  // One entry never undoes another: they run one after another in a single transaction, refusals write nothing.
  const answers = await catalogue.commit(() =>
    targets.map((target): XmlNode | undefined => {
      const named = target.versionId ? xml('VersionId', target.versionId) : undefined;
      try {
        if (target.key === '') throw new S3Error('MalformedXML');
        checkKey(target.key);
        if (!allows(credential, target.versionId ? 's3:DeleteObjectVersion' : 's3:DeleteObject', request.bucket))
          throw new S3Error('AccessDenied');
        const { deleteMarker, versionId } = deleteObject(catalogue, requireBucket(exchange), target, bypass);
        if (quiet) return undefined;
        return xml('Deleted', [
          xml('Key', target.key),
          named,
          deleteMarker ? xml('DeleteMarker', true) : undefined,
          deleteMarker && versionId ? xml('DeleteMarkerVersionId', versionId) : undefined,
        ]);
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        return xml('Error', [xml('Key', target.key), named, xml('Code', error.code), xml('Message', error.message)]);
      }
    }),
  );
  return xmlReply(xml('DeleteResult', answers));
}
