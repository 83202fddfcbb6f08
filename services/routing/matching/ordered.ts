const LONGEST_PIECE = 256;

/**
 * Values in a total order: of two different values one is before the other. They are kept in short pieces, so that adding or removing one
 * moves a few hundred others at most, however many there are.
 */
export class Ordered<T> implements Iterable<T> {
  readonly #pieces: T[][] = [];
  #size = 0;

  /** `compare` works as in `Array.sort`; `sorted` holds the first values, already in this order. */
  constructor(
    private readonly compare: (a: T, b: T) => number,
    sorted: readonly T[] = [],
  ) {
    for (let at = 0; at < sorted.length; at += LONGEST_PIECE / 2) this.#pieces.push(sorted.slice(at, at + LONGEST_PIECE / 2));
    this.#size = sorted.length;
  }

  get size(): number {
    return this.#size;
  }

  add(value: T): void {
    const at = this.#pieceOf(value);
    const piece = this.#pieces[at];
    this.#size += 1;
    if (piece === undefined) {
      this.#pieces.push([value]);
      return;
    }
    piece.splice(this.#placeIn(piece, value), 0, value);
    if (piece.length > LONGEST_PIECE) this.#pieces.splice(at + 1, 0, piece.splice(LONGEST_PIECE / 2));
  }

  /** Removes the value that compares as equal; a value that is not there changes nothing. */
  delete(value: T): void {
    const at = this.#pieceOf(value);
    const piece = this.#pieces[at];
    if (piece === undefined) return;
    const place = this.#placeIn(piece, value);
    const found = piece[place];
    if (found === undefined || this.compare(found, value) !== 0) return;
    piece.splice(place, 1);
    this.#size -= 1;
    if (piece.length === 0) this.#pieces.splice(at, 1);
  }

  *[Symbol.iterator](): Generator<T, void> {
    for (const piece of this.#pieces) yield* piece;
  }

  /** The last piece that does not begin after the value; the first when all do. */
  #pieceOf(value: T): number {
    let low = 0;
    for (let high = this.#pieces.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      const first = this.#pieces[middle]?.[0];
      if (first !== undefined && this.compare(first, value) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Index of the value in a piece, or the index where it belongs. */
  #placeIn(piece: readonly T[], value: T): number {
    let low = 0;
    for (let high = piece.length; low < high;) {
      const middle = (low + high) >> 1;
      const other = piece[middle];
      if (other !== undefined && this.compare(other, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
