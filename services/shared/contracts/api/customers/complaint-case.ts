import { z } from 'zod';
import { complaintKinds, complaintSources } from '../../../domain/licence/complaint-kind.js';
import { languages } from '../../../domain/language.js';
import { DeadlineRule, Time } from '../../deadline-rule.js';
import { CallId, QueueId, ComplaintId } from '../../ids.js';

/**
 *     open ──▶ in-hand ──▶ answered ──▶ closed
 *      │          ▲            │           │
 *      └──────────┴────────────┴───────────┘ reopened
 */
export const ComplaintState = z.enum(['answered', 'closed', 'open', 'in-hand']);
export type ComplaintState = z.infer<typeof ComplaintState>;

/** A file of a case: the text that describes it. The object store holds the bytes. */
export const FileOfCase = z.object({
  fileId: z.string(),
  fileName: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type FileOfCase = z.infer<typeof FileOfCase>;

/** Evidence of consent, or the corrective action, with its kind. */
export const Evidence = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  kind: z.enum(['consent', 'corrective-action']),
  text: z.string(),
  file: FileOfCase.optional(),
  /** The recorded call in which the consent was given. */
  callId: CallId.optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const ComplaintAnswer = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  how: z.enum(['mail', 'letter', 'sms', 'call']),
  text: z.string(),
  /** The recorded call of the answer, when the answer was given by phone. */
  callId: CallId.optional(),
  /** The letter that contained the answer. */
  letterId: z.string().optional(),
  /** Only for an SMS or a mail: the provider's id. The provider accepted it at `at`. */
  messageId: z.string().optional(),
  toMasked: z.string().optional(),
});
export type ComplaintAnswer = z.infer<typeof ComplaintAnswer>;

/** A change of a clock that its rule allows once. */
const ClockMove = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  text: z.string(),
  /** The due time of the answer before the change. */
  dueAt: z.iso.datetime(),
  targetAt: z.iso.datetime(),
});

/**
 * A clock of the case, with the version of the rule that set it. Only changes that the rule allows move it. A reopened case gets a new
 * clock.
 */
export const ComplaintClock = z.object({
  ruleId: z.string(),
  ruleVersion: z.number(),
  basis: z.string(),
  confirmed: z.boolean(),
  /** A year without a calendar. Every weekday of it was counted as a working day, so the clock is too short rather than too long. */
  provisionalYear: z.number().optional(),
  startedAt: z.iso.datetime(),
  targetAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  /** The changes that the rule allows: one pause and one extension, neither beyond `notAfter`, when another rule ends the time. */
  allows: z.object({ pause: Time.optional(), extension: Time.optional(), notAfter: z.iso.datetime().optional() }).optional(),
  extended: ClockMove.optional(),
  /** While the pause has no end, `dueAt` is the last moment to which it can move the answer. */
  paused: ClockMove.extend({ endedAt: z.iso.datetime().optional() }).optional(),
  /** The state before the case got another province or kind. */
  recounted: z.array(ClockMove.extend({ ruleId: z.string() })).optional(),
  /** When the answer stopped it. */
  stoppedAt: z.iso.datetime().optional(),
  remindedAt: z.iso.datetime().optional(),
  escalatedAt: z.iso.datetime().optional(),
  /** Set once, when the time ran out. It is never removed. */
  overdueAt: z.iso.datetime().optional(),
});
export type ComplaintClock = z.infer<typeof ComplaintClock>;

/** A letter of answer, in each file format. A letter is never changed: a changed answer is a further letter. */
export const AnswerLetter = z.object({
  letterId: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  language: z.enum(languages),
  /** The finding, and the answer. */
  found: z.string(),
  answer: z.string(),
  /** Contains the whole number of the complainant. */
  whole: z.literal(true).optional(),
  files: z.array(
    z.object({
      fileId: z.string(),
      fileName: z.string(),
      sizeBytes: z.number(),
      sha256: z.string(),
      form: z.enum(['docx', 'pdf']),
    }),
  ),
});
export type AnswerLetter = z.infer<typeof AnswerLetter>;

/** The state of a case before a change, as far as figures count it. A stored figure can be recomputed from these states. */
export const StoodBefore = z.object({
  until: z.iso.datetime(),
  kind: z.enum(complaintKinds),
  upheld: z.boolean().optional(),
  closedAt: z.iso.datetime().optional(),
  satisfaction: z
    .object({
      score: z.number().nullable(),
      at: z.iso.datetime(),
      by: z.string(),
    })
    .optional(),
});
export type StoodBefore = z.infer<typeof StoodBefore>;

