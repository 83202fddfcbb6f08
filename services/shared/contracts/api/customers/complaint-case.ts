import { z } from 'zod';
import { complaintKinds, complaintSources } from '../../../domain/licence/complaint-kind.js';
import { languages } from '../../../domain/language.js';
import { DeadlineRule, Time } from '../../deadline-rule.js';

/**
 *     open ──▶ in-hand ──▶ answered ──▶ closed
 *      │          ▲            │           │
 *      └──────────┴────────────┴───────────┘ reopened
 */
export const ComplaintState = z.enum(['answered', 'closed', 'open', 'in-hand']);
export type ComplaintState = z.infer<typeof ComplaintState>;

/** A file that is kept with a case: what evidence or a letter says of it. The bytes stand in the object store. */
export const FileOfCase = z.object({
  fileId: z.string(),
  fileName: z.string(),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type FileOfCase = z.infer<typeof FileOfCase>;

/** Evidence of consent, or the corrective action, with what it is. */
export const Evidence = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  kind: z.enum(['consent', 'corrective-action']),
  text: z.string(),
  file: FileOfCase.optional(),
  /** The recorded call in which the consent was given. */
  callId: z.string().optional(),
});
export type Evidence = z.infer<typeof Evidence>;

export const ComplaintAnswer = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  how: z.enum(['mail', 'letter', 'sms', 'call']),
  text: z.string(),
  /** The recorded call of the answer, when it was given by call. */
  callId: z.string().optional(),
  /** The letter of the case that it was given by. */
  letterId: z.string().optional(),
  /** Only for an SMS or a mail: the provider's id; the provider accepted it at `at`. */
  messageId: z.string().optional(),
  toMasked: z.string().optional(),
});
export type ComplaintAnswer = z.infer<typeof ComplaintAnswer>;

/** A change of a clock that its rule allows, once. */
const ClockMove = z.object({
  at: z.iso.datetime(),
  by: z.string(),
  text: z.string(),
  /** When the answer was due before. */
  dueAt: z.iso.datetime(),
  targetAt: z.iso.datetime(),
});

/** A clock of the case, with the rule version that set it. Only what its rule allows moves it; a reopened case gets a new one. */
export const ComplaintClock = z.object({
  ruleId: z.string(),
  ruleVersion: z.number(),
  basis: z.string(),
  confirmed: z.boolean(),
  /** The year whose calendar was missing: every weekday was counted, so the clock is rather too short than too long. */
  provisionalYear: z.number().optional(),
  startedAt: z.iso.datetime(),
  targetAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  /** What the rule allows: a pause and an extension, each once, and neither beyond `notAfter`, when another rule ends the time. */
  allows: z.object({ pause: Time.optional(), extension: Time.optional(), notAfter: z.iso.datetime().optional() }).optional(),
  extended: ClockMove.optional(),
  /** While it has no end, `dueAt` is the last moment to which the pause can put the answer off. */
  paused: ClockMove.extend({ endedAt: z.iso.datetime().optional() }).optional(),
  /** What it was before the case got another province or kind. */
  recounted: z.array(ClockMove.extend({ ruleId: z.string() })).optional(),
  /** When the answer stopped it. */
  stoppedAt: z.iso.datetime().optional(),
  remindedAt: z.iso.datetime().optional(),
  escalatedAt: z.iso.datetime().optional(),
  /** Set once when it ran out; nothing takes it away. */
  overdueAt: z.iso.datetime().optional(),
});
export type ComplaintClock = z.infer<typeof ComplaintClock>;

