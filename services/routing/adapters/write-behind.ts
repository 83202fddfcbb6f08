import type { Logger } from '../../shared/platform/processes/logger.js';

const WRITE_EVERY_MS = 250;
/** The number of rows that wait while the document store is down. Further rows are dropped, and that is reported. */
const KEPT = 20_000;

/** Rows that nobody waits for: written together after a quarter of a second, and again while the store is down. */
export function createWriteBehind<T>({
  what,
  write,
  log,
}: {
  /** For the log. */
  readonly what: string;
  readonly write: (batch: readonly T[]) => Promise<void>;
  readonly log: Logger;
}): { add(row: T): void; flush(): Promise<void> } {
  let pending: T[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = pending;
    pending = [];
    if (batch.length === 0) return;
    try {
      await write(batch);
    } catch (error) {
      // A duplicate is a row that was written before the failure.
      if (isDuplicate(error)) return;
      log.error({ err: error, rows: batch.length }, `${what} could not be stored, tried again`);
      pending = [...batch, ...pending].slice(-KEPT);
      schedule(WRITE_EVERY_MS * 8);
    }
  }

  const schedule = (ms: number): void => {
    timer ??= setTimeout(() => void flush(), ms);
  };

  return {
    add(row) {
      pending.push(row);
      schedule(WRITE_EVERY_MS);
    },
    flush,
  };
}

const isDuplicate = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 11_000;
