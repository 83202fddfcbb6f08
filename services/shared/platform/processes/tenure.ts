/**
 * For how long a process may act for a role that another process takes over when it hears nothing of this one. It does not apply to roles
 * that nobody waits for: their process continues while the live state is away.
 */
export interface Tenure {
  /** The role was confirmed. `askedMs`: by the steady clock, when it was asked for; `isAwaited`: another process waits for it. */
  confirmed(askedMs: number, isAwaited: boolean): void;
  /** Returns while this process may act. Otherwise another may have the role by now, and this process is ended before it does anything more. */
  check(): void;
  /** Whether the role was ever confirmed: a process that began while nobody could be asked may find out that another has it. */
  isHeld(): boolean;
  /** Resolves when it was confirmed for the first time. */
  held(): Promise<void>;
  /** A clock that nobody sets, in milliseconds. */
  readonly nowMs: () => number;
}

/** So long before another may take the role over, its holder stops: it looks again less often than its timers promise. */
const MARGIN_MS = 200;

/** `end`: ends this process at once and does not return. */
export function createTenure({
  leaseMs,
  end,
  nowMs = () => performance.now(),
}: {
  readonly leaseMs: number;
  readonly end: () => void;
  readonly nowMs?: () => number;
}): Tenure {
  let sureUntilMs = Infinity;
  let awaited = false;
  let isHeld = false;
  const waiting: (() => void)[] = [];
  return {
    // What lies between question and answer may have been the time in which this process stood still.
    confirmed(askedMs, isAwaited) {
      sureUntilMs = askedMs + leaseMs - MARGIN_MS;
      awaited = isAwaited;
      isHeld = true;
      for (const tell of waiting.splice(0)) tell();
    },
    check() {
      if (awaited && nowMs() >= sureUntilMs) end();
    },
    isHeld: () => isHeld,
    held: () => (isHeld ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    nowMs,
  };
}

/**
 * Reads what an earlier process has left, once this process has the role for sure: another process may still change it. Fails while it cannot
 * be read.
 */
export async function readOnceHeld<T>(tenure: Pick<Tenure, 'isHeld' | 'held'>, read: () => Promise<T>): Promise<T> {
  if (!tenure.isHeld()) {
    await read();
    await tenure.held();
  }
  return read();
}
