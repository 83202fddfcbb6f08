// RFC 9110 section 13 as S3 applies it. Pure.
import { S3Error } from '../protocol/s3-error.js';

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

/** The conditions that a delete may set for the object it is to remove. */
export interface DeleteConditions {
  readonly ifMatch?: string | undefined;
  /** Bytes, as text. */
  readonly ifSize?: string | undefined;
  /** An HTTP date or, in the body of DeleteObjects, ISO 8601. */
  readonly ifModifiedAt?: string | undefined;
}

/**
 * Conditions on size and time pass when there is no object: S3 then answers as to any delete of nothing.
 * @throws S3Error `PreconditionFailed`, `NoSuchKey`, `InvalidArgument`
 */
export function requireDeletable(
  { ifMatch, ifSize, ifModifiedAt }: DeleteConditions,
  current: (Subject & { readonly bytes: number }) | undefined,
): void {
  requireWritable({ ifMatch }, current);
  if (ifSize !== undefined && !/^\d{1,16}$/.test(ifSize))
    throw new S3Error('InvalidArgument', 'x-amz-if-match-size must be a whole number.');
  if (ifModifiedAt !== undefined && Number.isNaN(Date.parse(ifModifiedAt)))
    throw new S3Error('InvalidArgument', 'x-amz-if-match-last-modified-time must be a date.');
  if (current === undefined) return;
  if (ifSize !== undefined && Number(ifSize) !== current.bytes) throw new S3Error('PreconditionFailed');
  if (ifModifiedAt !== undefined && secondsOf(ifModifiedAt) !== secondsOf(current.modifiedAt)) throw new S3Error('PreconditionFailed');
}

/** For writes and deletes; `current` is undefined when there is no object. @throws S3Error `PreconditionFailed`, `NoSuchKey` */
export function requireWritable(conditions: Pick<Conditions, 'ifMatch' | 'ifNoneMatch'>, current: Subject | undefined): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined && current !== undefined && lists(ifNoneMatch, current.etag)) throw new S3Error('PreconditionFailed');
  if (ifMatch !== undefined && current === undefined) throw new S3Error('NoSuchKey');
  if (ifMatch !== undefined && current !== undefined && !lists(ifMatch, current.etag)) throw new S3Error('PreconditionFailed');
}
