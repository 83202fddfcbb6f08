/** A token bucket for each source: `burst` at once, then `perSecond`. A source whose bucket is full again is forgotten. */
export function createFloodLimit({
  perSecond,
  burst,
  nowMs,
}: {
  readonly perSecond: number;
  readonly burst: number;
  readonly nowMs: () => number;
}): {
  allows(source: string): boolean;
} {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  const fullAfterMs = (burst / perSecond) * 1000;
  let sweptAtMs = 0;
  return {
    allows(source) {
      const now = nowMs();
      if (now - sweptAtMs > fullAfterMs) {
        for (const [key, { atMs }] of buckets) if (now - atMs > fullAfterMs) buckets.delete(key);
        sweptAtMs = now;
      }
      const bucket = buckets.get(source) ?? { tokens: burst, atMs: now };
      const tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
      const allowed = tokens >= 1;
      buckets.set(source, { tokens: allowed ? tokens - 1 : tokens, atMs: now });
      return allowed;
    },
  };
}
