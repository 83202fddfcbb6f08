/**
 * For how long a process may act for a role that another process takes over when it hears nothing of this one. It says nothing of roles that
 * nobody waits for: their process goes on while the live state is away.
 */
export interface Tenure {
  /** The role was confirmed. `askedMs`: by the steady clock, when it was asked for; `isAwaited`: another process waits for it. */
  confirmed(askedMs: number, isAwaited: boolean): void;
  /** Returns while this process may act. Otherwise another may have the role by now, and this process is ended before it does anything more. */
  check(): void;
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
  return {
    // What lies between question and answer may have been the time in which this process stood still.
    confirmed(askedMs, isAwaited) {
      sureUntilMs = askedMs + leaseMs - MARGIN_MS;
      awaited = isAwaited;
    },
    check() {
      if (awaited && nowMs() >= sureUntilMs) end();
    },
    nowMs,
  };
}
