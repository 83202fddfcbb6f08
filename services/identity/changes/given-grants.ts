import type { PersonalRight } from '../../shared/domain/people/rights.js';

/** Which of the requested personal rights are in force at once, and which wait for a second administrator. */
export interface GivenGrants {
  /** The rights from now on; undefined when they stay as they are. */
  readonly now: readonly PersonalRight[] | undefined;
  /** Rights that are added once they are approved. */
  readonly waiting: readonly PersonalRight[];
}

/**
 * A personal right opens what no role opens, so one administrator alone cannot grant it, not even while the site is being set up. It can be
 * withdrawn at once.
 */
export function givenGrants(held: readonly PersonalRight[], asked: readonly PersonalRight[] | undefined): GivenGrants {
  if (asked === undefined) return { now: undefined, waiting: [] };
  const waiting = asked.filter((right) => !held.includes(right));
  const rest = asked.filter((right) => !waiting.includes(right));
  const isHeld = rest.length === held.length && rest.every((right) => held.includes(right));
  return { now: isHeld ? undefined : rest, waiting };
}
