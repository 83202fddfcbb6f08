// RFC 9110 section 13 as S3 applies it. Pure.
import { S3Error } from './s3-error.js';

export interface Conditions {
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
  readonly ifModifiedSince?: string | undefined;
  readonly ifUnmodifiedSince?: string | undefined;
}
export interface Subject {
  readonly etag: string;
  readonly modifiedAt: string;
}

const lists = (header: string, etag: string): boolean =>
  header.split(',').some((item) => item.trim() === '*' || item.trim().replace(/^(W\/)?"?|"$/g, '') === etag);
/** HTTP dates have whole seconds. */
const secondsOf = (date: string): number => Math.floor(Date.parse(date) / 1000);

/** @returns whether the object may be sent, has not changed (304), or a precondition failed (412) */
export function judgeRead(conditions: Conditions, { etag, modifiedAt }: Subject): 'send' | 'not-modified' | 'failed' {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  if (ifMatch !== undefined) {
    if (!lists(ifMatch, etag)) return 'failed';
  } else if (ifUnmodifiedSince !== undefined && secondsOf(modifiedAt) > secondsOf(ifUnmodifiedSince)) return 'failed';
  if (ifNoneMatch !== undefined) return lists(ifNoneMatch, etag) ? 'not-modified' : 'send';
  return ifModifiedSince !== undefined && secondsOf(modifiedAt) <= secondsOf(ifModifiedSince) ? 'not-modified' : 'send';
}

/** For writes and deletes; `current` is undefined when there is no object. @throws S3Error `PreconditionFailed`, `NoSuchKey` */
export function requireWritable(conditions: Pick<Conditions, 'ifMatch' | 'ifNoneMatch'>, current: Subject | undefined): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*')
    throw new S3Error('NotImplemented', 'If-None-Match on writes takes only "*".');
  if (ifNoneMatch !== undefined && current !== undefined) throw new S3Error('PreconditionFailed');
  if (ifMatch !== undefined && current === undefined) throw new S3Error('NoSuchKey');
  if (ifMatch !== undefined && current !== undefined && !lists(ifMatch, current.etag)) throw new S3Error('PreconditionFailed');
}
