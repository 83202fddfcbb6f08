import type { NumberKind } from '../numbers/numbering-plan.js';
import type { AgentId, TrunkId } from '../ids.js';

/** Why a call leaves the house. Each has rules of its own. */
export const leaveWays = ['call-out', 'callback', 'transfer', 'consultation', 'overflow', 'flow'] as const;
export type LeaveWay = (typeof leaveWays)[number];

/** Kinds of numbers that nobody reaches unless a rule for the way allows it. */
export const barredKinds = ['foreign', 'satellite', 'premium', 'emergency'] as const satisfies readonly NumberKind[];
export type BarredKind = (typeof barredKinds)[number];

/** Ways on which whoever has the right may reach a number that is on no register. */
export const freeWays = ['transfer', 'consultation'] as const satisfies readonly LeaveWay[];

/** Characters of the reason that is written for a number on no register. */
export const FREE_REASON = { least: 4, most: 200 } as const;

declare const issued: unique symbol;

/** That one leg may be dialled, once, at once. Only the gate of `services/outbound` makes one; signalling dials nothing else. */
export interface DialPermit {
  readonly [issued]: true;
  readonly permitId: string;
  readonly way: LeaveWay;
  readonly trunkId: TrunkId;
  /** The number of ours that is shown. */
  readonly from: string;
  /** Of a leg that joins a caller: the number of ours that the caller had called. */
  readonly called?: string | undefined;
  /** The number that is dialled, in its one form. */
  readonly number: string;
  readonly numberMasked: string;
  readonly numberHash: string;
  /** Of a call out: the stored consent, or `call:<id>` of the call in which the person asked for it. */
  readonly consentId: string | undefined;
  /** Who has it dialled; nobody for a flow and a queue. */
  readonly agentId?: AgentId | undefined;
  /** By which version of the rules it was permitted; none was asked for an emergency number. */
  readonly rulesVersion?: number | undefined;
  /** Dialled freely, to a number on no register: why, as whoever has the right to it wrote at that moment. */
  readonly freeReason?: string | undefined;
  /** The leg ends after so long. */
  readonly longestMs: number;
  /** To police, fire or ambulance. */
  readonly emergency?: true;
  /** The other trunks that may carry the leg, and the number that each shows; in the order in which they are tried. */
  readonly others?: readonly { readonly trunkId: TrunkId; readonly from: string }[];
}

/** A permit as data; what makes it one is that the gate's book knows it. */
export const asPermit = (facts: Omit<DialPermit, typeof issued>): DialPermit => facts as DialPermit;

/** The digits that go on the wire. */
export const dialDigits = (number: string): string => number.replace(/^\+/, '00');
