import type { FraudPattern, FraudSettings } from '../../shared/domain/calls/fraud.js';
import type { Fact, Subject } from './fraud-watch.js';

/** A finding of the watch. It stays open until a person has reviewed it and recorded the result. */
export interface FraudAlarm {
  readonly id: string;
  readonly pattern: FraudPattern;
  readonly subject: Subject;
  readonly at: Date;
  /** When the pattern was last seen, and the count out of the total at that time. */
  readonly lastAt: Date;
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  /** The stop that the watch set. */
  readonly stopId?: string;
  readonly settled?: {
    readonly at: Date;
    readonly by: string;
    readonly byName: string;
    readonly finding: string;
    readonly lifted: boolean;
  };
}

export interface FraudAlarmStore {
  put(alarm: FraudAlarm): Promise<void>;
  seenAgain(id: string, seen: Pick<FraudAlarm, 'lastAt' | 'count' | 'of'>): Promise<void>;
  one(id: string): Promise<FraudAlarm | undefined>;
  open(): Promise<FraudAlarm[]>;
  /** Findings settled since a given time. */
  settledSince(at: Date): Promise<FraudAlarm[]>;
  list(query: { readonly skip: number; readonly limit: number; readonly openOnly: boolean }): Promise<{
    readonly alarms: FraudAlarm[];
    readonly total: number;
  }>;
  /** False when there is no such finding, or it has already been settled. */
  settle(id: string, settled: NonNullable<FraudAlarm['settled']>): Promise<boolean>;
}

export interface FraudSettingsStore {
  read(): Promise<FraudSettings>;
  write(settings: FraudSettings): Promise<void>;
}

export interface FraudFacts {
  /** Calls and outbound requests since a given time. */
  since(at: Date): Promise<Fact[]>;
  /** Complaints about having been called since a given time, each with the number that had called. */
  complaintsSince(at: Date): Promise<Fact[]>;
  callsOutOf(number: string, since: Date): Promise<number>;
}
