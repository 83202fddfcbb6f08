import { leaveWays, type BarredKind, type LeaveWay } from '../../shared/domain/calls/dial-permit.js';
import { OUTER_WINDOW, type CallWindow } from '../refusals/refusal.js';

/** Which ways may reach numbers that are otherwise barred. */
export type AllowedKinds = Readonly<Record<BarredKind, readonly LeaveWay[]>>;
export const NOTHING_BARRED_ALLOWED: AllowedKinds = { foreign: [], satellite: [], premium: [], emergency: [] };

/** What a way of leaving rests on, and which limits of calling out hold for it besides. */
export interface WayRule {
  /** `consent`: of the person to the purpose, or the call in which the person asked. `destination`: an approved row of the register. */
  readonly rests: 'consent' | 'destination';
  /** Hours and quiet stretches. */
  readonly hours: boolean;
  /** Tries of one number within minutes and a day. */
  readonly caps: boolean;
}
export type WayRules = Readonly<Record<LeaveWay, WayRule>>;

/** Calls out and callbacks have hours and caps by regulation; the others have what somebody sets. */
const byRegulation: readonly LeaveWay[] = ['call-out', 'callback'];

/** The rules of each way when the ways in `keepHours` keep to the hours of calling out. */
export const wayRules = (keepHours: readonly LeaveWay[]): WayRules =>
  Object.fromEntries(
    leaveWays.map((way): [LeaveWay, WayRule] =>
      byRegulation.includes(way)
        ? [way, { rests: 'consent', hours: true, caps: true }]
        : [way, { rests: 'destination', hours: keepHours.includes(way), caps: false }],
    ),
  ) as Record<LeaveWay, WayRule>;

/** What leaves in a day at the most, over all processes. Minutes count when a leg has ended. */
export interface Ceilings {
  readonly numberCallsADay: number;
  readonly callsADay: number;
  readonly minutesADay: number;
  readonly trunkCallsADay: number;
  readonly trunkMinutesADay: number;
  /** A leg outside ends after so many minutes. */
  readonly longestMinutes: number;
}

/** Where nobody set anything: far above an ordinary day of a few hundred seats, far below what a fraud of a night costs. */
export const usualCeilings: Ceilings = {
  numberCallsADay: 200,
  callsADay: 20_000,
  minutesADay: 60_000,
  trunkCallsADay: 10_000,
  trunkMinutesADay: 30_000,
  longestMinutes: 120,
};

/** One version of the rules for what leaves. A version is never changed: an attempt names the one by which it was decided. */
export interface LeavingRules {
  /** 0 is what the product ships. */
  readonly version: number;
  readonly window: CallWindow;
  readonly quiet: readonly CallWindow[];
  readonly ceilings: Ceilings;
  readonly allowedKinds: AllowedKinds;
  readonly ways: WayRules;
  /** Of a version that somebody set. */
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
