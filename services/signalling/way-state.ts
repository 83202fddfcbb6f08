import type { WayState } from '../shared/contracts/trunks/trunk-state.js';

// What OPTIONS and calls say about one of a carrier's servers. Pure; times are milliseconds since 1970.

/**
 * A call that goes through this long after the last answer to OPTIONS shows that the carrier ignores OPTIONS, not that an outage has just
 * begun.
 */
const IGNORED_FOR_MS = 60_000;
/**
 * Only a call can tell when a way that ignores OPTIONS is back: this long after the last call that it did not take, another call tries it.
 */
const TRIED_AGAIN_MS = 60_000;

export interface WayFacts {
  readonly state: WayState;
  /** When it last answered OPTIONS; undefined when it never did. */
  readonly answeredMs?: number;
  /** When the last call went through; undefined once a later call found nobody. */
  readonly carriedMs?: number | undefined;
  /** When the last call found nobody; undefined again once a call has gone through or OPTIONS were answered. */
  readonly failedMs?: number | undefined;
  /** Calls have shown that its carrier ignores OPTIONS. */
  readonly ignores: boolean;
}

/** OPTIONS were answered or not; an outbound call went through; a call came in; or an outbound call found nobody. */
export type WayEvent = 'answered' | 'unanswered' | 'carried' | 'came-in' | 'failed';

/** Whether a call that went through shows that OPTIONS are ignored although the carrier is there. */
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
      // When a call has found the way dead, earlier calls do not make it alive.
      return { ...facts, ignores, state: ignores && facts.failedMs === undefined ? 'no-options' : 'down' };
    }
    case 'carried':
      return carried(facts, nowMs);
    case 'came-in':
      // Proves nothing about a way that did not take the last outbound call.
      return facts.failedMs === undefined ? carried(facts, nowMs) : facts;
    case 'failed':
      return { ...facts, failedMs: nowMs, carriedMs: undefined, state: 'down' };
  }
}

/** Whether calls try other ways first. */
export const isLeft = ({ state, ignores, failedMs = 0 }: WayFacts, nowMs: number): boolean =>
  state === 'down' && (!ignores || nowMs - failedMs < TRIED_AGAIN_MS);
