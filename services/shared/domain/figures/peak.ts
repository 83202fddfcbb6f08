/** The largest number of simultaneous spans, and when it was reached. A span that ends when another begins does not overlap it. */
export function createPeak<Item>() {
  let going: { readonly untilMs: number; readonly item: Item }[] = [];
  let peak: readonly Item[] = [];
  return {
    /** Spans must be added in the order in which they begin. */
    add(fromMs: number, untilMs: number, item: Item): void {
      if (untilMs <= fromMs) return;
      going = going.filter((each) => each.untilMs > fromMs);
      going.push({ untilMs, item });
      if (going.length > peak.length) peak = going.map((each) => each.item);
    },
    items: (): readonly Item[] => peak,
  };
}
