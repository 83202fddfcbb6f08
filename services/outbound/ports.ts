import type { consentChannels, stopScopes, TrunkFault } from '../shared/domain/calls/calling-out.js';
import type { LeaveWay } from '../shared/domain/calls/dial-permit.js';
import type { FraudPattern } from '../shared/domain/calls/fraud.js';
import type { Destination } from './leaving/leaving.js';
import type { LeavingRules } from './leaving/leaving-rules.js';
import type { DialRefusal, Purpose, Refusal, RefusalsOfNumber, RegisteredNumber } from './refusals/refusal.js';
import type { AgentId, CallId, TrunkId } from '../shared/domain/ids.js';

export { consentChannels, stopScopes } from '../shared/domain/calls/calling-out.js';

export interface RefusalStore {
  /** Keeps the first refusal of a number; in the place of one that was withdrawn the new one stands. */
  put(refusal: Refusal): Promise<void>;
  inForce(numberHash: string): Promise<Refusal | undefined>;
  /** Those taken back too; nothing for a number that was never refused. */
  ofNumbers(numberHashes: readonly string[]): Promise<RefusalsOfNumber[]>;
  list(query: {
    readonly skip: number;
    readonly limit: number;
    readonly numberHash?: string;
  }): Promise<{ readonly refusals: Refusal[]; readonly total: number }>;
  withdraw(numberHash: string, withdrawn: NonNullable<Refusal['withdrawn']>): Promise<boolean>;
  forget(numberHash: string): Promise<void>;
}

/** The proof itself: a call in which it was said and recorded, or the file that was handed in, as it lies in the object store. */
export type ConsentOriginal =
  | { readonly kind: 'call'; readonly callId: CallId }
  | {
      readonly kind: 'file';
      readonly fileName: string;
      readonly contentType: string;
      readonly sizeBytes: number;
      /** Of the bytes, hex. */
      readonly sha256: string;
      readonly lockedUntil?: Date;
      readonly at: Date;
      readonly by: string;
    };

