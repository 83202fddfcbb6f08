import type { Version } from '../storage/catalogue.js';
import { parseTagging, taggingXml } from './attributes.js';
import {
  emptyReply,
  mayBypass,
  readXml,
  requireBucket,
  requireObject,
  versionHeader,
  xmlReply,
  type Exchange,
  type Reply,
} from './exchange.js';
import { parseRetention, retentionRefusal } from '../rules/object-lock.js';
import { S3Error } from '../protocol/s3-error.js';
import { textOf, xml } from '../protocol/xml.js';

function requireLockBucket(exchange: Exchange): void {
  if (!requireBucket(exchange).objectLock) throw new S3Error('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/** Locks are set on objects; a delete marker has none. @throws S3Error `MethodNotAllowed` */
function requireLockable(exchange: Exchange): Version {
  requireLockBucket(exchange);
  return requireObject(exchange);
}

/** Changes one version in a transaction of its own, so that no other change comes between check and write. */
async function change(exchange: Exchange, decide: (version: Version) => Version): Promise<Record<string, string>> {
  const { catalogue, request } = exchange;
  return catalogue.commit(() => {
    const version = requireObject(exchange);
    catalogue.putVersion(request.bucket, request.key, decide(version));
    return versionHeader(requireBucket(exchange), version);
  });
}

export async function getRetention(exchange: Exchange): Promise<Reply> {
  const { retention } = requireLockable(exchange);
  if (retention === undefined) throw new S3Error('NoSuchObjectLockConfiguration');
  return xmlReply(xml('Retention', [xml('Mode', retention.mode), xml('RetainUntilDate', retention.retainUntil)]));
}

export async function putRetention(exchange: Exchange): Promise<Reply> {
  requireLockable(exchange);
  const next = parseRetention(await readXml(exchange, 'Retention'), Date.now());
  const headers = await change(exchange, (version) => {
    const refusal = retentionRefusal(version, next, mayBypass(exchange), Date.now());
    if (refusal !== undefined) throw new S3Error('AccessDenied', refusal);
    const { retention: _replaced, ...rest } = version;
    return next ? { ...rest, retention: next } : rest;
  });
  return emptyReply(200, headers);
}

export async function getLegalHold(exchange: Exchange): Promise<Reply> {
  const { legalHold } = requireLockable(exchange);
  if (legalHold === undefined) throw new S3Error('NoSuchObjectLockConfiguration');
  return xmlReply(xml('LegalHold', [xml('Status', legalHold ? 'ON' : 'OFF')]));
}

export async function putLegalHold(exchange: Exchange): Promise<Reply> {
  requireLockable(exchange);
  const status = textOf(await readXml(exchange, 'LegalHold'), 'Status');
  if (status !== 'ON' && status !== 'OFF') throw new S3Error('MalformedXML');
  return emptyReply(200, await change(exchange, (version) => ({ ...version, legalHold: status === 'ON' })));
}

export async function getTagging(exchange: Exchange): Promise<Reply> {
  const bucket = requireBucket(exchange);
  const version = requireObject(exchange);
  return xmlReply(taggingXml(version.tags), versionHeader(bucket, version));
}

export async function putTagging(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  requireObject(exchange);
  const tags = parseTagging(await readXml(exchange, 'Tagging'));
  return emptyReply(200, await change(exchange, (version) => ({ ...version, tags })));
}

export async function deleteTagging(exchange: Exchange): Promise<Reply> {
  requireBucket(exchange);
  return emptyReply(204, await change(exchange, (version) => ({ ...version, tags: {} })));
}
