/** When a process that died is started again: soon at first, later if it keeps dying. */
export interface BackOff {
  /** Deaths since the process was last well for RESET_AFTER_MS. */
  readonly deaths: number;
}

export const FIRST_DELAY_MS = 200;
export const LONGEST_DELAY_MS = 10_000;
/** A process that was ready for so long is taken to be well: its next death counts as the first. */
export const RESET_AFTER_MS = 60_000;

export const noDeaths: BackOff = { deaths: 0 };

/** @param readyForMs how long the process had been ready when it died; 0 when it never was */
export function afterDeath(backOff: BackOff, readyForMs: number): { readonly backOff: BackOff; readonly delayMs: number } {
  const before = readyForMs >= RESET_AFTER_MS ? 0 : backOff.deaths;
  return { backOff: { deaths: before + 1 }, delayMs: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** before) };
}
