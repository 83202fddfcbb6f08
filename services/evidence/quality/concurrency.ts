/** How many calls go on at once. Calls come in order of their beginning. */
export function concurrency(): { add(fromMs: number, endMs: number): number } {
  let ends: number[] = [];
  return {
    /** With this one, so many. */
    add(fromMs, endMs) {
      if (ends.length > 0) ends = ends.filter((end) => end > fromMs);
      return ends.push(endMs);
    },
  };
}
