import type { mongo } from 'mongoose';
import type { Edited } from '../../contracts/edited.js';
import { CallCentreError, failureOf } from '../../domain/failure.js';
import type { RequestHead } from '../http/route.js';

const DUPLICATE_KEY = 11_000;

type EditedCollection = mongo.Collection<{ _id: string; [field: string]: unknown }>;

const changedMeanwhile = (now: Edited | undefined, cause?: unknown): CallCentreError =>
  new CallCentreError('changed-meanwhile', 'Somebody has changed this in the meantime; nothing was saved. Load it again.', {
    cause,
    ...(now?.changedBy === undefined ? {} : { details: { changedBy: now.changedBy } }),
  });

/**
 * Refuses a write that the client did not intend. `If-None-Match: *` (RFC 9110, section 13.1.2) creates and never replaces; a `revision`
 * changes only the version that the client has read.
 */
export function refuseUnmeant(request: Pick<RequestHead, 'get'>, revision: number | undefined, now: Edited | undefined): void {
  if (now !== undefined && request.get('if-none-match') === '*')
    throw new CallCentreError('not-new', 'This name is already in use; nothing was changed.');
  if (revision !== undefined && (now === undefined || revision !== (now.revision ?? 0))) throw changedMeanwhile(now);
}

/** Creates the document, unless somebody else has created it first. */
export async function addNew(collection: EditedCollection, document: { readonly _id: string }): Promise<void> {
  await collection.insertOne({ ...document }).catch((error: unknown) => {
    throw error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY ? changedMeanwhile(undefined, error) : error;
  });
}

/** Replaces the version that was read, but no later one. Returns the document as it is afterwards. */
export async function writeOver<T extends object>(
  collection: EditedCollection,
  id: string,
  document: T,
  read: Edited | undefined,
  by: string,
): Promise<T & Edited> {
  const revision = read?.revision ?? 0;
  const next = { ...document, revision: revision + 1, changedBy: by };
  if (read === undefined) {
    await addNew(collection, { _id: id, ...next });
    return next;
  }
  // Documents from before changes were counted have no revision.
  const asRead = { _id: id, revision: revision === 0 ? { $in: [0, null] } : revision };
  const { matchedCount } = await collection.replaceOne(asRead, next);
  if (matchedCount === 0) {
    const now = await collection.findOne({ _id: id }, { projection: { changedBy: 1 } });
    throw changedMeanwhile(typeof now?.['changedBy'] === 'string' ? { changedBy: now['changedBy'] } : undefined);
  }
  return next;
}

/** For a write that several processes make at their start: one of them is enough. */
export async function unlessChangedMeanwhile(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (failureOf(error) !== 'changed-meanwhile') throw error;
  });
}
