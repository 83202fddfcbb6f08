export interface Timed<T> {
  readonly atMs: number;
  readonly value: T;
}

/** Future events in order of time; events at the same moment keep the order in which they were added. A binary heap. */
export function createTimeline<T>(): { add(atMs: number, value: T): void; next(): Timed<T> | undefined } {
  const heap: (Timed<T> & { readonly order: number })[] = [];
  let order = 0;

  const before = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return false;
    return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
  };
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };

  return {
    add(atMs, value) {
      heap.push({ atMs, value, order });
      order += 1;
      for (let place = heap.length - 1; place > 0;) {
        const parent = (place - 1) >> 1;
        if (!before(place, parent)) return;
        swap(place, parent);
        place = parent;
      }
    },
    next() {
      const [first] = heap;
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) heap[0] = last;
      for (let place = 0; ;) {
        let least = place;
        for (const child of [2 * place + 1, 2 * place + 2]) if (before(child, least)) least = child;
        if (least === place) return first;
        swap(place, least);
        place = least;
      }
    },
  };
}
