import type { Language } from '../../shared/domain/language.js';
import type { ComplaintKind, Time } from '../clock/deadline-rule.js';

/** One thing that was done, by whom and when; only ever added to. */
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
  /** What was said; of a changed kind or province the new one. */
  readonly text?: string;
  /** Of a changed kind or province: the one before, why, and when the answer was due before and is due now. */
  readonly was?: string;
  readonly reason?: string;
  readonly due?: { readonly from: Date; readonly to: Date };
}

export interface ComplaintAnswer {
  readonly at: Date;
  readonly by: string;
  readonly how: 'call' | 'sms' | 'mail' | 'letter';
  readonly text: string;
  /** The recorded call of the answer, when it was given by call. */
  readonly callId?: string;
  /** The letter of the case that it was given by. */
  readonly letterId?: string;
  /** Of an SMS or a mail: the provider took it at `at`. */
  readonly messageId?: string;
  readonly toMasked?: string;
}

/** An answer that is on its way: it is given, and the clock stops, when the provider has taken it. */
export interface SendingAnswer {
  readonly messageId: string;
  readonly how: 'sms' | 'mail';
  readonly text: string;
  readonly toMasked: string;
  readonly by: string;
  readonly at: Date;
}

/** A change of a clock that its rule allows, once. */
export interface ClockMove {
  readonly at: Date;
  readonly by: string;
  readonly text: string;
  /** When the answer was due before. */
  readonly dueAt: Date;
  readonly targetAt: Date;
}

/** A clock of the case, with the rule version that set it. Only what its rule allows moves it; a reopened case gets a new one. */
export interface ComplaintClock {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly basis: string;
  readonly confirmed: boolean;
  /** The year whose calendar was missing: every weekday was counted, so the clock is rather too short than too long. */
  readonly provisionalYear?: number;
  readonly startedAt: Date;
  readonly targetAt: Date;
  readonly dueAt: Date;
  /** What the rule allows: a pause and an extension, each once, and neither beyond `notAfter`, when another rule ends the time. */
  readonly allows?: { readonly pause?: Time; readonly extension?: Time; readonly notAfter?: Date };
  readonly extended?: ClockMove;
  /** While it has no end, `dueAt` is the last moment to which the pause can put the answer off. */
  readonly paused?: ClockMove & { readonly endedAt?: Date };
  /** What it was before the case got another province or kind. */
  readonly recounted?: readonly (ClockMove & Pick<ComplaintClock, 'ruleId'>)[];
  /** When the answer stopped it. */
  readonly stoppedAt?: Date;
  readonly remindedAt?: Date;
  readonly escalatedAt?: Date;
  /** Set once when it ran out; nothing takes it away. */
  readonly overdueAt?: Date;
}

export interface Complainant {
  readonly name?: string;
  /** The masked number, the masked mail address of somebody who wrote without a number, or `anonymous`. */
  readonly numberMasked: string;
  /** Keyed hash of the number, or of the mail address when there is no number. Without either nobody can be found by it. */
  readonly numberHash?: string;
  /** Where the complainant is answered, sealed; never leaves the server. */
  readonly sealed?: { readonly number?: string; readonly mail?: string };
  /** Which ways of answering have an address in the case. */
  readonly reachable?: readonly ('sms' | 'mail')[];
}

/** What figures count of a case, as it stood until it was changed: a stored figure is counted again by these. */
export interface StoodBefore {
  readonly until: Date;
  readonly kind: ComplaintKind;
  readonly upheld?: boolean;
  readonly closedAt?: Date;
  readonly satisfaction?: { readonly score: number | null; readonly at: Date; readonly by: string };
}

/** A file that is kept with a case: what evidence or a letter says of it. The bytes stand in the object store. */
export interface FileOfCase {
  readonly fileId: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Evidence of consent, or the corrective action, with what it is. */
export interface Evidence {
  readonly at: Date;
  readonly by: string;
  readonly kind: 'consent' | 'corrective-action';
  readonly text: string;
  readonly file?: FileOfCase;
  /** The recorded call in which the consent was given. */
  readonly callId?: string;
}

/** A letter of answer as it was made, once in each form. It is never made anew: a changed answer is a further letter. */
export interface AnswerLetter {
  readonly letterId: string;
  readonly at: Date;
  readonly by: string;
  readonly language: Language;
  /** What was found, and what is answered. */
  readonly found: string;
  readonly answer: string;
  /** With the whole number of the complainant in it. */
  readonly whole?: true;
  readonly files: readonly (FileOfCase & { readonly form: 'docx' | 'pdf' })[];
}
