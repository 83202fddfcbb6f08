import type { PersonalRight } from '../../shared/domain/people/rights.js';

/** What of the personal rights that are asked for is in force at once, and what a second administrator decides. */
export interface GivenGrants {
  /** The rights from now on; undefined when they stay as they are. */
  readonly now: readonly PersonalRight[] | undefined;
  /** Rights that come to them once they are approved. */
  readonly waiting: readonly PersonalRight[];
}

/**
 * A personal right opens what no role opens: one administrator alone gives it to nobody. It is taken away at once. `alone`: the site is
 * being set up, and there is nobody to ask.
 */
export function givenGrants(
  held: readonly PersonalRight[],
  asked: readonly PersonalRight[] | undefined,
  { alone }: { readonly alone: boolean },
): GivenGrants {
  if (asked === undefined) return { now: undefined, waiting: [] };
  const waiting = alone ? [] : asked.filter((right) => !held.includes(right));
  const rest = asked.filter((right) => !waiting.includes(right));
  const isHeld = rest.length === held.length && rest.every((right) => held.includes(right));
  return { now: isHeld ? undefined : rest, waiting };
}
