import { mongo as driver } from 'mongoose';
import { together } from './together.js';

/** A change of one document, or of all that match the filter. Undefined fields are ignored. */
export interface DocumentUpdate {
  readonly filter: object;
  readonly update: object;
  readonly upsert?: boolean;
  readonly many?: boolean;
}

/** The `collection` of a model. */
type Documents = Pick<driver.Collection, 'updateOne' | 'bulkWrite' | 'find'>;

/**
 * Sends the updates of one collection that are made in the same turn as one command (see `together`). Updates of one caller run in their
 * order. A caller gets the store's error when one of its own updates failed, as it would without this. A failure of the whole command
 * reaches every caller.
 */
export function createUpdates(documents: Documents): (...updates: readonly DocumentUpdate[]) => Promise<void> {
  const write = together(async (callers: readonly (readonly DocumentUpdate[])[]): Promise<readonly (Error | undefined)[]> => {
    const updates = callers.flat();
    const errors = await errorsOf(documents, updates);
    let next = 0;
    return callers.map(({ length }) => errors.slice(next, (next += length)).find((error) => error !== undefined));
  });
  return async (...updates) => {
    const error = await write(updates);
    if (error !== undefined) throw error;
  };
}

/** The error of each update, in order; undefined for an update that succeeded. */
async function errorsOf(documents: Documents, updates: readonly DocumentUpdate[]): Promise<readonly (Error | undefined)[]> {
  const [only] = updates;
  if (only !== undefined && updates.length === 1 && only.many !== true) {
    // The driver does less work for a single update than for a bulk of one.
    await documents.updateOne(only.filter, only.update, { upsert: only.upsert === true, ignoreUndefined: true });
    return [undefined];
  }
  const errors = Array.from({ length: updates.length }, (): Error | undefined => undefined);
  try {
    await documents.bulkWrite(
      updates.map(({ filter, update, upsert = false, many = false }) =>
        many ? { updateMany: { filter, update, upsert } } : { updateOne: { filter, update, upsert } },
      ),
      { ordered: false, ignoreUndefined: true },
    );
  } catch (error) {
    // Without errors of single updates the command itself failed. With an unmet write concern nothing about it is certain.
    if (!(error instanceof driver.MongoBulkWriteError) || error.result.getWriteConcernError() !== undefined) throw error;
    const own = [error.writeErrors].flat();
    if (own.length === 0) throw error;
    for (const { index, code, errmsg } of own) errors[index] = new driver.MongoServerError({ message: errmsg ?? '', code });
  }
  return errors;
}

/** A collection of these documents. */
interface FoundById<T> {
  find(filter: { readonly _id: string | { readonly $in: readonly string[] } }, options: driver.FindOptions): { toArray(): Promise<T[]> };
}

/**
 * Documents of one collection by their ids. One command reads all that are asked for in the same turn. Undefined for a missing document.
 */
export function createLookUp<T extends { readonly _id: string }>(
  documents: FoundById<T>,
  fields: readonly string[] = [],
): (id: string) => Promise<T | undefined> {
  const projection = Object.fromEntries(fields.map((field) => [field, 1]));
  return together(async (asked: readonly string[]): Promise<readonly (T | undefined)[]> => {
    const ids = [...new Set(asked)];
    const [only = ''] = ids;
    const filter = { _id: ids.length === 1 ? only : { $in: ids } };
    const found = await documents.find(filter, { projection, limit: ids.length, batchSize: ids.length }).toArray();
    const byId = new Map(found.map((document) => [document._id, document]));
    return asked.map((id) => byId.get(id));
  });
}
