/** How many calls are up at the same time. Calls must come in order of their beginning. */
export function concurrency(): { add(fromMs: number, endMs: number): number } {
  let ends: number[] = [];
  return {
    /** Adds a call and returns how many are up with it. */
    add(fromMs, endMs) {
      if (ends.length > 0) ends = ends.filter((end) => end > fromMs);
      return ends.push(endMs);
    },
  };
}
