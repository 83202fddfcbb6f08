import type { ReportForm } from '../shared/domain/figures/report.js';
import type { StoredVisit } from '../shared/records/visit.js';
import type { ReportSheet } from './files/report-sheet.js';
import type { Span } from './report.js';
import type { SumTexts } from './sums.js';

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

/** The rows of visits. Each is written when it begins and closed once; what comes again changes nothing. */
export interface VisitStore {
  entered(visit: EnteredVisit, at: Date): Promise<void>;
  /** Also where nobody has heard that it began. */
  left(visit: EnteredVisit, end: VisitEnd, at: Date): Promise<void>;
}

/** What has its time and goes when that is over. Returns how many rows began before and were removed. */
export interface Aged {
  removeBefore(at: Date): Promise<number>;
}

/** What the check of a day found. Stored with the day; `differences` is empty when the figures stand. */
export interface DayCheck {
  /** The site's date. */
  readonly date: string;
  readonly at: Date;
  readonly calls: number;
  readonly visits: number;
  /** Rows that were missing and were written from the calls' records. */
  readonly added: number;
  /** Visit ids with what is wrong, at most 100. */
  readonly differences: readonly { readonly visitId: string; readonly what: Difference }[];
  /** Visits of service that none of H, A, F, C, L and W counts, by counts of the store. Checks of earlier versions lack it. */
  readonly unaccounted?: number | undefined;
  /** Stored intervals that said more than their rows. */
  readonly overstated?: number | undefined;
}

/** `damaged`: does not fit its record. `no-call`: no record of its call. `open`: waits though its call is over. `differs`: not as the call's record says. */
export type Difference = 'damaged' | 'no-call' | 'open' | 'differs';

export interface CheckStore {
  put(check: DayCheck): Promise<void>;
  /** Adds to what a check of a day found. */
  overstated(date: string, intervals: number): Promise<void>;
  of(date: string): Promise<DayCheck | undefined>;
}

/** The sums of an interval that is over, as they were made from its facts. */
export interface StoredSum extends SumTexts {
  readonly id: string;
  readonly grain: SumGrain;
  readonly startAt: Date;
  readonly untilAt: Date;
  /** By which counts; see SUMS_VERSION. */
  readonly version: number;
  /** One more with each change by facts that came later. */
  readonly revision: number;
  readonly madeAt: Date;
  /** Visits and handlings that it was made of. */
  readonly facts: number;
  /** How many these were when it was first made. */
  readonly firstFacts: number;
  /** What it was before, oldest first. */
  readonly earlier: readonly SumRevision[];
}
export type SumRevision = Pick<StoredSum, 'revision' | 'madeAt' | 'facts' | 'places' | 'agents'>;

/** Fifteen minutes, or a day of the site. */
export type SumGrain = 'quarter' | 'day';

export interface SumStore extends Aged {
  /** Nothing happens when it is there. */
  add(sum: StoredSum): Promise<void>;
  /** Nothing happens when it is no longer of the known revision. */
  revise(sum: StoredSum, known: number): Promise<void>;
  /** In order of time; only the named texts are read. */
  read(grain: SumGrain, span: Span, fields: readonly ('places' | 'agents' | 'earlier')[]): AsyncIterable<StoredSum>;
  changedSince(at: Date, span: Span): Promise<boolean>;
}

/** The calendar and the clock of the site. */
export interface SiteDays {
  readonly zone: string;
  /** The days from one date to another, both within. Fails with `invalid-request` when there are none or too many. */
  daysOf(from: string, to: string): { readonly span: Span; readonly dates: readonly string[] };
  /** The times within a span that are this hour of the week (`1-09`). */
  hoursIn(span: Span, hourOfWeek: string): readonly Span[];
  /** `2026-11-28 09:15`. */
  timeText(atMs: number): string;
}

/** Who is named at the head of a printed report. */
export interface ReportHeading {
  readonly company: string;
  readonly licence: string;
}

/** Makes the file of a report, and the SHA-256 of its rows as CSV, whatever the form. */
export type RenderReport = (
  sheet: ReportSheet,
  form: ReportForm,
  heading: ReportHeading,
) => Promise<{ readonly bytes: Uint8Array; readonly sha256: string }>;
