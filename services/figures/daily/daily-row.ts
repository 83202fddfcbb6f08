import type { DailyCount, DailyCut } from '../../shared/domain/figures/daily.js';
import type { DailyRowKind } from '../../shared/domain/figures/report.js';
import type { Reach } from '../../shared/platform/reach/reach.js';
import type { Reads } from '../../shared/records/reads.js';
import type { Span } from '../report.js';
import type { CallId, QueueId, TrunkId } from '../../shared/domain/ids.js';

/** A row and what it adds to the counts of daily figures. */
export interface DailyRow {
  readonly id: string;
  readonly kind: DailyRowKind;
  readonly at: Date;
  readonly callId?: CallId | undefined;
  /** The queue, the number and the trunk of the row, if it has them. */
  readonly queueId?: QueueId | undefined;
  readonly called?: string | undefined;
  readonly trunkId?: TrunkId | undefined;
  readonly counts: Partial<DailyCount>;
}

export interface DailyNeeds {
  readonly reads: Pick<
    Reads,
    | 'callbacks'
    | 'seatCallbacks'
    | 'calls'
    | 'recordings'
    | 'visits'
    | 'complaints'
    | 'proofCalls'
    | 'refusals'
    | 'surveys'
    | 'surveyAnswers'
  >;
  /** Answered outbound calls of a period, each with whether all four elements can be shown. */
  readonly elementsOf: (span: {
    readonly from: Date;
    readonly until: Date;
  }) => Promise<readonly { readonly callId: CallId; readonly at: Date; readonly isWhole: boolean }[]>;
}

/** The period, the reader's reach, and the moment of the request. */
export interface DailySpan extends Span {
  readonly reach: Reach;
  readonly nowMs: number;
  /** For what each busiest moment is sought: for all together, or for each queue, number or trunk on its own. */
  readonly by?: DailyCut;
}

/** The queue, number or trunk of a row; undefined if it has none. */
export function cutOf(by: DailyCut, { queueId, called, trunkId }: Pick<DailyRow, 'queueId' | 'called' | 'trunkId'>): string | undefined {
  switch (by) {
    case 'all':
      return '';
    case 'queue':
      return queueId;
    case 'number':
      return called;
    case 'trunk':
      return trunkId;
  }
}

export type DailySource = (needs: DailyNeeds, span: DailySpan) => AsyncIterable<readonly DailyRow[]>;
