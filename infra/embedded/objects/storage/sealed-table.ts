import { crc32 } from 'node:zlib';
import type { Database, RangeOptions } from 'lmdb';

/** An entry of the metadata that is not what was written; the rest of the store is not affected. */
export class DamagedEntryError extends Error {
  override readonly name = 'DamagedEntryError';
  constructor() {
    super('An entry of the metadata is damaged: its checksum does not match.');
  }
}

/** A `#`, the CRC-32 of the JSON in eight digits, the JSON. The engine has no checksums of its own. */
function seal(value: unknown): string {
  const json = JSON.stringify(value);
  return `#${crc32(json).toString(16).padStart(8, '0')}${json}`;
}

function unseal(text: string): unknown {
  // Entries of the first builds are plain JSON, which never begins with the mark.
  if (!text.startsWith('#')) return JSON.parse(text);
  const json = text.slice(9);
  if (Number.parseInt(text.slice(1, 9), 16) !== crc32(json)) throw new DamagedEntryError();
  return JSON.parse(json);
}

/** One table of the metadata: values are JSON with a checksum. Writes belong inside a transaction. */
export class SealedTable<V> {
  constructor(private readonly table: Database<string, Buffer>) {}

  /** @throws DamagedEntryError */
  get(key: Buffer): V | undefined {
    const text = this.table.get(key);
    return text === undefined ? undefined : (unseal(text) as V);
  }

  put(key: Buffer, value: V): void {
    void this.table.put(key, seal(value));
  }

  remove(key: Buffer): void {
    void this.table.remove(key);
  }

  /** @throws DamagedEntryError */
  *entries(range: RangeOptions = {}): Generator<{ readonly key: Buffer; readonly value: V }> {
    for (const { key, value } of this.table.getRange(range)) yield { key, value: unseal(value) as V };
  }

  /** How many entries are damaged. */
  damaged(): number {
    let count = 0;
    for (const { value } of this.table.getRange({})) {
      try {
        unseal(value);
      } catch {
        count += 1;
      }
    }
    return count;
  }
}
