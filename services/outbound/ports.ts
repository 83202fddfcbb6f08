import type { consentChannels, stopScopes, TrunkFault } from '../shared/domain/calls/calling-out.js';
import type { LeaveWay } from '../shared/domain/calls/dial-permit.js';
import type { FraudPattern } from '../shared/domain/calls/fraud.js';
import type { Destination } from './leaving/leaving.js';
import type { LeavingRules } from './leaving/leaving-rules.js';
import type { DialRefusal, Purpose, Refusal, RefusalsOfNumber, RegisteredNumber } from './refusals/refusal.js';
import type { AgentId, CallId, TrunkId } from '../shared/domain/ids.js';

export { consentChannels, stopScopes } from '../shared/domain/calls/calling-out.js';

export interface RefusalStore {
  /** Keeps the first refusal of a number; a new one replaces one that was withdrawn. */
  put(refusal: Refusal): Promise<void>;
  inForce(numberHash: string): Promise<Refusal | undefined>;
  /** Includes withdrawn refusals; empty for a number that was never refused. */
  ofNumbers(numberHashes: readonly string[]): Promise<RefusalsOfNumber[]>;
  list(query: {
    readonly skip: number;
    readonly limit: number;
    readonly numberHash?: string;
  }): Promise<{ readonly refusals: Refusal[]; readonly total: number }>;
  withdraw(numberHash: string, withdrawn: NonNullable<Refusal['withdrawn']>): Promise<boolean>;
  forget(numberHash: string): Promise<void>;
}

/** The proof itself: a call in which consent was said and recorded, or the uploaded file in the object store. */
export type ConsentOriginal =
  | { readonly kind: 'call'; readonly callId: CallId }
  | {
      readonly kind: 'file';
      readonly fileName: string;
      readonly contentType: string;
      readonly sizeBytes: number;
      /** SHA-256 of the bytes, hex. */
      readonly sha256: string;
      readonly lockedUntil?: Date;
      readonly at: Date;
      readonly by: string;
    };

/** The bytes of originals, under Object Lock. */
export interface OriginalStore {
  /** Resolves with their SHA-256 (hex) and the time until which nobody can remove them; left out when the store has no locks. */
  put(
    consentId: string,
    body: Uint8Array,
    contentType: string,
    at: Date,
  ): Promise<{ readonly sha256: string; readonly lockedUntil?: Date }>;
  has(consentId: string, sha256: string): Promise<boolean>;
  /** Fails with `file-damaged` when the bytes have another hash. */
  read(consentId: string, sha256: string): Promise<Uint8Array>;
}

/** A person's consent to be called (item 4): for what, how and when it was given, and where the proof is. */
export interface Consent {
  readonly id: string;
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly purposes: readonly Purpose[];
  readonly channel: (typeof consentChannels)[number];
  readonly givenAt: Date;
  /** A recording, a form, a message: where somebody can look up the proof. */
  readonly evidence: string;
  /** The client unit whose calls it covers; without one it is valid for all. */
  readonly clientUnit?: string;
  /** The list from which it was imported, by the hash of its file. */
  readonly list?: { readonly importId: string; readonly fileName: string; readonly sha256: string; readonly line: number };
  readonly validUntil?: Date;
  readonly original?: ConsentOriginal;
  readonly by: string;
  readonly at: Date;
  readonly withdrawn?: { readonly at: Date; readonly by: string; readonly reason: string };
}

export interface ConsentStore {
  put(consent: Consent): Promise<void>;
  putMany(consents: readonly Consent[]): Promise<void>;
  /** The newest consent of a number to a purpose, for calls of a client unit, that is in force at a given time. */
  inForce(numberHash: string, purpose: string, clientUnit: string, at: Date): Promise<Consent | undefined>;
  ofNumbers(numberHashes: readonly string[]): Promise<Consent[]>;
  /** Ends all consents of a number; returns their ids. */
  withdrawAll(numberHash: string, withdrawn: NonNullable<Consent['withdrawn']>): Promise<string[]>;
  list(query: {
    readonly skip: number;
    readonly limit: number;
    readonly numberHash?: string;
  }): Promise<{ readonly consents: Consent[]; readonly total: number }>;
  withdraw(id: string, withdrawn: NonNullable<Consent['withdrawn']>): Promise<boolean>;
  byIds(ids: readonly string[]): Promise<Consent[]>;
  /** False when the consent already has an original, or does not exist: no original is ever replaced. */
  attach(id: string, original: ConsentOriginal): Promise<boolean>;
}

