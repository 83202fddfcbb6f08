import type { Complaint } from './complaint.js';

/** A complaint with the same number and kind within this time is joined to the first. */
const REPEAT_WITHIN_MS = 30 * 86_400_000;

type Compared = Pick<Complaint, 'id' | 'kind' | 'clientUnit' | 'source' | 'receivedAt' | 'clocks'>;

/**
 * Whether a case repeats another one of the same number: same kind, client unit and side, and the other one's clock ends no later.
 * Otherwise joining could cost a complaint its earlier deadline, when the other case has another province or its deadline was moved.
 */
export function repeats(complaint: Compared, other: Compared): boolean {
  const [due, otherDue] = [complaint.clocks.at(-1)?.dueAt, other.clocks.at(-1)?.dueAt];
  return (
    other.id !== complaint.id &&
    other.kind === complaint.kind &&
    other.clientUnit === complaint.clientUnit &&
    (other.source === 'regulator') === (complaint.source === 'regulator') &&
    Math.abs(complaint.receivedAt.getTime() - other.receivedAt.getTime()) < REPEAT_WITHIN_MS &&
    due !== undefined &&
    otherDue !== undefined &&
    otherDue <= due
  );
}
