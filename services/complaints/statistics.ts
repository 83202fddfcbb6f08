import { dailyFigureOf } from '../shared/domain/figures/daily.js';
import type { Complaint, ComplaintClock } from './cases/complaint.js';

/** Regulation item 34, of one month or year. `calls`: those that came in for service; `per10000Calls` is null without any. */
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
  /** Of those answered; null when none said. */
  readonly satisfactionMean: number | null;
  readonly satisfactionAnswers: number;
}

/** Changes when the counting changes: a stored figure says by which it was counted. */
export const FIGURES_VERSION = 4;
/** From this version on complaints are set against calls that came in for service, as packs do; before, against all calls. */
export const SERVICE_CALLS_SINCE = 4;

/** When the answer was due as it stood then: a clock that was counted anew later keeps what was due before. */
const dueThen = ({ dueAt, recounted = [] }: ComplaintClock, asOf: Date): Date => recounted.find(({ at }) => at >= asOf)?.dueAt ?? dueAt;

/**
 * Counts cases by the time they were received, as they stood at `asOf`: what happened later is not counted, so that a stored figure can be
 * counted again from the rows. Repeats that are joined into another case are not counted twice.
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
      // Of what was changed after the moment, the values of then.
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
