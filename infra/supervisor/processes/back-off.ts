/** When a process that died is started again: at once at first, later and later if it keeps dying. */
export interface BackOff {
  /** Deaths since the process was last well for RESET_AFTER_MS. */
  readonly deaths: number;
}

/** This many deaths of a process that had become ready are restarted without a wait: callers wait for it. */
export const AT_ONCE = 5;
export const FIRST_DELAY_MS = 200;
export const LONGEST_DELAY_MS = 10_000;
/** A process that was ready for this long is considered well: its next death counts as the first. */
export const RESET_AFTER_MS = 60_000;

export const noDeaths: BackOff = { deaths: 0 };

/** @param readyForMs how long the process had been ready when it died; undefined when it never was */
export function afterDeath(backOff: BackOff, readyForMs: number | undefined): { readonly backOff: BackOff; readonly delayMs: number } {
  const before = readyForMs !== undefined && readyForMs >= RESET_AFTER_MS ? 0 : backOff.deaths;
  const doublings = readyForMs === undefined ? before : before - AT_ONCE;
  return {
    backOff: { deaths: before + 1 },
    delayMs: doublings < 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** doublings),
  };
}
