import { dateOf } from '../bson/date.js';
import { Doc } from '../bson/document.js';
import type { Catalog, CollectionInfo, IndexInfo } from './catalog.js';
import type { Modifier } from './modifier.js';
import type { Sessions } from './sessions.js';
import type { Writer } from './writer.js';

/** Documents removed in one commit, so that expiry never delays a write for long. */
const sliceDocuments = 200;
/** Sessions are kept for half an hour: a minute more or less is nothing to them. */
const sessionsEveryMs = 60_000;

/** Removes documents that have expired by a TTL index, and the remembered answers of expired sessions. */
export class Expiry {
  readonly #catalog: Catalog;
  readonly #modifier: Modifier;
  readonly #writer: Writer;
  readonly #sessions: Sessions;
  #sessionsAtMs = -Infinity;

  constructor(catalog: Catalog, modifier: Modifier, writer: Writer, sessions: Sessions) {
    this.#catalog = catalog;
    this.#modifier = modifier;
    this.#writer = writer;
    this.#sessions = sessions;
  }

  /** One pass at the time `nowMs`. Returns how many documents were removed. */
  async run(nowMs: number): Promise<number> {
    let removed = 0;
    for (const collection of this.#catalog.list()) {
      for (const index of collection.indexes) {
        if (index.expireAfterSeconds !== undefined && index.fields.length === 1) removed += await this.#expire(collection, index, nowMs);
      }
    }
    if (nowMs - this.#sessionsAtMs < sessionsEveryMs) return removed;
    this.#sessionsAtMs = nowMs;
    await this.#writer.run(() => this.#sessions.expire(nowMs));
    return removed;
  }

  async #expire(collection: CollectionInfo, index: IndexInfo, nowMs: number): Promise<number> {
    const path = index.fields[0]?.path ?? '_id';
    const cutoff = dateOf(nowMs - (index.expireAfterSeconds ?? 0) * 1000);
    // Only dates expire: the query is bracketed to their type. An array expires with its earliest date.
    const selection = {
      query: Doc.of({ [path]: Doc.of({ $lte: cutoff }) }),
      multi: true,
      limit: sliceDocuments,
      options: Doc.of({ hint: index.name }),
    };
    // While nothing has expired, nothing is committed or flushed.
    if (!this.#modifier.meets(collection, selection)) return 0;
    let total = 0;
    for (;;) {
      const removed = await this.#writer.run(() => {
        // The collection or the index may have gone since the pass began.
        const current = this.#catalog.find(collection.namespace);
        return current?.indexes.some((item) => item.id === index.id) === true ? this.#modifier.remove(current, selection).removed : 0;
      });
      total += removed;
      if (removed < sliceDocuments) return total;
    }
  }
}
