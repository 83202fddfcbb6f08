import { validateBson } from '../bson/validate.js';
import { Catalog, type CollectionInfo } from '../engine/catalog.js';
import { Counters } from '../engine/counters.js';
import { entriesOf, prefixOf } from '../engine/entries.js';
import { Environment, type Entry, type OrderedTable } from '../engine/environment.js';
import { idKeyOf } from '../engine/records.js';
import { isIntact, unseal } from '../engine/stored.js';

export interface CheckReport {
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** One sentence each, without contents of documents. */
  readonly problems: readonly string[];
}

export type Progress = (line: string) => void;

const progressEvery = 100_000;
const mostProblems = 100;

/** Reads everything in a data folder and compares it: checksums, BSON, `_id` keys, index entries both ways, and the counts. */
export async function checkFolder(folder: string, progress: Progress): Promise<CheckReport> {
  const environment = new Environment(folder, true);
  try {
    return new Check(environment, progress).run();
  } finally {
    await environment.close();
  }
}

class Check {
  readonly #environment: Environment;
  readonly #progress: Progress;
  readonly #problems: string[] = [];
  #documents = 0;
  #entries = 0;

  constructor(environment: Environment, progress: Progress) {
    this.#environment = environment;
    this.#progress = progress;
  }

  run(): CheckReport {
    const collections = new Catalog(this.#environment).list();
    const counters = new Counters(this.#environment);
    for (const collection of collections) this.#checkCollection(collection, counters);
    this.#checkOwners('records', new Set(collections.map((collection) => collection.id)));
    this.#checkOwners('entries', new Set(collections.flatMap((collection) => collection.indexes.map((index) => index.id))));
    return { collections: collections.length, documents: this.#documents, entries: this.#entries, problems: this.#problems };
  }

  #checkCollection(collection: CollectionInfo, counters: Counters): void {
    const expected = new Map(collection.indexes.map((index) => [index.id, 0]));
    let count = 0;
    let bytes = 0;
    for (const { key, value } of rows(this.#environment.records, collection.id)) {
      count += 1;
      bytes += value.length - 4;
      this.#documents += 1;
      if (this.#documents % progressEvery === 0) this.#progress(`${this.#documents} documents read`);
      this.#checkDocument(collection, key.subarray(4), value, expected);
    }
    const stored = counters.of(collection.id);
    if (stored.count !== count || stored.bytes !== bytes)
      this.#report(`${collection.namespace}: the stored count is ${stored.count}, there are ${count} documents`);
    for (const index of collection.indexes) {
      if (index.id === 0) continue;
      let found = 0;
      for (const _row of rows(this.#environment.entries, index.id)) found += 1;
      this.#entries += found;
      if (found !== expected.get(index.id))
        this.#report(
          `${collection.namespace}: index ${index.name} has ${found} entries, its documents need ${expected.get(index.id) ?? 0}`,
        );
    }
    this.#progress(`${collection.namespace}: ${count} documents checked`);
  }

  #checkDocument(collection: CollectionInfo, idKey: Buffer, value: Buffer, expected: Map<number, number>): void {
    try {
      if (!isIntact(value)) throw new Error('checksum does not match');
      validateBson(value, 4, value.length);
      const doc = unseal(value);
      if (!idKeyOf(doc.get('_id') ?? null).equals(idKey)) throw new Error('_id does not belong to its key');
      for (const { index, keys } of entriesOf(collection, doc, idKey)) {
        expected.set(index.id, (expected.get(index.id) ?? 0) + keys.length);
        for (const key of keys) {
          if (this.#environment.entries.get(key)?.equals(idKey) !== true)
            this.#report(`${collection.namespace}: a document is missing from index ${index.name}`);
        }
      }
    } catch (error) {
      this.#report(`${collection.namespace}: a document is damaged (${error instanceof Error ? error.message : 'unknown'})`);
    }
  }

  #checkOwners(table: 'records' | 'entries', known: ReadonlySet<number>): void {
    let start = prefixOf(0);
    for (;;) {
      const [next] = this.#environment[table].read({ start, end: Buffer.alloc(5, 0xff) }, 1, false);
      if (next === undefined) return;
      const id = next.key.readUInt32BE();
      if (!known.has(id)) this.#report(`There are ${table} that no collection owns`);
      start = prefixOf(id + 1);
    }
  }

  #report(problem: string): void {
    if (this.#problems.length < mostProblems) this.#problems.push(problem);
  }
}

function* rows(table: OrderedTable, id: number): Generator<Entry> {
  const range = { start: prefixOf(id), end: prefixOf(id + 1) };
  let from: Buffer | undefined;
  for (;;) {
    const chunk: Entry[] = table.read(range, 512, false, from);
    yield* chunk;
    from = chunk.at(-1)?.key;
    if (chunk.length < 512) return;
  }
}
