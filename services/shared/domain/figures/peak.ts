/** The largest number of simultaneous times, and when it was reached. A time that ends when another begins does not overlap it. */
export function createPeak<Item>() {
  let going: { readonly untilMs: number; readonly item: Item }[] = [];
  let peak: readonly Item[] = [];
  return {
    /** Ordered by their beginnings. */
    add(fromMs: number, untilMs: number, item: Item): void {
      if (untilMs <= fromMs) return;
      going = going.filter((each) => each.untilMs > fromMs);
      going.push({ untilMs, item });
      if (going.length > peak.length) peak = going.map((each) => each.item);
    },
    items: (): readonly Item[] => peak,
  };
}
