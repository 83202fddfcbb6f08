/**
 * Lengths of time and how often each occurred, the shortest first: a length, its number, the next length and so on. It is one flat list,
 * because a report of a month holds tens of thousands of them, and a map of each would take four times the memory.
 */
export type Lengths = number[];
export type ReadLengths = readonly number[];

/** The place of a length, or the place where it belongs. */
function placeIn(lengths: ReadLengths, length: number): number {
  let [low, high] = [0, lengths.length / 2];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lengths[2 * middle] ?? 0) < length) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

export function addLength(into: Lengths, length: number, number = 1): void {
  const place = placeIn(into, length);
  if (into[place] === length) into[place + 1] = (into[place + 1] ?? 0) + number;
  else into.splice(place, 0, length, number);
}

export function addLengths(into: Lengths, from: ReadLengths): void {
  for (let place = 0; place < from.length; place += 2) addLength(into, from[place] ?? 0, from[place + 1]);
}

/** The same in pairs, as they are stored. */
export const pairsOf = (lengths: ReadLengths): [length: number, number: number][] =>
  Array.from({ length: lengths.length / 2 }, (_each, place) => [lengths[2 * place] ?? 0, lengths[2 * place + 1] ?? 0]);

/** How many values there are. */
export function numberIn(lengths: ReadLengths): number {
  let all = 0;
  for (let place = 1; place < lengths.length; place += 2) all += lengths[place] ?? 0;
  return all;
}

/** Nearest rank: the smallest value that at least this share of all values did not exceed; 0 when there are none. */
export function percentileOf(share: number, lengths: ReadLengths): number {
  const rank = Math.ceil(share * numberIn(lengths));
  let seen = 0;
  for (let place = 0; place < lengths.length; place += 2) if ((seen += lengths[place + 1] ?? 0) >= rank) return lengths[place] ?? 0;
  return 0;
}
