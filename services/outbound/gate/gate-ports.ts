import type { ConsentTerms } from '../consents/consent.js';
import type { LeavingRules } from '../leaving/leaving-rules.js';
import type { DayCount, NumberRegister, Stop } from '../ports.js';

/** What a decision of the gate rests on. */
export interface GateStores {
  refused(numberHash: string): Promise<boolean>;
  /** The newest consent of a number to a purpose, for calls of a client unit, that is in force at a time. */
  consent(numberHash: string, purpose: string, clientUnit: string, at: Date): Promise<Pick<ConsentTerms, 'id'> | undefined>;
  /** Calls out to a number that were allowed, over all caller numbers. */
  triesOf(numberHash: string, since: Date): Promise<Date[]>;
  /** Legs to a number that were allowed, on whatever way. */
  countOf(numberHash: string, since: Date): Promise<number>;
  rules(): Promise<LeavingRules>;
  stops(): Promise<Stop[]>;
  watchedPrefixes(): Promise<readonly string[]>;
  /** What the document store has of a day at the least; the live state may have counted on. */
  dayCount(day: string, trunkId: string): Promise<DayCount>;
  readonly register: NumberRegister;
}

/** All rows that decide about single numbers, in portions; and those of some numbers. */
export interface GateRows {
  refused(): AsyncIterable<readonly string[]>;
  refusedOf(hashes: readonly string[]): Promise<string[]>;
  /** Those that nobody has withdrawn. */
  consents(): AsyncIterable<readonly (ConsentTerms & { readonly numberHash: string })[]>;
  consentsOf(hashes: readonly string[]): Promise<(ConsentTerms & { readonly numberHash: string })[]>;
  /** Legs that were allowed and are not void. */
  legsSince(at: Date): AsyncIterable<readonly CountedLeg[]>;
}

/** A leg as the caps count it. */
export interface CountedLeg {
  readonly permitId: string;
  readonly numberHash: string;
  readonly at: Date;
  /** A call out or a callback, and not a leg that joins a caller. */
  readonly isTry: boolean;
}

/** The counts of the live state, which may have lost them. */
export interface GateCounts {
  /** Counts the legs that it does not know; those that it knows count once. */
  restore(legs: readonly CountedLeg[]): Promise<void>;
}

/** What of the stores of the gate has changed: rows of some numbers, or a small table as a whole. */
export interface GateChange {
  readonly topic: 'refusal' | 'consent' | 'stops' | 'rules' | 'watched' | 'register';
  /** Of refusals and consents. */
  readonly hashes: readonly string[];
}

/** Publishes changes after they are stored and before whoever made them has an answer. */
export interface GateFeed {
  publish(change: GateChange): Promise<void>;
}

export interface GateFeedReader {
  /** A position of its own, after everything that was published before. */
  begin(): Promise<string>;
  /** What came after a position, a portion at a time; `lost` when the feed no longer has the position. */
  since(position: string): Promise<{ readonly changes: readonly GateChange[]; readonly position: string } | 'lost'>;
  /** `broken` is called when the connection is made anew: a server that was restarted may have lost the last changes. */
  onBreak(broken: () => void): () => void;
}
