/** RFC 4733 keys of a person are 40 ms and their pauses as long: nobody presses more than a dozen a second. */
const KEYS_PER_SECOND = 12;
const BURST = 24;
/** Legs with full budgets need no memory; looked at when so many are remembered. */
const SWEEP_AT = 10_000;

/** A budget of keys per leg: a storm of them from a broken gateway reaches no call. What is over the budget is dropped. */
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
