import type { Connection, Model, mongo, Schema } from 'mongoose';

/** For each connection: the indexes that are there or on their way, by collection. */
const created = new WeakMap<Connection, Map<string, Promise<void>>>();

const described = (schema: Schema): mongo.IndexDescription[] =>
  schema.indexes().map(([key, options]) => ({ ...options, key }) as mongo.IndexDescription);

async function create(model: Model<unknown>, indexes: mongo.IndexDescription[], oneByOne: () => Promise<void>): Promise<void> {
  try {
    await model.collection.createIndexes(indexes);
  } catch {
    // One that the rows contradict must not keep the others away; what is wrong with it is then told by name.
    await oneByOne();
  }
}

/**
 * A plugin of mongoose: all indexes of a collection are created by one command, and once for each connection, where mongoose sends a
 * command for each index of each model.
 */
export function indexesAtOnce(schema: Schema): void {
  schema.static('ensureIndexes', async function (this: Model<unknown>, options?: Record<string, unknown>): Promise<void> {
    const indexes = described(schema);
    if (indexes.length === 0) return;
    const { ensureIndexes } = Object.getPrototypeOf(this) as Model<unknown>;
    const ofConnection = created.get(this.db) ?? new Map<string, Promise<void>>();
    created.set(this.db, ofConnection);
    const name = `${this.collection.name} ${JSON.stringify(indexes)}`;
    const before = ofConnection.get(name);
    if (before !== undefined) return before;
    const now = create(this, indexes, () => ensureIndexes.call(this, options));
    ofConnection.set(name, now);
    try {
      await now;
    } catch (error) {
      ofConnection.delete(name);
      throw error;
    }
  });
}
