import type { Environment } from './environment.js';

/** Documents and bytes of each collection, kept with the data in the same commit. */
export class Counters {
  readonly #environment: Environment;
  readonly #values = new Map<number, { count: number; bytes: number }>();
  readonly #changed = new Set<number>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  of(collectionId: number): { readonly count: number; readonly bytes: number } {
    return this.#entry(collectionId);
  }

  add(collectionId: number, count: number, bytes: number): void {
    const entry = this.#entry(collectionId);
    entry.count += count;
    entry.bytes += bytes;
    this.#changed.add(collectionId);
  }

  /** Call inside the commit. */
  save(): void {
    for (const id of this.#changed) {
      const { count, bytes } = this.#entry(id);
      const value = Buffer.allocUnsafe(16);
      value.writeDoubleBE(count);
      value.writeDoubleBE(bytes, 8);
      this.#environment.meta.put(keyOf(id), value);
    }
    this.#changed.clear();
  }

  /** Call after a commit was undone. */
  reload(): void {
    this.#values.clear();
    this.#changed.clear();
  }

  #entry(id: number): { count: number; bytes: number } {
    let entry = this.#values.get(id);
    if (entry === undefined) {
      const stored = this.#environment.meta.get(keyOf(id));
      entry = { count: stored?.readDoubleBE() ?? 0, bytes: stored?.readDoubleBE(8) ?? 0 };
      this.#values.set(id, entry);
    }
    return entry;
  }
}

function keyOf(id: number): Buffer {
  return Buffer.from(`count/${id}`);
}
