const RETRY_MS = [100, 300, 700, 1_500, 3_000] as const;

/** How long the page waits before it tries again, in milliseconds; `attempt` counts from 1. */
export const waitOf = (attempt: number): number => RETRY_MS[Math.min(attempt, RETRY_MS.length) - 1] ?? 3_000;
