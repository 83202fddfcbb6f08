import type { StoredVisit } from '../shared/records/visit.js';

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
}

/** `no-call`: no record of its call. `open`: waits though its call is over. `differs`: not as the call's record says. */
export type Difference = 'no-call' | 'open' | 'differs';

export interface CheckStore {
  put(check: DayCheck): Promise<void>;
  of(date: string): Promise<DayCheck | undefined>;
}
