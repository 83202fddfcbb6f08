import { dailyFigureOf } from '../shared/domain/figures/daily.js';
import type { Complaint, ComplaintClock } from './cases/complaint.js';

/** Regulation item 34, for one month or year. `calls`: inbound service calls. `per10000Calls` is null without any. */
export interface ComplaintFigures {
  readonly received: number;
  readonly calls: number;
  readonly per10000Calls: number | null;
  readonly answeredInTime: number;
  readonly answeredLate: number;
  readonly openOverdue: number;
  readonly upheld: number;
  readonly appeals: number;
  readonly byKind: Readonly<Record<string, number>>;
  /** Over the answered cases; null when nobody gave a score. */
  readonly satisfactionMean: number | null;
  readonly satisfactionAnswers: number;
}

/** Changes when the counting changes. A stored figure names the version that counted it. */
export const FIGURES_VERSION = 4;
/** From this version on complaints are compared with inbound service calls, as in packs; before, with all calls. */
export const SERVICE_CALLS_SINCE = 4;

/** The due time as it stood then. A clock that was recomputed later keeps the earlier due time. */
const dueThen = ({ dueAt, recounted = [] }: ComplaintClock, asOf: Date): Date => recounted.find(({ at }) => at >= asOf)?.dueAt ?? dueAt;

/**
 * Counts cases by the time of their receipt, as they stood at `asOf`. Later events are not counted, so that a stored figure can be
 * recomputed from the rows. Repeats that were joined to another case are not counted twice.
 */
export function countFigures(asOf: Date): { add(complaint: Complaint): void; total(calls: number): ComplaintFigures } {
  const counted = { received: 0, answeredInTime: 0, answeredLate: 0, openOverdue: 0, upheld: 0, appeals: 0 };
  const byKind: Record<string, number> = {};
  const scores: number[] = [];
  const happened = (at: Date | undefined): at is Date => at !== undefined && at <= asOf;
  return {
    add(complaint) {
      const {
        joinedInto,
        source,
        clocks: [clock],
        receivedAt,
      } = complaint;
      // Values that changed after the moment are counted as they were then.
      const { kind, closedAt, upheld, satisfaction } = complaint.earlier?.find(({ until }) => until > asOf) ?? complaint;
      if (joinedInto !== undefined || receivedAt > asOf) return;
      counted.received += 1;
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      if (source === 'regulator') counted.appeals += 1;
      if (upheld === true && happened(closedAt)) counted.upheld += 1;
      if (happened(clock?.stoppedAt))
        counted[clock !== undefined && clock.stoppedAt <= clock.dueAt ? 'answeredInTime' : 'answeredLate'] += 1;
      else if (clock !== undefined && dueThen(clock, asOf) < asOf) counted.openOverdue += 1;
      if (satisfaction !== undefined && satisfaction.score !== null && happened(satisfaction.at)) scores.push(satisfaction.score);
    },
    total: (calls) => ({
      ...counted,
      calls,
      per10000Calls: dailyFigureOf('complaintsPer10000', { complaints: counted.received, callsOffered: calls }).value,
      byKind,
      satisfactionMean: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
      satisfactionAnswers: scores.length,
    }),
  };
}