/** A leg that was requested and what the rules said about it; the collection `outbound_attempts` has every one, including the refused. */
export interface Attempt {
  /** The permit's id; for an outbound call, the id of the call. */
  readonly attemptId: string;
  /** The call whose record has the leg, when it was allowed. */
  readonly callId: CallId;
  readonly way: LeaveWay;
  /** Empty for a step of a flow and for the overflow of a queue. */
  readonly at: Date;
  readonly agentId: AgentId;
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly purpose: string;
  readonly allowed: boolean;
  readonly reason?: DialRefusal;
  readonly from?: string;
  readonly trunkId?: TrunkId;
  readonly consentId?: string;
  /** For a number on no register, dialled by somebody with the right to do so: the reason, as it was written at that moment. */
  readonly freeReason?: string;
  /** Whether the number was foreign or expensive by the rules of the fraud watch at that time. */
  readonly watched?: true;
  /** The version of the rules that decided it. */
  readonly rulesVersion?: number;
  /** A leg to police, fire brigade or ambulance from a seat: no rule was checked. */
  readonly emergency?: true;
  /** When the person pressed the digit that refuses further calls. */
  readonly refusedAt?: Date;
  /** When the consent behind the call was withdrawn, if that happened while the call was being dialled or was live. */
  readonly consentTakenBackAt?: Date;
  /** Allowed and then not dialled: it is not counted. */
  readonly unused?: boolean;
  readonly answeredAt?: Date;
  readonly endedAt?: Date;
  readonly failure?: string;
}

export interface AttemptStore {
  put(attempt: Attempt): Promise<void>;
  refusedByKey(attemptId: string, at: Date): Promise<void>;
  /** Marks the calls that are based on these consents and have not ended. */
  consentsTakenBack(consentIds: readonly string[], at: Date): Promise<void>;
  /** Allowed outbound calls to a number, over all caller numbers, newest first. */
  triesOf(numberHash: string, since: Date): Promise<Date[]>;
  /** Allowed legs to a number, whichever way. */
  countOf(numberHash: string, since: Date): Promise<number>;
  /** How long the legs to a number have lasted that were asked for since then and have ended, in milliseconds. */
  lastedTo(numberHash: string, since: Date): Promise<number>;
  /** Answered outbound calls and callbacks of a period, or of one call; none to an emergency number. */
  answeredOut(which: { readonly from: Date; readonly until: Date } | { readonly callId: CallId }): Promise<Attempt[]>;
  /** Whether the attempt was allowed but none of its INVITEs was sent. */
  isUnused(attemptId: string): Promise<boolean>;
  /** Stores the outcome of the attempt; returns the hash of its number. */
  settle(
    attemptId: string,
    outcome: Pick<Attempt, 'unused' | 'answeredAt' | 'endedAt' | 'failure' | 'trunkId' | 'from'>,
  ): Promise<string | undefined>;
  list(query: {
    readonly skip: number;
    readonly limit: number;
    readonly refusedOnly: boolean;
    readonly reason?: DialRefusal;
    readonly numberHash?: string;
  }): Promise<{ readonly attempts: Attempt[]; readonly total: number }>;
}

/** A way out of the house: a trunk with a number that it may show. */
export interface WayOut {
  readonly trunkId: TrunkId;
  readonly from: string;
}

/** The ways out over trunks that are enabled and have a destination. The consumer owns the port; services/calls has the trunks. */
export type WaysOut = () => Promise<readonly WayOut[]>;

/** Stops outbound calls of a number, a client unit, an agent, a campaign or the whole platform until the stop is lifted. */
export interface Stop {
  readonly id: string;
  readonly scope: (typeof stopScopes)[number];
  /** The number, the client unit, the agent or the campaign; empty for the platform. */
  readonly value: string;
  readonly reason: string;
  /** Set when the fraud watch made the stop by itself. */
  readonly pattern?: FraudPattern;
  readonly by: string;
  /** The person's name as readers of the stop know it. */
  readonly byName: string;
  readonly at: Date;
}

/** Who changed the rules, and when. */
export type ChangedBy = Required<Pick<LeavingRules, 'at' | 'by' | 'byName'>>;

