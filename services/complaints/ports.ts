import type { Complaint } from './complaint.js';
import type { RuleTable } from './deadline-rule.js';
import type { Calendar, CalendarYear } from './working-days.js';

export interface ComplaintSearch {
  readonly state?: string | undefined;
  readonly kind?: string | undefined;
  readonly owner?: string | undefined;
  readonly clientUnit?: string | undefined;
  /** A scope: empty or absent does not restrict. */
  readonly clientUnits?: readonly string[] | undefined;
  readonly againstAgentId?: string | undefined;
  readonly numberHash?: string | undefined;
  readonly callId?: string | undefined;
  readonly clock?: 'overdue' | 'today' | 'week' | 'later' | undefined;
  readonly receivedFrom?: Date | undefined;
  readonly receivedTo?: Date | undefined;
  readonly skip: number;
  readonly limit: number;
}

export interface BoardCounts {
  readonly overdue: number;
  readonly today: number;
  readonly week: number;
  readonly later: number;
  readonly answered: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly byClient: Readonly<Record<string, number>>;
  readonly byAgent: Readonly<Record<string, number>>;
}

export interface ComplaintStore {
  /** The next number of a day, gapless: `TS20261125-0001`. */
  nextNumber(date: string, count?: number): Promise<number>;
  add(complaints: readonly Complaint[]): Promise<void>;
  byId(id: string): Promise<Complaint | undefined>;
  /** Writes when the stored revision is the one before; false when somebody else was faster. */
  replace(complaint: Complaint): Promise<boolean>;
  search(
    query: ComplaintSearch,
    bounds: { readonly todayEnd: Date; readonly weekEnd: Date; readonly now: Date },
  ): Promise<{ readonly complaints: Complaint[]; readonly total: number }>;
  counts(bounds: { readonly todayEnd: Date; readonly weekEnd: Date; readonly now: Date }): Promise<BoardCounts>;
  /** Open cases whose next step of the clock is due before `now`. */
  withDueClock(now: Date, limit: number): Promise<Complaint[]>;
  /** Not closed, of the same number: candidates for joining. */
  openOfNumber(numberHash: string): Promise<Complaint[]>;
  /** Not closed, with this call among theirs. */
  ofCall(callId: string): Promise<Complaint[]>;
  received(from: Date, to: Date): Promise<Complaint[]>;
}

export interface RuleStore {
  newest(): Promise<RuleTable | undefined>;
  add(table: RuleTable): Promise<void>;
  calendars(): Promise<Calendar>;
  putCalendar(year: CalendarYear): Promise<void>;
}

/** What complaints ask of calls: the calls of a number, newest first, and how many there were in a time. */
export interface CallsOfNumber {
  find(numberHash: string, limit: number): Promise<{ readonly callId: string; readonly agentId?: string; readonly numberMasked: string }[]>;
  /** The number of a call, as stored: whole, so only to be hashed, masked or put on the do-not-call list. */
  callerOf(
    callId: string,
  ): Promise<{ readonly number: string; readonly agentId?: string; readonly at: Date; readonly clientUnit?: string } | undefined>;
  count(from: Date, to: Date): Promise<number>;
}

/** Recordings under legal hold, by the case that asks for it. */
export interface RecordingHolds {
  hold(callIds: readonly string[], reason: string): Promise<void>;
  release(callIds: readonly string[], reason: string): Promise<void>;
}

export interface DoNotCall {
  add(number: string, reason: string, source: string): Promise<void>;
}

/** Answers that leave the house. Resolves when the provider took the message. */
export interface Messenger {
  send(message: { readonly how: 'sms' | 'mail'; readonly to: string; readonly subject: string; readonly text: string }): Promise<void>;
}