/** A letter of answer as it was made, once in each form. It is never made anew: a changed answer is a further letter. */
export const AnswerLetter = z.object({
  letterId: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  language: z.enum(languages),
  /** What was found, and what is answered. */
  found: z.string(),
  answer: z.string(),
  /** With the whole number of the complainant in it. */
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

/** What figures count of a case, as it stood until it was changed: a stored figure is counted again by these. */
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

/** An answer that is on its way: it is given, and the clock stops, when the provider has taken it. */
export const SendingAnswer = z.object({
  messageId: z.string(),
  how: z.enum(['mail', 'sms']),
  text: z.string(),
  toMasked: z.string(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type SendingAnswer = z.infer<typeof SendingAnswer>;

/** One thing that was done, by whom and when; only ever added to. */
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
  /** What was said; of a changed kind or province the new one. */
  text: z.string().optional(),
  /** Of a changed kind or province: the one before, why, and when the answer was due before and is due now. */
  was: z.string().optional(),
  reason: z.string().optional(),
  due: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }).optional(),
});
export type ComplaintAction = z.infer<typeof ComplaintAction>;

/** A case as it leaves the server: without what is sealed. */
export const ShownComplaint = z.object({
  /** `TS20261125-0001`: what the complainant gets. */
  number: z.string(),
  /** The queue of the call that is complained about. */
  queueId: z.string().optional(),
  state: ComplaintState,
  id: z.string(),
  kind: z.enum(complaintKinds),
  clientUnit: z.string().optional(),
  /** Counted up by each change: two people at once cannot both win. */
  revision: z.number(),
  text: z.string(),
  province: z.string(),
  /** How the province is known; unset in cases of before that was written down. */
  provinceFrom: z.enum(['stated', 'address', 'number', 'site']).optional(),
  source: z.enum(complaintSources),
  receivedAt: z.iso.datetime(),
  eventAt: z.iso.datetime().optional(),
  upheld: z.boolean().optional(),
  closedAt: z.iso.datetime().optional(),
  /** The complainant's word on the answer, 1 to 5, or that none was to be had. */
  satisfaction: z
    .object({
      score: z.number().nullable(),
      at: z.iso.datetime(),
      by: z.string(),
    })
    .optional(),
  /** Calls of that number, the one complained about first. */
  callIds: z.array(z.string()),
  evidence: z.array(Evidence),
  owner: z.string().optional(),
  answers: z.array(ComplaintAnswer),
  /** Staff complained about: they may not close it. */
  againstAgentId: z.string().optional(),
  clocks: z.array(ComplaintClock),
  letters: z.array(AnswerLetter).optional(),
  /** Oldest first. */
  earlier: z.array(StoodBefore).optional(),
  joinedInto: z.string().optional(),
  /** Was of a kind that needs evidence at any time: another kind afterwards does not take the condition away (item 32). */
  consentAtIssue: z.boolean().optional(),
  sending: SendingAnswer.optional(),
  /** Until when the recordings of a closed case are held. */
  holdUntil: z.iso.datetime().optional(),
  actions: z.array(ComplaintAction),
  complainant: z.object({
    name: z.string().optional(),
    /** The masked number, the masked mail address of somebody who wrote without a number, or `anonymous`. */
    numberMasked: z.string(),
    /** Which ways of answering have an address in the case. */
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
  /** Ran out at any time. */
  wasOverdue: z.number(),
  byKind: z.record(z.string(), z.number()),
  byClient: z.record(z.string(), z.number()),
  byAgent: z.record(z.string(), z.number()),
});
export type BoardCounts = z.infer<typeof BoardCounts>;

/** Regulation item 34, of one month or year. `per10000Calls` is null without calls. */
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
  /** Mean over the answered cases; null when nobody gave a score. */
  satisfactionMean: z.number().nullable(),
  satisfactionAnswers: z.number(),
});
export type ComplaintFigures = z.infer<typeof ComplaintFigures>;

/** A version of the whole table: cases keep the version that set their clock, and a new one moves no clock that runs. */
export const RuleTable = z.object({
  version: z.number(),
  validFrom: z.string(),
  rules: z.array(DeadlineRule),
});
export type RuleTable = z.infer<typeof RuleTable>;

/**
 * One year of the official calendar (国务院办公厅节假日安排): days off on weekdays, and Saturdays and Sundays that are worked instead (调休).
 * Dates are `2026-10-01`, of the site's zone.
 */
export const CalendarYear = z.object({
  year: z.number(),
  daysOff: z.array(z.string()),
  workedWeekends: z.array(z.string()),
  source: z.string(),
});
export type CalendarYear = z.infer<typeof CalendarYear>;
