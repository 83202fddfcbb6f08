/** How a digit came: with the sound (RFC 4733, or a tone that the relay heard), or by INFO. */
export type DigitWay = 'media' | 'info';

/** Legs that are gone are forgotten when so many are remembered. */
const SWEEP_AT = 1_000;

/**
 * A carrier that sends a digit in both ways would press it twice: the way of a leg's first digit is the leg's, and what comes by the other is
 * not heard.
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
