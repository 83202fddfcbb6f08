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
/** The same where no other way is left and a call that is not tried is refused. */
const TRIED_SOON_MS = 10_000;
/** By then a way that does not answer has been asked twice: a single lost OPTIONS refuses nobody. */
const SURELY_DOWN_MS = 10_000;

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
  /** It has said 100 to an INVITE. A call to which it says nothing has not reached it. */
  readonly saysTrying?: true;
  /** When a call was last sent there. */
  readonly triedMs?: number;
}

/** What survives a restart of telephony. */
export type KeptFacts = Pick<WayFacts, 'answeredMs' | 'failedMs' | 'ignores' | 'saysTrying'>;

/**
 * OPTIONS were answered or not; an outbound call went through; a call came in; an outbound call found nobody; the way said 100 to one; or
 * one is sent there.
 */
export type WayEvent = 'answered' | 'unanswered' | 'carried' | 'came-in' | 'failed' | 'said-trying' | 'tried';

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
    case 'said-trying':
      return { ...facts, saysTrying: true };
    case 'tried':
      return { ...facts, triedMs: nowMs };
  }
}

/** What an earlier process knew, beside what this one has found out since. */
export function withKept(facts: WayFacts, kept: KeptFacts): WayFacts {
  // It answers OPTIONS, so it no longer ignores them.
  const ignores = facts.ignores || (kept.ignores && facts.answeredMs === undefined);
  const merged: WayFacts = { ...kept, ...facts, ignores };
  const isQuietOnly = facts.state === 'down' && ignores && merged.failedMs === undefined;
  return isQuietOnly ? { ...merged, state: 'no-options' } : merged;
}

export const keptOf = ({ answeredMs, failedMs, ignores, saysTrying }: WayFacts): KeptFacts => ({
  ignores,
  ...(answeredMs === undefined ? {} : { answeredMs }),
  ...(failedMs === undefined ? {} : { failedMs }),
  ...(saysTrying === undefined ? {} : { saysTrying }),
});

/** Whether calls try other ways first. */
export const isLeft = ({ state, ignores, failedMs = 0 }: WayFacts, nowMs: number): boolean =>
  state === 'down' && (!ignores || nowMs - failedMs < TRIED_AGAIN_MS);

/**
 * Whether a call is refused at once if no other route is left: OPTIONS are no longer answered, or a call has just failed to reach anybody.
 * From time to time one call tries such a way all the same, because a carrier that has ceased to answer OPTIONS and still takes calls can
 * show it by a call alone. A way of which nothing was ever heard, and that no call has tried, may be like that from its first day.
 */
export function isRefused(facts: WayFacts, sinceMs: number, nowMs: number): boolean {
  const { state, answeredMs, failedMs, carriedMs = 0, triedMs = 0, ignores } = facts;
  const toldMs = failedMs ?? answeredMs;
  if (state !== 'down' || toldMs === undefined || carriedMs >= sinceMs) return false;
  if (failedMs === undefined && nowMs - sinceMs < SURELY_DOWN_MS) return false;
  const refusedMs = ignores || answeredMs === undefined ? TRIED_SOON_MS : TRIED_AGAIN_MS;
  return nowMs - Math.max(toldMs, triedMs) < refusedMs;
}
