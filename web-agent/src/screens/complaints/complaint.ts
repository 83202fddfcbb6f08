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
export type ComplaintState = 'open' | 'in-hand' | 'answered' | 'closed';

export interface CaseFile {
  readonly fileId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface AnswerLetter {
  readonly letterId: string;
  readonly at: string;
  readonly by: string;
  readonly language: 'zh-CN' | 'en';
  readonly found: string;
  readonly answer: string;
  /** With the whole number in it: only some roles may read it. */
  readonly whole?: boolean;
  readonly files: readonly (CaseFile & { readonly form: 'docx' | 'pdf' })[];
}

/** A case as `/api/complaints` tells it. */
export interface Complaint {
  readonly id: string;
  readonly number: string;
  readonly state: ComplaintState;
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly province: string;
  readonly clientUnit?: string;
  readonly complainant: { readonly name?: string; readonly numberMasked: string; readonly reachable?: readonly ('sms' | 'mail')[] };
  readonly text: string;
  readonly receivedAt: string;
  readonly eventAt?: string;
  readonly callIds: readonly string[];
  readonly againstAgentId?: string;
  readonly joinedInto?: string;
  readonly consentAtIssue?: boolean;
  readonly sending?: {
    readonly how: 'sms' | 'mail';
    readonly text: string;
    readonly toMasked: string;
    readonly by: string;
    readonly at: string;
  };
  readonly holdUntil?: string;
  readonly owner?: string;
  readonly clocks: readonly ComplaintClock[];
  readonly evidence: readonly {
    readonly at: string;
    readonly by: string;
    readonly kind: string;
    readonly text: string;
    readonly file?: CaseFile;
    readonly callId?: string;
  }[];
  readonly letters?: readonly AnswerLetter[];
  readonly answers: readonly {
    readonly at: string;
    readonly by: string;
    readonly how: string;
    readonly text: string;
    readonly callId?: string;
    readonly letterId?: string;
    readonly toMasked?: string;
  }[];
  readonly satisfaction?: { readonly score: number | null };
  readonly upheld?: boolean;
  readonly actions: readonly { readonly at: string; readonly by: string; readonly what: string; readonly text?: string }[];
  readonly closedAt?: string;
  readonly revision: number;
}

export interface ComplaintClock {
  readonly basis: string;
  readonly confirmed: boolean;
  readonly provisionalYear?: number;
  readonly startedAt: string;
  readonly targetAt: string;
  readonly dueAt: string;
  readonly stoppedAt?: string;
  readonly overdueAt?: string;
}

/** The clock that runs, else the last one. */
export const clockOf = (complaint: Complaint): ComplaintClock | undefined =>
  complaint.clocks.find(({ stoppedAt }) => stoppedAt === undefined) ?? complaint.clocks.at(-1);

/** Cases that are or ever were about calls without consent close only with evidence. */
export const needsEvidence = ({ kind, consentAtIssue }: Pick<Complaint, 'kind' | 'consentAtIssue'>): boolean =>
  consentAtIssue === true || kind === 'harassment' || kind === 'called-after-refusal';

export type Duty = 'take' | 'answer' | 'wait' | 'joined' | 'record-satisfaction' | 'attach-evidence' | 'close' | 'done';

/** What has to be done next with a case. */
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
