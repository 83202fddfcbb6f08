import type {
  AnswerLetter,
  ComplaintClock,
  ComplaintState,
  FileOfCase,
  ShownComplaint,
} from '../../../../services/shared/contracts/api/customers/complaint-case.js';
export type { AnswerLetter, ComplaintClock, ComplaintState };
export const complaintKinds = [
  'harassment',
  'called-after-refusal',
  'attitude',
  'waiting',
  'information-leak',
  'charging',
  'other',
] as const;
export type ComplaintKind = (typeof complaintKinds)[number];
export const complaintSources = ['phone', 'web', 'mail', 'letter', 'regulator', 'low-score'] as const;
export type ComplaintSource = (typeof complaintSources)[number];
export type CaseFile = FileOfCase;

/** A case as `/api/complaints` returns it. */
export type Complaint = ShownComplaint;

/** The running clock, else the last one. */
export const clockOf = (complaint: Complaint): ComplaintClock | undefined =>
  complaint.clocks.find(({ stoppedAt }) => stoppedAt === undefined) ?? complaint.clocks.at(-1);

/** Cases that are or ever were about calls without consent close only with evidence. */
export const needsEvidence = ({ kind, consentAtIssue }: Pick<Complaint, 'kind' | 'consentAtIssue'>): boolean =>
  consentAtIssue === true || kind === 'harassment' || kind === 'called-after-refusal';

export type Duty = 'take' | 'answer' | 'wait' | 'joined' | 'record-satisfaction' | 'attach-evidence' | 'close' | 'done';

/** The next duty in a case. */
export function nextDuty(complaint: Complaint): Duty {
  if (complaint.joinedInto !== undefined && complaint.state !== 'closed') return 'joined';
  if (complaint.sending !== undefined) return 'wait';
  switch (complaint.state) {
    case 'open':
      return 'take';
    case 'in-hand':
      return 'answer';
    case 'answered':
      if (complaint.satisfaction === undefined) return 'record-satisfaction';
      if (needsEvidence(complaint) && complaint.evidence.length === 0) return 'attach-evidence';
      return 'close';
    case 'closed':
      return 'done';
  }
}
