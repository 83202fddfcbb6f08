import type { ConsentTerms } from '../consents/consent.js';
import type { LeavingRules } from '../leaving/leaving-rules.js';
import type { DayCount, NumberRegister, Stop } from '../ports.js';
import type { TrunkId } from '../../shared/domain/ids.js';

/** The facts behind a decision of the gate. */
export interface GateStores {
  refused(numberHash: string): Promise<boolean>;
  /** The newest consent of a number to a purpose, for calls of a client unit, that is in force at a given time. */
  consent(numberHash: string, purpose: string, clientUnit: string, at: Date): Promise<Pick<ConsentTerms, 'id'> | undefined>;
  /** Permitted outbound calls to a number, over all caller numbers. */
  triesOf(numberHash: string, since: Date): Promise<Date[]>;
  /** Permitted legs to a number, whichever way. */
  countOf(numberHash: string, since: Date): Promise<number>;
  /** How long ended legs to a number have lasted, in milliseconds. */
  lastedTo(numberHash: string, since: Date): Promise<number>;
  rules(): Promise<LeavingRules>;
  stops(): Promise<Stop[]>;
  watchedPrefixes(): Promise<readonly string[]>;
  /** The document store's counts of a day; the live state may have counted further. */
  dayCount(day: string, trunkId: TrunkId): Promise<DayCount>;
  readonly register: NumberRegister;
}

/** All rows that decide about single numbers, in portions, and the rows of some numbers. */
export interface GateRows {
  refused(): AsyncIterable<readonly string[]>;
  refusedOf(hashes: readonly string[]): Promise<string[]>;
  /** Consents that have not been withdrawn. */
  consents(): AsyncIterable<readonly (ConsentTerms & { readonly numberHash: string })[]>;
  consentsOf(hashes: readonly string[]): Promise<(ConsentTerms & { readonly numberHash: string })[]>;
  /** Legs that were permitted and are not void. */
  legsSince(at: Date): AsyncIterable<readonly CountedLeg[]>;
}

/** A leg as the caps count it. */
export interface CountedLeg {
  readonly permitId: string;
  readonly numberHash: string;
  readonly at: Date;
  /** An outbound call or a callback, not a leg that joins a caller. */
  readonly isTry: boolean;
  /** 0 for a leg that has not ended or was not answered. */
  readonly lastedMs: number;
}

/** The counts in the live state, which may have lost them. */
export interface GateCounts {
  /** Counts legs that the live state does not know; known legs count once. */
  restore(legs: readonly CountedLeg[]): Promise<void>;
}

/** A change in the gate's stores: rows of some numbers, or a small table as a whole. */
export interface GateChange {
  readonly topic: 'refusal' | 'consent' | 'stops' | 'rules' | 'watched' | 'register';
  /** The numbers concerned, for refusals and consents. */
  readonly hashes: readonly string[];
}

/** Publishes changes after they are stored and before their author gets an answer. */
export interface GateFeed {
  publish(change: GateChange): Promise<void>;
}

export interface GateFeedReader {
  /** A new position, after everything that was published before. */
  begin(): Promise<string>;
  /** The changes after a position, a portion at a time; `lost` when the feed no longer has the position. */
  since(position: string): Promise<{ readonly changes: readonly GateChange[]; readonly position: string } | 'lost'>;
  /** `broken` is called when the connection is made again, because a restarted server may have lost the last changes. */
  onBreak(broken: () => void): () => void;
}
