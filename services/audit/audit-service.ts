import type { AuditEntry } from '../shared/platform/http/route.js';
import { FIRST_PREVIOUS, hashRow, type AuditContent, type AuditRow, type Sha256Hex } from './chain.js';
import type { AuditStore } from './ports.js';

const MAX_BATCH = 500;

/**
 * The only writer of the chain in this process. Entries that arrive during a write go together into the next one. Two processes may write
 * at once: numbers are unique in the store, and the slower process rebuilds its rows on the new head.
 */
export function createAuditWriter({
  store,
  sha256Hex,
  now,
}: {
  readonly store: AuditStore;
  readonly sha256Hex: Sha256Hex;
  readonly now: () => Date;
}): {
  append(entry: AuditEntry): Promise<void>;
  drained(): Promise<void>;
} {
  interface Waiting {
    readonly entry: AuditEntry;
    readonly at: string;
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  }
  const waiting: Waiting[] = [];
  let head: AuditRow | undefined;
  let writing: Promise<void> | undefined;

  /** Half of a UTF-16 pair would be stored differently than it is hashed, and would look like a changed row. */
  const whole = (text: string): string => text.replaceAll(/\p{Surrogate}/gu, '\ufffd');
  const digest = (value: unknown): string | undefined => (value === undefined ? undefined : sha256Hex(JSON.stringify(value)));

  function contentOf(entry: AuditEntry): AuditContent {
    const before = digest(entry.before);
    const after = digest(entry.after);
    return {
      who: whole(entry.who),
      what: entry.what,
      ...(entry.object === undefined ? {} : { object: whole(entry.object) }),
      ...(entry.from === undefined ? {} : { from: entry.from }),
      success: entry.success,
      ...(entry.reason === undefined ? {} : { reason: whole(entry.reason) }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  }

  function rowsFor(batch: readonly Waiting[]): AuditRow[] {
    let number = head?.number ?? 0;
    let previous = head?.hash ?? FIRST_PREVIOUS;
    return batch.map(({ entry, at }) => {
      number += 1;
      const row = { number, at, ...contentOf(entry), previous };
      const complete: AuditRow = { ...row, hash: hashRow(row, sha256Hex) };
      previous = complete.hash;
      return complete;
    });
  }

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, MAX_BATCH);
      try {
        head ??= await store.newest();
        while (batch.length > 0) {
          const rows = rowsFor(batch);
          const appended = await store.append(rows);
          for (const { resolve } of batch.splice(0, appended)) resolve();
          // Another process took the next number. The remaining rows are built on its row.
          head = batch.length === 0 ? rows.at(-1) : await store.newest();
        }
      } catch (error) {
        head = undefined;
        for (const { reject } of batch) reject(error);
      }
    }
    writing = undefined;
  }

  return {
    async append(entry) {
      if (entry.once === true && (await store.has(contentOf(entry)))) return;
      await new Promise<void>((resolve, reject) => {
        waiting.push({ entry, at: now().toISOString(), resolve, reject });
        writing ??= write();
      });
    },
    async drained() {
      await writing;
    },
  };
}
