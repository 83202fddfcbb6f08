import { mongo as driver } from 'mongoose';
import { together } from './together.js';

/** A change of one document, or of all that the filter finds. What is undefined in it is left out. */
export interface DocumentUpdate {
  readonly filter: object;
  readonly update: object;
  readonly upsert?: boolean;
  readonly many?: boolean;
}

/** A model's `collection`. */
type Documents = Pick<driver.Collection, 'updateOne' | 'bulkWrite' | 'find'>;

/**
 * Updates of one collection, those of one moment in one command (see `together`). A caller's updates are done in their order, and it fails
 * with the store's error when one of its own failed, as it would alone. A failure of the whole command is everybody's.
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
    // The driver does less for an update of its own than for a bulk of one.
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
    // Without errors of single updates the command itself failed; with a write concern that was not met, nothing of it is sure.
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

/** Documents of one collection by their ids, those that are asked for in one moment read by one command; undefined where there is none. */
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
