import { leaveWays, type BarredKind, type LeaveWay } from '../../shared/domain/calls/dial-permit.js';
import { OUTER_WINDOW, type CallWindow } from '../refusals/refusal.js';

/** Ways that may reach numbers that are otherwise barred. */
export type AllowedKinds = Readonly<Record<BarredKind, readonly LeaveWay[]>>;
export const NOTHING_BARRED_ALLOWED: AllowedKinds = { foreign: [], satellite: [], premium: [], emergency: [] };

/** The basis of a way, and the limits of outbound calling that apply to it. */
export interface WayRule {
  /**
   * `consent`: the person's consent to the purpose, or the call in which the person asked. `destination`: an approved row of the register.
   */
  readonly rests: 'consent' | 'destination';
  /** Hours and quiet periods. */
  readonly hours: boolean;
  /** The limits on attempts to one number within minutes and within a day. */
  readonly caps: boolean;
}
export type WayRules = Readonly<Record<LeaveWay, WayRule>>;

/** Regulation sets hours and caps for outbound calls and callbacks. For the other ways, the site's settings apply. */
const byRegulation: readonly LeaveWay[] = ['call-out', 'callback'];

/** The rules of each way, with the ways in `keepHours` restricted to the hours of outbound calls. */
export const wayRules = (keepHours: readonly LeaveWay[]): WayRules =>
  Object.fromEntries(
    leaveWays.map((way): [LeaveWay, WayRule] =>
      byRegulation.includes(way)
        ? [way, { rests: 'consent', hours: true, caps: true }]
        : [way, { rests: 'destination', hours: keepHours.includes(way), caps: false }],
    ),
  ) as Record<LeaveWay, WayRule>;

/** The limits of a day, across all processes. Minutes count when a leg has ended. */
export interface Ceilings {
  readonly numberCallsADay: number;
  readonly numberMinutesADay: number;
  readonly callsADay: number;
  readonly minutesADay: number;
  readonly trunkCallsADay: number;
  readonly trunkMinutesADay: number;
  /** An outbound leg ends after this many minutes. */
  readonly longestMinutes: number;
}

/** The defaults: far above an ordinary day of a few hundred seats, far below one night of fraud. */
export const usualCeilings: Ceilings = {
  numberCallsADay: 200,
  numberMinutesADay: 2_000,
  callsADay: 20_000,
  minutesADay: 60_000,
  trunkCallsADay: 10_000,
  trunkMinutesADay: 30_000,
  longestMinutes: 120,
};

/** One version of the rules for outbound legs. A version is never changed: an attempt names the version that decided it. */
export interface LeavingRules {
  /** 0 is the version that the product ships. */
  readonly version: number;
  readonly window: CallWindow;
  readonly quiet: readonly CallWindow[];
  readonly ceilings: Ceilings;
  readonly allowedKinds: AllowedKinds;
  readonly ways: WayRules;
  /** Only for a version that somebody set. */
  readonly at?: Date;
  readonly by?: string;
  readonly byName?: string;
}

export const shippedRules: LeavingRules = {
  version: 0,
  window: OUTER_WINDOW,
  quiet: [],
  ceilings: usualCeilings,
  allowedKinds: NOTHING_BARRED_ALLOWED,
  ways: wayRules([]),
};
