const HOUR_MS = 3_600_000;

/** How many whole numbers one person may look at in an hour: who works cases needs a few, who copies a list needs many (regulation item 59). */
export const UNMASKED_AN_HOUR = 60;

export type LookUp = 'allowed' | 'over' | 'over-again';

/** Counts one person's look-ups of whole numbers in the last hour. `over` is told once an hour, so that one alarm is raised and not hundreds. */
export class UnmaskLimit {
  readonly #seen = new Map<string, number[]>();
  readonly #toldMs = new Map<string, number>();

  constructor(private readonly most = UNMASKED_AN_HOUR) {}

  look(userId: string, nowMs: number): LookUp {
    const recent = (this.#seen.get(userId) ?? []).filter((at) => nowMs - at < HOUR_MS);
    this.#seen.set(userId, recent);
    if (recent.length < this.most) {
      recent.push(nowMs);
      return 'allowed';
    }
    const told = this.#toldMs.get(userId);
    if (told !== undefined && nowMs - told < HOUR_MS) return 'over-again';
    this.#toldMs.set(userId, nowMs);
    return 'over';
  }
}
