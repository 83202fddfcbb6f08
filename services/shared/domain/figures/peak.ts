/** The most that went on at once, and what it was. A time that ends at the moment when another begins does not meet it. */
export function createPeak<Item>() {
  let going: { readonly untilMs: number; readonly item: Item }[] = [];
  let peak: readonly Item[] = [];
  return {
    /** In order of the beginnings. */
    add(fromMs: number, untilMs: number, item: Item): void {
      if (untilMs <= fromMs) return;
      going = going.filter((each) => each.untilMs > fromMs);
      going.push({ untilMs, item });
      if (going.length > peak.length) peak = going.map((each) => each.item);
    },
    items: (): readonly Item[] => peak,
  };
}