/** The bytes of originals, under lock. */
export interface OriginalStore {
  /** Their SHA-256, hex, and until when nobody can remove them; left out where the store has no locks. */
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

/** That a person agreed to be called (item 4): for what, how and when it was said, and where the proof lies. */
export interface Consent {
  readonly id: string;
  readonly numberHash: string;
  readonly numberMasked: string;
  readonly purposes: readonly Purpose[];
  readonly channel: (typeof consentChannels)[number];
  readonly givenAt: Date;
  /** A recording, a form, a message: where somebody can look it up. */
  readonly evidence: string;
  /** For whose calls it was given; without one it holds for all. */
  readonly clientUnit?: string;
  /** The list that it came with, by the hash of its file. */
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
  /** The newest consent of a number to a purpose, for calls of a client unit, that is in force at a time. */
  inForce(numberHash: string, purpose: string, clientUnit: string, at: Date): Promise<Consent | undefined>;
  ofNumbers(numberHashes: readonly string[]): Promise<Consent[]>;
  /** Ends all consents of a number; their ids. */
  withdrawAll(numberHash: string, withdrawn: NonNullable<Consent['withdrawn']>): Promise<string[]>;
  list(query: {
    readonly skip: number;
    readonly limit: number;
    readonly numberHash?: string;
  }): Promise<{ readonly consents: Consent[]; readonly total: number }>;
  withdraw(id: string, withdrawn: NonNullable<Consent['withdrawn']>): Promise<boolean>;
  byIds(ids: readonly string[]): Promise<Consent[]>;
  /** False when the consent has an original already, or is not there: none is replaced. */
  attach(id: string, original: ConsentOriginal): Promise<boolean>;
}

/** A leg that was to leave and what the rules said to it; the collection `outbound_attempts` has each, also the refused ones. */
export interface Attempt {
  /** The permit's id; of a call out the call's. */
  readonly attemptId: string;
  /** Whose record has the leg when it was allowed. */
  readonly callId: CallId;
  readonly way: LeaveWay;
  /** Empty for a step of a flow and the overflow of a queue. */
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
  /** A number on no register, dialled by whoever has the right to it: why, as it was written at that moment. */
  readonly freeReason?: string;
  /** A foreign or expensive number, by the rules of the fraud watch at that time. */
  readonly watched?: true;
  /** By which version of the rules it was decided. */
  readonly rulesVersion?: number;
  /** To police, fire or ambulance from a seat: no rule was asked. */
  readonly emergency?: true;
  /** When the person pressed the key that refuses further calls. */
  readonly refusedAt?: Date;
  /** When the consent on which the call rests was taken back while the call was dialled or went on. */
  readonly consentTakenBackAt?: Date;
  /** Allowed and then not dialled: it counts nowhere. */
  readonly unused?: boolean;
  readonly answeredAt?: Date;
  readonly endedAt?: Date;
  readonly failure?: string;
}

export interface AttemptStore {
  put(attempt: Attempt): Promise<void>;
  refusedByKey(attemptId: string, at: Date): Promise<void>;
  /** Marks the calls that rest on these consents and have not ended. */
  consentsTakenBack(consentIds: readonly string[], at: Date): Promise<void>;
  /** Calls out to a number that were allowed, over all caller numbers, newest first. */
  triesOf(numberHash: string, since: Date): Promise<Date[]>;
  /** Legs to a number that were allowed, on whatever way. */
  countOf(numberHash: string, since: Date): Promise<number>;
  /** Answered calls out and callbacks of a time, or of one call; none to an emergency number. */
  answeredOut(which: { readonly from: Date; readonly until: Date } | { readonly callId: CallId }): Promise<Attempt[]>;
  /** Allowed, and then no INVITE of it left. */
  isUnused(attemptId: string): Promise<boolean>;
  /** What became of it. */
  settle(attemptId: string, outcome: Pick<Attempt, 'unused' | 'answeredAt' | 'endedAt' | 'failure' | 'trunkId' | 'from'>): Promise<void>;
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

/** The ways out of the trunks that are switched on and know where calls go. The consumer owns the port, services/calls has the trunks. */
export type WaysOut = () => Promise<readonly WayOut[]>;

/** Ends calling out of a number, a client unit, an agent, a campaign or the whole platform until it is lifted. */
export interface Stop {
  readonly id: string;
  readonly scope: (typeof stopScopes)[number];
  /** The number, the client unit, the agent or the campaign; empty for the platform. */
  readonly value: string;
  readonly reason: string;
  /** Of a stop that the fraud watch set by itself. */
  readonly pattern?: FraudPattern;
  readonly by: string;
  /** As whoever reads the stop knows the person. */
  readonly byName: string;
  readonly at: Date;
}

/** Who changed the rules, and when. */
export type ChangedBy = Required<Pick<LeavingRules, 'at' | 'by' | 'byName'>>;

export interface RuleStore {
  inForce(): Promise<LeavingRules>;
  /** Writes the next version, which differs in `part`. */
  change(
    part: Partial<Pick<LeavingRules, 'window' | 'quiet' | 'ceilings' | 'allowedKinds' | 'ways'>>,
    who: ChangedBy,
  ): Promise<LeavingRules>;
  /** The newest first. */
  list(limit: number): Promise<LeavingRules[]>;
}

/** What has left in a day, by all trunks and by one. */
export interface DayCount {
  readonly calls: number;
  readonly lastedMs: number;
  readonly trunkCalls: number;
  readonly trunkLastedMs: number;
}

/** A leg that is to be counted. */
export interface Claim {
  readonly numberHash: string;
  readonly permitId: string;
  readonly at: Date;
  /** The day's beginning at the site. */
  readonly midnight: Date;
  /** Legs to the number. */
  readonly mostADay: number;
  /** Of a way that has none empty. */
  readonly caps: readonly { readonly withinMs: number; readonly tries: number }[];
  /** The day at the site, `YYYY-MM-DD`. */
  readonly day: string;
  readonly trunkId: TrunkId;
  /** What the document store has of the day: the live state may have lost it. */
  readonly least: DayCount;
  readonly ceilings: LeavingRules['ceilings'];
  /** Up to which change of the stores the leg was decided; undefined when they were read for it. */
  readonly position?: string | undefined;
}

/** Which leg is first when several are asked for at once, over all processes: to a number, and of what a day allows. */
export interface Claims {
  /** Counts the leg; why it is one too many otherwise, or that the stores have changed, and then nothing is counted. */
  take(leg: Claim): Promise<'too-often' | 'over-ceiling' | 'changed' | undefined>;
  /** Whether the stores have not changed since a position. */
  holds(position: string): Promise<boolean>;
  /** A leg has ended. */
  lasted(leg: Pick<Claim, 'day' | 'trunkId' | 'least'> & { readonly lastedMs: number }): Promise<void>;
  /** Counts a leg for the trunk to which it moves; false when that trunk has no call or minute left today. */
  moved(leg: Pick<Claim, 'day' | 'trunkId' | 'least' | 'ceilings'>): Promise<boolean>;
  /** The leg was not dialled after all: what was counted of it is given back, once. False when nothing was. */
  release(leg: Pick<Claim, 'numberHash' | 'permitId' | 'day' | 'trunkId'>): Promise<boolean>;
  /** The leg moves on from a trunk over which nothing of it was sent. */
  giveBack(of: Pick<Claim, 'day' | 'trunkId'>): Promise<void>;
}

/** The calls and minutes of each day, as they outlive the live state. */
export interface DayCounts {
  of(day: string, trunkId: TrunkId): Promise<DayCount>;
  /** One call more. */
  count(day: string, trunkId: TrunkId): Promise<void>;
  /** A leg that was counted moved to another trunk. */
  moved(day: string, trunkId: TrunkId): Promise<void>;
  /** One call less, of the trunk alone or of the day as well. */
  giveBack(day: string, trunkId: TrunkId, of: 'trunk' | 'day'): Promise<void>;
  add(day: string, trunkId: TrunkId, lastedMs: number): Promise<void>;
}

export interface StopStore {
  stops(): Promise<Stop[]>;
  stop(stop: Stop): Promise<void>;
  lift(id: string): Promise<boolean>;
}

/** The licence file's numbers, trunks and destinations. The consumer owns the port, services/registry has the rows. */
export interface NumberRegister {
  number(number: string): Promise<RegisteredNumber | undefined>;
  /** What keeps a trunk from carrying a leg that shows a number; `forwards`: the leg joins a caller. `today` as `YYYY-MM-DD`. */
  trunkFault(trunkId: TrunkId, from: string, on: { readonly forwards: boolean; readonly today: string }): Promise<TrunkFault | undefined>;
  /** The row of the register of destinations for a number, in its one form. */
  destination(number: string): Promise<Destination | undefined>;
}
