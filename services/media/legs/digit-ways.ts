/** How a digit arrived: with the media (RFC 4733, or a tone that the relay detected), or by INFO. */
export type DigitWay = 'media' | 'info';

/** Above this number, legs that are gone are forgotten. */
const SWEEP_AT = 1_000;

/**
 * A carrier that sends each digit in both ways would press it twice. The way of a leg's first digit is used for the leg, and digits by the
 * other way are ignored.
 */
export function createDigitWays(isThere: (legId: string) => boolean): {
  isItsWay(legId: string, way: DigitWay): boolean;
  readonly size: number;
} {
  const ways = new Map<string, DigitWay>();
  return {
    isItsWay(legId, way) {
      const known = ways.get(legId);
      if (known !== undefined) return known === way;
      if (!isThere(legId)) return false;
      if (ways.size >= SWEEP_AT) for (const id of ways.keys()) if (!isThere(id)) ways.delete(id);
      ways.set(legId, way);
      return true;
    },
    get size() {
      return ways.size;
    },
  };
}
