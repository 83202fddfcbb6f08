import type { ReportForm } from '../shared/domain/figures/report.js';
import type { StoredVisit } from '../shared/records/visit.js';
import type { ReportSheet } from './files/report-sheet.js';
import type { Span } from './report.js';
import type { SumTexts } from './sums.js';
import type { CallId } from '../shared/domain/ids.js';

/** What is known when a caller enters a queue. */
export type EnteredVisit = Pick<
  StoredVisit,
  | '_id'
  | 'callId'
  | 'queueId'
  | 'enteredAt'
  | 'thresholdMs'
  | 'returned'
  | 'direction'
  | 'class'
  | 'trunkId'
  | 'called'
  | 'clientUnit'
  | 'priority'
  | 'skills'
>;
/** How a visit ended. */
export type VisitEnd = Required<Pick<StoredVisit, 'leftAt' | 'waitMs' | 'outcome' | 'offers'>> & Pick<StoredVisit, 'detail' | 'agentId'>;

/** The result of a call, and when an agent gave it. */
export interface CallResult {
  readonly result: string;
  readonly at: Date;
}

/** The rows of visits. Each is written at its beginning and closed once; repetitions change nothing. */
export interface VisitStore {
  entered(visit: EnteredVisit, at: Date): Promise<void>;
  /** Also works when nobody has reported its beginning. */
  left(visit: EnteredVisit, end: VisitEnd, at: Date): Promise<void>;
  /** The result of a call, for all of its visits that have no later one. With `notedAt` they count as late facts of their day. */
  gaveResult(callId: CallId, result: CallResult, notedAt?: Date): Promise<void>;
}

/** Removes rows past their retention. Returns how many began before and were removed. */
export interface Aged {
  removeBefore(at: Date): Promise<number>;
}

/** The result of the check of a day, stored with the day. `differences` is empty when the figures are right. */
export interface DayCheck {
  /** The site's date. */
  readonly date: string;
  readonly at: Date;
  readonly calls: number;
  readonly visits: number;
  /** Missing rows that were written from the records of the calls. */
  readonly added: number;
  /** Visit ids with what is wrong, at most 100. */
  readonly differences: readonly { readonly visitId: string; readonly what: Difference }[];
  /** Service visits that none of H, A, F, C, L and W contains, as the store counts them. Missing in checks of earlier versions. */
  readonly unaccounted?: number | undefined;
  /** Stored intervals that were larger than their rows. */
  readonly overstated?: number | undefined;
}

/**
 * `damaged`: does not fit its record. `no-call`: no record of its call. `open`: waits although its call has ended. `differs`: not as in the
 * record of the call.
 */
export type Difference = 'damaged' | 'no-call' | 'open' | 'differs';

export interface CheckStore {
  put(check: DayCheck): Promise<void>;
  /** Adds to the result of a day's check. */
  overstated(date: string, intervals: number): Promise<void>;
  of(date: string): Promise<DayCheck | undefined>;
}

/** The sums of an ended interval, as they were computed from its facts. */
export interface StoredSum extends SumTexts {
  readonly id: string;
  readonly grain: SumGrain;
  readonly startAt: Date;
  readonly untilAt: Date;
  /** The version of the counts; see SUMS_VERSION. */
  readonly version: number;
  /** Raised with each change by late facts. */
  readonly revision: number;
  readonly madeAt: Date;
  /** The number of visits and handlings in it. */
  readonly facts: number;
  /** The same number at the first computation. */
  readonly firstFacts: number;
  /** Earlier values, oldest first. */
  readonly earlier: readonly SumRevision[];
}
export type SumRevision = Pick<StoredSum, 'revision' | 'madeAt' | 'facts' | 'places' | 'agents' | 'results'> & {
  /** The version of its counts; missing for 4 and earlier. */
  readonly version?: number | undefined;
};

/** Fifteen minutes, or a day of the site. */
export type SumGrain = 'quarter' | 'day';

export interface SumStore extends Aged {
  /** Does nothing when it exists. */
  add(sum: StoredSum): Promise<void>;
  /** Does nothing when the revision has changed. */
  revise(sum: StoredSum, known: number): Promise<void>;
  /** In order of time; only the named texts are read. */
  read(grain: SumGrain, span: Span, fields: readonly (keyof SumTexts | 'earlier')[]): AsyncIterable<StoredSum>;
  changedSince(at: Date, span: Span): Promise<boolean>;
}

/** The sites of a service number, oldest first; an empty entry means no site. */
export interface NumberSites {
  readonly number: string;
  readonly spells: readonly { readonly site: string; readonly fromAt: Date }[];
}

export interface NumberSitesStore {
  all(): Promise<readonly NumberSites[]>;
  put(number: NumberSites): Promise<void>;
}

/** The calendar and the clock of the site. */
export interface SiteDays {
  readonly zone: string;
  /** The days from one date to another, both included. Fails with `invalid-request` when there are none or too many. */
  daysOf(from: string, to: string): { readonly span: Span; readonly dates: readonly string[] };
  /** The times within a span that are this hour of the week (`1-09`). */
  hoursIn(span: Span, hourOfWeek: string): readonly Span[];
  /** A time of a day (`09:15`; `24:00` is its end); undefined when the clock does not show it. */
  momentOf(date: string, time: string): number | undefined;
  /** `2026-11-28 09:15`. */
  timeText(atMs: number): string;
  /** With its seconds: many states and calls begin within one minute. */
  secondText(atMs: number): string;
}

/** The name at the head of a printed report. */
export interface ReportHeading {
  readonly company: string;
  readonly licence: string;
}

/** Makes the file of a report, and the SHA-256 of its rows as CSV, which is the same for every form. */
export type RenderReport = (
  sheet: ReportSheet,
  form: ReportForm,
  heading: ReportHeading,
) => Promise<{ readonly bytes: Uint8Array; readonly sha256: string }>;
