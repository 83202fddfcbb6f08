/** RFC 4733 digits of a person take 40 ms, and pauses are as long: nobody presses more than a dozen a second. */
const KEYS_PER_SECOND = 12;
const BURST = 24;
/** Legs with a full budget need no memory. They are removed above this number. */
const SWEEP_AT = 10_000;

/** A budget of digits for each leg: a storm of digits from a broken gateway reaches no call. Digits over the budget are dropped. */
export function createKeyLimit({ nowMs }: { readonly nowMs: () => number }): { allows(legId: string): boolean; readonly size: number } {
  const budgets = new Map<string, { left: number; atMs: number }>();
  const refilled = ({ left, atMs }: { left: number; atMs: number }, now: number): number =>
    Math.min(BURST, left + ((now - atMs) / 1_000) * KEYS_PER_SECOND);
  return {
    allows(legId) {
      const now = nowMs();
      const left = refilled(budgets.get(legId) ?? { left: BURST, atMs: now }, now);
      budgets.set(legId, { left: left < 1 ? left : left - 1, atMs: now });
      if (budgets.size > SWEEP_AT) for (const [id, budget] of budgets) if (refilled(budget, now) >= BURST) budgets.delete(id);
      return left >= 1;
    },
    get size() {
      return budgets.size;
    },
  };
}