export interface RuleStore {
  inForce(): Promise<LeavingRules>;
  /** Writes the next version, with `part` changed. */
  change(
    part: Partial<Pick<LeavingRules, 'window' | 'quiet' | 'ceilings' | 'allowedKinds' | 'ways'>>,
    who: ChangedBy,
  ): Promise<LeavingRules>;
  /** The newest first. */
  list(limit: number): Promise<LeavingRules[]>;
}

/** What has left in a day, over all trunks and over one. */
export interface DayCount {
  readonly calls: number;
  readonly lastedMs: number;
  readonly trunkCalls: number;
  readonly trunkLastedMs: number;
}

/** A leg to be counted. */
export interface Claim {
  readonly numberHash: string;
  readonly permitId: string;
  readonly at: Date;
  /** The beginning of the day at the site. */
  readonly midnight: Date;
  /** The most legs to the number in a day. */
  readonly mostADay: number;
  /** Empty for a way without caps. */
  readonly caps: readonly { readonly withinMs: number; readonly tries: number }[];
  /** The day at the site, `YYYY-MM-DD`. */
  readonly day: string;
  readonly trunkId: TrunkId;
  /** The document store's counts for the day, as a minimum: the live state may have lost them. */
  readonly least: DayCount;
  /** The same for what has lasted to the number. */
  readonly leastToNumberMs: number;
  readonly ceilings: LeavingRules['ceilings'];
  /** The position of the feed on which the decision was based; undefined when the stores were read for it. */
  readonly position?: string | undefined;
}

/** Decides across all processes which of several simultaneous requests comes first: for a number, and for what is left of a day. */
export interface Claims {
  /**
   * Counts the leg and resolves with undefined. Otherwise nothing is counted, and the result says why the leg is one too many or that the
   * stores have changed.
   */
  take(leg: Claim): Promise<'too-often' | 'over-ceiling' | 'changed' | undefined>;
  /** Whether the stores have not changed since a position. */
  holds(position: string): Promise<boolean>;
  /** A leg has ended. */
  lasted(leg: Pick<Claim, 'day' | 'trunkId' | 'least' | 'numberHash' | 'permitId' | 'at'> & { readonly lastedMs: number }): Promise<void>;
  /** Counts a leg for the trunk to which it moves; false when that trunk has no call or minute left today. */
  moved(leg: Pick<Claim, 'day' | 'trunkId' | 'least' | 'ceilings'>): Promise<boolean>;
  /** The leg was not dialled after all: its counts are given back, once. False when it was not counted. */
  release(leg: Pick<Claim, 'numberHash' | 'permitId' | 'day' | 'trunkId'>): Promise<boolean>;
  /** The leg moves on from a trunk over which nothing of it was sent. */
  giveBack(of: Pick<Claim, 'day' | 'trunkId'>): Promise<void>;
}

/** The calls and minutes of each day in the document store, where they outlive the live state. */
export interface DayCounts {
  of(day: string, trunkId: TrunkId): Promise<DayCount>;
  /** One call more. */
  count(day: string, trunkId: TrunkId): Promise<void>;
  /** A counted leg has moved to another trunk. */
  moved(day: string, trunkId: TrunkId): Promise<void>;
  /** Subtracts one call from the trunk alone, or from the day as well. */
  giveBack(day: string, trunkId: TrunkId, of: 'trunk' | 'day'): Promise<void>;
  add(day: string, trunkId: TrunkId, lastedMs: number): Promise<void>;
}

export interface StopStore {
  stops(): Promise<Stop[]>;
  stop(stop: Stop): Promise<void>;
  lift(id: string): Promise<boolean>;
}

/** The licence file's numbers, trunks and destinations. The consumer owns the port; services/registry has the rows. */
export interface NumberRegister {
  number(number: string): Promise<RegisteredNumber | undefined>;
  /** Why a trunk may not carry a leg that shows this number; `forwards`: the leg joins a caller. `today` as `YYYY-MM-DD`. */
  trunkFault(trunkId: TrunkId, from: string, on: { readonly forwards: boolean; readonly today: string }): Promise<TrunkFault | undefined>;
  /** The row of the register of destinations for a number in normal form. */
  destination(number: string): Promise<Destination | undefined>;
}
