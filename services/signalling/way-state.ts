import type { WayState } from '../shared/contracts/trunks/trunk-state.js';

// What OPTIONS and calls say of a server of a carrier. Pure; times are milliseconds since 1970.

/** A call that goes through so long after the last answer to OPTIONS shows a carrier that does not answer them, and no outage that has just begun. */
const IGNORED_FOR_MS = 60_000;
/** Nothing but a call tells when a way that does not answer OPTIONS is back: so long after the last one that it did not take, one tries again. */
const TRIED_AGAIN_MS = 60_000;

export interface WayFacts {
  readonly state: WayState;
  /** When it last answered OPTIONS; undefined when it never did. */
  readonly answeredMs?: number;
  /** When the last call went through that no silent one followed. */
  readonly carriedMs?: number | undefined;
  /** When the last call found nobody; undefined after one that went through. */
  readonly failedMs?: number | undefined;
  /** Its carrier does not answer OPTIONS, as calls have shown. */
  readonly ignores: boolean;
}

/** OPTIONS were answered or not; a call went through, came in, or found nobody. */
export type WayEvent = 'answered' | 'unanswered' | 'carried' | 'came-in' | 'failed';

/** Whether a call shows that OPTIONS are left unanswered where somebody is. */
const showsIgnoring = ({ ignores, answeredMs }: WayFacts, callMs: number): boolean =>
  ignores || answeredMs === undefined || callMs - answeredMs >= IGNORED_FOR_MS;

const carried = (facts: WayFacts, nowMs: number): WayFacts => {
  const after = { ...facts, carriedMs: nowMs, failedMs: undefined };
  const wasSilent = facts.state === 'down' || facts.state === 'no-options';
  return wasSilent && showsIgnoring(facts, nowMs) ? { ...after, ignores: true, state: 'no-options' } : after;
};

export function wayAfter(facts: WayFacts, event: WayEvent, nowMs: number): WayFacts {
  switch (event) {
    case 'answered':
      return { ...facts, answeredMs: nowMs, failedMs: undefined, ignores: false, state: 'up' };
    case 'unanswered': {
      const ignores = facts.ignores || (facts.carriedMs !== undefined && showsIgnoring(facts, facts.carriedMs));
      // What a call found dead is not alive because of the calls before it.
      return { ...facts, ignores, state: ignores && facts.failedMs === undefined ? 'no-options' : 'down' };
    }
    case 'carried':
      return carried(facts, nowMs);
    case 'came-in':
      // Says nothing of a way that did not take the last call out.
      return facts.failedMs === undefined ? carried(facts, nowMs) : facts;
    case 'failed':
      return { ...facts, failedMs: nowMs, carriedMs: undefined, state: 'down' };
  }
}

/** Whether calls go elsewhere first. */
export const isLeft = ({ state, ignores, failedMs = 0 }: WayFacts, nowMs: number): boolean =>
  state === 'down' && (!ignores || nowMs - failedMs < TRIED_AGAIN_MS);
