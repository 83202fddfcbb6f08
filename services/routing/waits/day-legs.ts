import type { ToldLeg } from '../../shared/contracts/calls/told-leg.js';
import { countLeg, zeroFacts, type CountedLeg, type FactCount } from '../../shared/domain/figures/count.js';
import type { TrunkId } from '../../shared/domain/ids.js';

/** A leg to a number outside, of a call of service that has ended. */
export interface BoardLeg extends CountedLeg {
  /** Its row among the attempts. */
  readonly attemptId: string;
  /** The trunk that carried it last. */
  readonly trunkId: TrunkId;
}

const timeOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** A leg as the end of its call tells it. */
export const boardLeg = ({ attemptId, trunkId, at, ringingAt, answeredAt, failure }: ToldLeg): BoardLeg => ({
  ...{ attemptId, trunkId, at: new Date(at), ringingAt: timeOf(ringingAt), answeredAt: timeOf(answeredAt), failure },
});

/**
 * The legs to numbers outside of the site's day and of the last half hour, by trunk. Like a report it has a leg once its call has ended; the
 * leg counts at the time when it was dialled.
 */
export function createDayLegs(latelyMs: number) {
  let midnightMs = Number.NEGATIVE_INFINITY;
  const known = new Map<string, BoardLeg>();
  const trunks = new Map<TrunkId, { readonly today: FactCount; recent: BoardLeg[] }>();

  function add(leg: BoardLeg): void {
    known.set(leg.attemptId, leg);
    let of = trunks.get(leg.trunkId);
    if (of === undefined) trunks.set(leg.trunkId, (of = { today: zeroFacts(), recent: [] }));
    of.recent.push(leg);
    if (leg.at.getTime() >= midnightMs) countLeg(of.today, leg);
  }

  return {
    /** Takes a leg from the end of its call or from the record of its call; both say the same. */
    saw(leg: BoardLeg): void {
      if (leg.at.getTime() >= midnightMs - latelyMs && !known.has(leg.attemptId)) add(leg);
    },
    turnTo(beganMs: number): void {
      midnightMs = beganMs;
      const rest = [...known.values()].filter(({ at }) => at.getTime() >= midnightMs - latelyMs);
      known.clear();
      trunks.clear();
      rest.forEach(add);
    },
    of(trunkId: TrunkId, nowMs: number): { readonly today: FactCount; readonly lately: FactCount } {
      const [found, lately] = [trunks.get(trunkId), zeroFacts()];
      if (found === undefined) return { today: zeroFacts(), lately };
      found.recent = found.recent.filter(({ at }) => at.getTime() >= nowMs - latelyMs);
      for (const leg of found.recent) countLeg(lately, leg);
      return { today: found.today, lately };
    },
    trunkIds: (): readonly TrunkId[] => [...trunks.keys()],
  };
}