/** An answer in transit. It counts as given, and the clock stops, when the provider has accepted it. */
export const SendingAnswer = z.object({
  messageId: z.string(),
  how: z.enum(['mail', 'sms']),
  text: z.string(),
  toMasked: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type SendingAnswer = z.infer<typeof SendingAnswer>;

/** One action, with its author and time. Actions are only ever added. */
export const ComplaintAction = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  what: z.enum([
    'answered',
    'closed',
    'answer-failed',
    'taken',
    'noted',
    'opened',
    'joined',
    'handed-over',
    'given-back',
    'satisfaction-recorded',
    'evidence-attached',
    'letter-made',
    'reopened',
    'reminded',
    'escalated',
    'overdue',
    'kind-changed',
    'province-changed',
    'number-refused',
    'receipt-sent',
    'answer-queued',
    'hold-released',
    'extended',
    'paused',
    'resumed',
  ]),
  /** The text; for a changed kind or province, the new value. */
  text: z.string().optional(),
  /** For a changed kind or province: the old value, the reason, and the due time before and after. */
  was: z.string().optional(),
  reason: z.string().optional(),
  due: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).optional(),
});
export type ComplaintAction = z.infer<typeof ComplaintAction>;

/** A case as the server sends it, without sealed fields. */
export const ShownComplaint = z.object({
  /** `TS20261125-0001`: the number that the complainant gets. */
  number: z.string(),
  /** The queue of the call that the complaint is about. */
  queueId: QueueId.optional(),
  state: ComplaintState,
  id: ComplaintId,
  kind: z.enum(complaintKinds),
  clientUnit: z.string().optional(),
  /** Raised by each change, so that only one of two simultaneous changes succeeds. */
  revision: z.number(),
  text: z.string(),
  province: z.string(),
  /** How the province is known; unset in cases from before this was recorded. */
  provinceFrom: z.enum(['stated', 'address', 'number', 'site']).optional(),
  source: z.enum(complaintSources),
  receivedAt: z.iso.datetime(),
  eventAt: z.iso.datetime().optional(),
  upheld: z.boolean().optional(),
  closedAt: z.iso.datetime().optional(),
  /** The complainant's score of the answer, 1 to 5, or that none could be had. */
  satisfaction: z
    .object({
      score: z.number().nullable(),
      at: z.iso.datetime(),
      by: z.string(),
    })
    .optional(),
  /** Calls of the same number, the one that the complaint is about first. */
  callIds: z.array(CallId),
  evidence: z.array(Evidence),
  owner: z.string().optional(),
  answers: z.array(ComplaintAnswer),
  /** Staff that the complaint is about. They may not close it. */
  againstAgentId: z.string().optional(),
  clocks: z.array(ComplaintClock),
  letters: z.array(AnswerLetter).optional(),
  /** Oldest first. */
  earlier: z.array(StoodBefore).optional(),
  joinedInto: ComplaintId.optional(),
  /** The case was once of a kind that needs evidence. Another kind does not remove this condition (item 32). */
  consentAtIssue: z.boolean().optional(),
  sending: SendingAnswer.optional(),
  /** How long the recordings of a closed case are held. */
  holdUntil: z.iso.datetime().optional(),
  actions: z.array(ComplaintAction),
  complainant: z.object({
    name: z.string().optional(),
    /** The masked number, the masked mail address of somebody who wrote without a number, or `anonymous`. */
    numberMasked: z.string(),
    /** The ways of answering for which the case has an address. */
    reachable: z.array(z.enum(['mail', 'sms'])).optional(),
  }),
});
export type ShownComplaint = z.infer<typeof ShownComplaint>;

export const BoardCounts = z.object({
  overdue: z.number(),
  today: z.number(),
  week: z.number(),
  later: z.number(),
  answered: z.number(),
  /** The clock ran out at any time. */
  wasOverdue: z.number(),
  byKind: z.record(z.string(), z.number()),
  byClient: z.record(z.string(), z.number()),
  byAgent: z.record(z.string(), z.number()),
});
export type BoardCounts = z.infer<typeof BoardCounts>;

/** Regulation item 34, for one month or year. `per10000Calls` is null without calls. */
export const ComplaintFigures = z.object({
  received: z.number(),
  calls: z.number(),
  per10000Calls: z.number().nullable(),
  answeredInTime: z.number(),
  answeredLate: z.number(),
  openOverdue: z.number(),
  upheld: z.number(),
  appeals: z.number(),
  byKind: z.record(z.string(), z.number()),
  /** The mean over the answered cases; null when nobody gave a score. */
  satisfactionMean: z.number().nullable(),
  satisfactionAnswers: z.number(),
});
export type ComplaintFigures = z.infer<typeof ComplaintFigures>;

/** One version of the whole table. Cases keep the version that set their clock; a new version moves no running clock. */
export const RuleTable = z.object({
  version: z.number(),
  validFrom: z.string(),
  rules: z.array(DeadlineRule),
});
export type RuleTable = z.infer<typeof RuleTable>;

/**
 * One year of the official calendar (国务院办公厅节假日安排): weekdays that are off, and Saturdays and Sundays that are worked instead (调休). Dates
 * such as `2026-10-01`, in the zone of the site.
 */
export const CalendarYear = z.object({
  year: z.number(),
  daysOff: z.array(z.string()),
  workedWeekends: z.array(z.string()),
  source: z.string(),
});
export type CalendarYear = z.infer<typeof CalendarYear>;
