import type { NumberKind } from '../numbers/numbering-plan.js';
import type { AgentId, TrunkId } from '../ids.js';

/** Why a leg leaves for an outside number. Each way has its own rules. */
export const leaveWays = ['call-out', 'callback', 'transfer', 'consultation', 'overflow', 'flow'] as const;
export type LeaveWay = (typeof leaveWays)[number];

/** Kinds of numbers that may not be reached unless a rule for the way allows it. */
export const barredKinds = ['foreign', 'satellite', 'premium', 'emergency'] as const satisfies readonly NumberKind[];
export type BarredKind = (typeof barredKinds)[number];

/** The ways in which a person with the right may reach a number on no register. */
export const freeWays = ['transfer', 'consultation'] as const satisfies readonly LeaveWay[];

/** The length limits, in characters, of the reason for a number on no register. */
export const FREE_REASON = { least: 4, most: 200 } as const;

declare const issued: unique symbol;

/**
 * The permit to dial one leg, once and at once. Only the gate of `services/outbound` issues permits; signalling dials nothing without one.
 */
export interface DialPermit {
  readonly [issued]: true;
  readonly permitId: string;
  readonly way: LeaveWay;
  readonly trunkId: TrunkId;
  /** Our number that is shown. */
  readonly from: string;
  /** For a leg that joins a caller: our number that the caller had called. */
  readonly called?: string | undefined;
  /** The dialled number, in its normal form. */
  readonly number: string;
  readonly numberMasked: string;
  readonly numberHash: string;
  /** For a call out: the stored consent, or `call:<id>` of the call in which the person asked for it. */
  readonly consentId: string | undefined;
  /** The agent for whom it is dialled; missing for a flow and a queue. */
  readonly agentId?: AgentId | undefined;
  /** The version of the rules that permitted it; missing for an emergency number, for which no rule is checked. */
  readonly rulesVersion?: number | undefined;
  /** Why a number on no register is dialled, as the person with that right wrote it at the time. */
  readonly freeReason?: string | undefined;
  /** The leg ends after this time. */
  readonly longestMs: number;
  /** Set for police, fire and ambulance. */
  readonly emergency?: true;
  /** Set for a test of the trunk. */
  readonly test?: true;
  /** The other trunks that may carry the leg, with the number that each shows, in the order in which they are tried. */
  readonly others?: readonly { readonly trunkId: TrunkId; readonly from: string }[];
}

/** Builds a permit from plain data. It is valid only if the gate's book knows it. */
export const asPermit = (facts: Omit<DialPermit, typeof issued>): DialPermit => facts as DialPermit;

/** The digits that go on the wire. */
export const dialDigits = (number: string): string => number.replace(/^\+/, '00');
