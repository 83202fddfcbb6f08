import type { Complaint } from './complaint.js';

/** Regulation item 34, of one month or year. `per10000Calls` is null without calls. */
export interface ComplaintFigures {
  readonly received: number;
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

/** Counts cases by the time they were received; pure, so that an inspector's recomputation must agree. */
export function complaintFigures(complaints: readonly Complaint[], calls: number): ComplaintFigures {
  const counted = complaints.filter(({ joinedInto }) => joinedInto === undefined);
  const byKind: Record<string, number> = {};
  const scores: number[] = [];
  let answeredInTime = 0;
  let answeredLate = 0;
  let openOverdue = 0;
  for (const { kind, clocks, satisfaction } of counted) {
    byKind[kind] = (byKind[kind] ?? 0) + 1;
    const clock = clocks[0];
    if (clock?.stoppedAt === undefined) openOverdue += clock?.overdueAt === undefined ? 0 : 1;
    else if (clock.stoppedAt <= clock.dueAt) answeredInTime += 1;
    else answeredLate += 1;
    if (typeof satisfaction?.score === 'number') scores.push(satisfaction.score);
  }
  return {
    received: counted.length,
    per10000Calls: calls === 0 ? null : (counted.length / calls) * 10_000,
    answeredInTime,
    answeredLate,
    openOverdue,
    upheld: counted.filter(({ upheld }) => upheld === true).length,
    appeals: counted.filter(({ source }) => source === 'regulator').length,
    byKind,
    satisfactionMean: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    satisfactionAnswers: scores.length,
  };
}
