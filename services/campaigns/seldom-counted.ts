/** Counting a long list takes time. It may take at most a tenth of the reader's time. */
const SHARE = 10;
const LEAST_MS = 1_000;

/** Counts of campaigns as of a moment ago. Everybody who asks meanwhile gets the same answer. A failure is not cached. */
export function seldomCounted<T>(count: (id: string) => Promise<T>, nowMs: () => number): (id: string) => Promise<T> {
  const known = new Map<string, { readonly answer: Promise<T>; until: number }>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined && nowMs() < before.until) return before.answer;
    const beganMs = nowMs();
    const answer = count(id);
    const entry = { answer, until: Number.POSITIVE_INFINITY };
    known.set(id, entry);
    answer.then(
      () => (entry.until = nowMs() + Math.max(LEAST_MS, SHARE * (nowMs() - beganMs))),
      () => known.delete(id),
    );
    return answer;
  };
}
