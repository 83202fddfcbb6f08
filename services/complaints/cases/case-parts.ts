import type { Language } from '../../shared/domain/language.js';
import type { ComplaintKind, Time } from '../clock/deadline-rule.js';
import type { CallId } from '../../shared/domain/ids.js';

/** One action, with its author and time. Actions are only ever added. */
export interface ComplaintAction {
  readonly at: Date;
  readonly by: string;
  readonly what:
    | 'opened'
    | 'joined'
    | 'taken'
    | 'handed-over'
    | 'given-back'
    | 'noted'
    | 'answered'
    | 'satisfaction-recorded'
    | 'evidence-attached'
    | 'letter-made'
    | 'closed'
    | 'reopened'
    | 'reminded'
    | 'escalated'
    | 'overdue'
    | 'kind-changed'
    | 'province-changed'
    | 'number-refused'
    | 'receipt-sent'
    | 'answer-queued'
    | 'answer-failed'
    | 'hold-released'
    | 'extended'
    | 'paused'
    | 'resumed';
  /** The text; for a changed kind or province, the new value. */
  readonly text?: string;
  /** For a changed kind or province: the old value, the reason, and the due time before and after. */
  readonly was?: string;
  readonly reason?: string;
  readonly due?: { readonly from: Date; readonly to: Date };
}

export interface ComplaintAnswer {
  readonly at: Date;
  readonly by: string;
  readonly how: 'call' | 'sms' | 'mail' | 'letter';
  readonly text: string;
  /** The recorded call of the answer, when the answer was given by phone. */
  readonly callId?: CallId;
  /** The letter that contained the answer. */
  readonly letterId?: string;
  /** For an SMS or a mail: the provider accepted it at `at`. */
  readonly messageId?: string;
  readonly toMasked?: string;
}

/** An answer in transit. It counts as given, and the clock stops, when the provider has accepted it. */
export interface SendingAnswer {
  readonly messageId: string;
  readonly how: 'sms' | 'mail';
  readonly text: string;
  readonly toMasked: string;
  readonly by: string;
  readonly at: Date;
}

/** A change of a clock that its rule allows once. */
export interface ClockMove {
  readonly at: Date;
  readonly by: string;
  readonly text: string;
  /** The due time of the answer before the change. */
  readonly dueAt: Date;
  readonly targetAt: Date;
}

/**
 * A clock of the case, with the version of the rule that set it. Only changes that the rule allows move it. A reopened case gets a new
 * clock.
 */
export interface ComplaintClock {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly basis: string;
  readonly confirmed: boolean;
  /** A year without a calendar. Every weekday of it was counted as a working day, so the clock is too short rather than too long. */
  readonly provisionalYear?: number;
  readonly startedAt: Date;
  readonly targetAt: Date;
  readonly dueAt: Date;
  /** The changes that the rule allows: one pause and one extension, neither beyond `notAfter`, when another rule ends the time. */
  readonly allows?: { readonly pause?: Time; readonly extension?: Time; readonly notAfter?: Date };
  readonly extended?: ClockMove;
  /** While the pause has no end, `dueAt` is the last moment to which it can move the answer. */
  readonly paused?: ClockMove & { readonly endedAt?: Date };
  /** The state before the case got another province or kind. */
  readonly recounted?: readonly (ClockMove & Pick<ComplaintClock, 'ruleId'>)[];
  /** When the answer stopped it. */
  readonly stoppedAt?: Date;
  readonly remindedAt?: Date;
  readonly escalatedAt?: Date;
  /** Set once, when the time ran out. It is never removed. */
  readonly overdueAt?: Date;
}

export interface Complainant {
  readonly name?: string;
  /** The masked number, the masked mail address of somebody who wrote without a number, or `anonymous`. */
  readonly numberMasked: string;
  /** Keyed hash of the number, or of the mail address if there is no number. Without either the complainant cannot be found by it. */
  readonly numberHash?: string;
  /** The complainant's address for answers, sealed; it never leaves the server. */
  readonly sealed?: { readonly number?: string; readonly mail?: string };
  /** The ways of answering for which the case has an address. */
  readonly reachable?: readonly ('sms' | 'mail')[];
}

/** The state of a case before a change, as far as figures count it. A stored figure can be recomputed from these states. */
export interface StoodBefore {
  readonly until: Date;
  readonly kind: ComplaintKind;
  readonly upheld?: boolean;
  readonly closedAt?: Date;
  readonly satisfaction?: { readonly score: number | null; readonly at: Date; readonly by: string };
}

/** A file of a case: the text that describes it. The object store holds the bytes. */
export interface FileOfCase {
  readonly fileId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Evidence of consent, or the corrective action, with its kind. */
export interface Evidence {
  readonly at: Date;
  readonly by: string;
  readonly kind: 'consent' | 'corrective-action';
  readonly text: string;
  readonly file?: FileOfCase;
  /** The recorded call in which the consent was given. */
  readonly callId?: CallId;
}

/** A letter of answer, in each file format. A letter is never changed: a changed answer is a further letter. */
export interface AnswerLetter {
  readonly letterId: string;
  readonly at: Date;
  readonly by: string;
  readonly language: Language;
  /** The finding, and the answer. */
  readonly found: string;
  readonly answer: string;
  /** Contains the whole number of the complainant. */
  readonly whole?: true;
  readonly files: readonly (FileOfCase & { readonly form: 'docx' | 'pdf' })[];
}
