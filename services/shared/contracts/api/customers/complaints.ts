import { z } from 'zod';
import { complaintKinds, complaintSources } from '../../../domain/licence/complaint-kind.js';
import { languages } from '../../../domain/language.js';
import { DeadlineRule } from '../../deadline-rule.js';
import { WrittenProvince } from '../../written-province.js';
import { BoardCounts, CalendarYear, ComplaintFigures, FileOfCase, RuleTable, ShownComplaint } from './complaint-case.js';
import { file, type Endpoints } from '../endpoint.js';
import { storedFigures } from '../figures/stored-figures.js';
import { UserId, asCallId, asComplaintId } from '../../ids.js';

/** The largest number of cases. More go through `/exports`, where a second person approves. */
export const FREE_CASE_ROWS = 100;

/** Fields of a change after which the clock is computed again. */
const recounts = {
  /** The reason; required for another province, and when the answer becomes due later. */
  text: z.string().max(10_000).optional(),
  /** The due time as `/recount` returned it. If it would be different now, nothing is saved. */
  seenDueAt: z.coerce.date().optional(),
};

const Act = z.discriminatedUnion('type', [
  z.object({ type: z.literal('take') }),
  z.object({ type: z.literal('hand-over'), to: z.string().min(1).max(64) }),
  z.object({ type: z.literal('give-back'), text: z.string().max(10_000) }),
  z.object({ type: z.literal('note'), text: z.string().max(10_000) }),
  z.object({ type: z.literal('record-satisfaction'), score: z.int().min(1).max(5).nullable() }),
  z.object({
    type: z.literal('attach-evidence'),
    kind: z.enum(['consent', 'corrective-action']),
    text: z.string().max(10_000),
    /** A file that was uploaded to the case before, or a call of the complainant. */
    fileId: z.string().max(64).optional(),
    callId: asCallId(z.string().max(64)).optional(),
  }),
  z.object({ type: z.literal('close'), upheld: z.boolean(), text: z.string().max(10_000) }),
  z.object({ type: z.enum(['extend', 'pause', 'resume']), text: z.string().max(10_000) }),
  z.object({ type: z.literal('change-kind'), kind: z.enum(complaintKinds), ...recounts }),
  z.object({ type: z.literal('change-province'), province: WrittenProvince, ...recounts }),
]);

export const CaseSearch = z.object({
  state: z.enum(['open', 'in-hand', 'answered', 'closed']).optional(),
  kind: z.enum(complaintKinds).optional(),
  owner: z.string().max(64).optional(),
  clientUnit: z.string().max(100).optional(),
  againstAgentId: z.string().max(64).optional(),
  number: z.string().max(24).optional(),
  callId: asCallId(z.string().max(64)).optional(),
  clock: z.enum(['overdue', 'today', 'week', 'later', 'was-overdue']).optional(),
  receivedFrom: z.coerce.date().optional(),
  receivedTo: z.coerce.date().optional(),
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const Form = z
  .object({
    kind: z.enum(complaintKinds),
    text: z.string().trim().min(5).max(5_000),
    number: z
      .string()
      .trim()
      .regex(/^\+?[0-9 -]{5,24}$/)
      .optional(),
    mail: z.email().max(254).optional(),
    name: z.string().trim().max(100).optional(),
    province: WrittenProvince.optional(),
    /** A field that people cannot see. Only a program fills it in. */
    website: z.string().max(200).default(''),
  })
  .refine(({ number, mail }) => number !== undefined || mail !== undefined, {
    path: ['number'],
    message: 'a number or a mail address is needed',
  });

export const complaintsApi = {
  'GET /complaints/names': {
    right: 'complaints.read',
    summary:
      'Names for the ids in cases: colleagues, with who may work on cases, and client units within the scope of the person who asks.',
    answer: z.object({
      people: z.array(
        z.object({
          userId: UserId,
          name: z.string(),
          works: z.boolean(),
        }),
      ),
      clientUnits: z.record(z.string(), z.string()),
    }),
    failures: ['changed-meanwhile', 'invalid-request', 'not-allowed', 'not-found', 'wrong-state'],
  },
  'POST /complaints': {
    right: 'complaints.open',
    summary: 'Opens a complaint, by a call or a number; answers with the number that the complainant gets.',
    body: z.object({
      source: z.enum(complaintSources).default('phone'),
      kind: z.enum(complaintKinds),
      text: z.string().max(10_000).min(1),
      number: z.string().max(24).optional(),
      mail: z.email().max(254).optional(),
      callId: asCallId(z.string().max(64)).optional(),
      name: z.string().max(100).optional(),
      /** The complainant's province. Without it, the province of the address in the text, of the number, or of the site is taken. */
      province: WrittenProvince.optional(),
      clientUnit: z.string().max(100).optional(),
      againstAgentId: z.string().max(64).optional(),
      eventAt: z.coerce.date().optional(),
      receivedAt: z.coerce.date().optional(),
    }),
    answer: ShownComplaint,
    failures: ['invalid-request', 'no-such-call', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'GET /complaints/:id': {
    right: 'complaints.read',
    summary: 'One case with its whole history.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    answer: ShownComplaint,
    failures: ['not-found'],
  },
  'GET /complaints/:id/recount': {
    right: 'complaints.work',
    summary:
      'How another kind or province would change the clock of a case: when the answer is due now, and when it would be. Nothing is saved.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    query: z
      .object({ kind: z.enum(complaintKinds).optional(), province: WrittenProvince.optional() })
      .refine(({ kind, province }) => (kind === undefined) !== (province === undefined), 'either a kind or a province'),
    answer: z.object({
      /** `ran-out` and `stopped`: the clock stays as it is. `clock-paused`: it must be resumed first. */
      outcome: z.enum(['later', 'earlier', 'same', 'stopped', 'ran-out', 'clock-paused']),
      dueAt: z.iso.datetime().optional(),
      next: z.object({ dueAt: z.iso.datetime(), targetAt: z.iso.datetime(), basis: z.string() }).optional(),
      /** The time has already ended: when this is saved, the case is overdue. */
      isPast: z.boolean().optional(),
    }),
    failures: ['invalid-request', 'not-found', 'wrong-state'],
  },
  'POST /complaints/:id/act': {
    right: 'complaints.work',
    summary:
      'One step of the work: take, hand over, give back, note, satisfaction, evidence, close, change the kind or the province, which restarts the calculation of the clock; and, where the rule allows it, extend, pause and resume.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    body: z.object({ act: Act, revision: z.int().optional() }),
    answer: ShownComplaint,
    failures: ['invalid-request', 'no-such-call', 'not-found', 'wrong-state'],
  },
  'POST /complaints/:id/answer': {
    right: 'complaints.work',
    summary: 'Answers the complainant: by call (recorded) or letter at once, by SMS or mail once the provider has accepted it.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    body: z.object({
      how: z.enum(['call', 'sms', 'mail', 'letter']),
      text: z.string().max(10_000),
      callId: asCallId(z.string().max(64)).optional(),
      letterId: z.string().max(64).optional(),
      to: z.string().max(254).optional(),
    }),
    answer: ShownComplaint,
    failures: ['invalid-request', 'no-such-call', 'not-found', 'not-supported', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'POST /complaints/:id/reopen': {
    right: 'complaints.work',
    summary: 'Opens a case again, with a new clock.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    body: z.object({ text: z.string().max(10_000).min(1) }),
    answer: ShownComplaint,
    failures: ['not-found', 'wrong-state'],
  },
  'GET /complaints': {
    right: 'complaints.read',
    summary: 'Cases, by clock or newest first.',
    query: CaseSearch,
    answer: z.object({
      complaints: z.array(ShownComplaint),
      total: z.number(),
    }),
    failures: [],
  },
  'GET /complaints/board': {
    right: 'complaints.read',
    summary:
      'The number of cases that are overdue, due today, this week or later, or that ever missed their deadline, by kind, client and agent.',
    answer: BoardCounts,
    failures: [],
  },
  'GET /complaints/figures': {
    right: 'complaints.read',
    summary: 'The figures of a period as of now (regulation item 34).',
    query: z.object({ from: z.coerce.date(), to: z.coerce.date() }).refine(({ from, to }) => from < to, 'from must be before to'),
    answer: ComplaintFigures,
    failures: [],
  },
  'GET /complaints/export.csv': {
    right: 'complaints.work',
    summary: `Cases as CSV with masked numbers, ${FREE_CASE_ROWS} at most; request more under /exports.`,
    query: CaseSearch,
    answer: file('text/csv'),
    failures: ['approval-needed'],
  },
  'GET /complaints/export.xlsx': {
    right: 'complaints.work',
    summary: `The same as a workbook, ${FREE_CASE_ROWS} cases at most.`,
    query: CaseSearch,
    answer: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    failures: ['approval-needed'],
  },
  'POST /complaints/:id/files': {
    right: 'complaints.work',
    summary:
      'Puts a file (the raw body; pdf, png, jpg, jpeg, docx, xlsx, zip, ofd, csv, txt) to a case, to be named as evidence by a step of the work; if it is not named, it is deleted after a day.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    query: z.object({ fileName: z.string().min(1).max(200) }),
    uploadBytes: 20_000_000,
    answer: FileOfCase,
    failures: ['invalid-request', 'not-found', 'too-large', 'too-many-requests', 'wrong-state'],
  },
  'GET /complaints/:id/files/:fileId': {
    right: 'complaints.read',
    summary: 'A file of a case, its hash checked. A letter with the whole number needs the right to see whole numbers.',
    params: z.object({ id: asComplaintId(z.string().max(64)), fileId: z.string().max(64) }),
    answer: file('application/octet-stream'),
    failures: ['file-damaged', 'not-allowed', 'not-found'],
  },
  'POST /complaints/:id/letters': {
    right: 'complaints.work',
    summary: 'Makes the letter of answer 答复函 as DOCX and PDF and keeps it with the case; the number is masked unless a reason is given.',
    params: z.object({ id: asComplaintId(z.string().max(64)) }),
    body: z.object({
      language: z.enum(languages),
      found: z.string().trim().min(1).max(10_000),
      answer: z.string().trim().min(1).max(10_000),
      wholeNumberReason: z.string().trim().min(3).max(200).optional(),
    }),
    answer: ShownComplaint,
    failures: ['changed-meanwhile', 'invalid-request', 'not-allowed', 'not-found', 'too-many-requests', 'wrong-state'],
  },
  'POST /complaints/import': {
    right: 'complaints.work',
    summary:
      'Imports a CSV (UTF-8, heads source, kind, name, number, text, receivedAt, eventAt, clientUnit, province): all lines or none. The cases appear one after another.',
    uploadBytes: 20_000_000,
    answer: z.object({
      importId: z.string(),
      total: z.number(),
    }),
    failures: ['invalid-request', 'too-large', 'too-many-requests', 'wrong-state'],
  },
  'GET /complaints/import/:importId': {
    right: 'complaints.work',
    summary: 'The progress of an import.',
    params: z.object({ importId: z.string().max(64) }),
    answer: z.object({
      total: z.number(),
      done: z.number(),
      finished: z.boolean(),
    }),
    failures: ['not-found'],
  },
  'POST /complaints/mail': {
    right: 'complaints.open',
    summary: 'Opens a case from a raw mail (RFC 5322); sending the same mail again returns the same case.',
    uploadBytes: 10_000_000,
    answer: ShownComplaint,
    failures: ['invalid-request', 'no-such-call', 'service-unavailable', 'timed-out', 'too-large', 'too-many-requests', 'wrong-state'],
  },
  'POST /public/complaints': {
    right: 'public',
    summary: 'The public form: opens a complaint without signing in and answers with its number. Each address has a low hourly limit.',
    body: Form,
    answer: z.object({
      dueOn: z.string().optional(),
      number: z.string(),
    }),
    failures: ['invalid-request', 'no-such-call', 'service-unavailable', 'timed-out', 'too-many-requests', 'wrong-state'],
  },
  'GET /complaints/rules': {
    right: 'complaints.read',
    summary: 'The deadline rules in force and the working calendars.',
    answer: z.object({
      table: RuleTable.nullish(),
      calendars: z.array(CalendarYear),
    }),
    failures: [],
  },
  'PUT /complaints/rules': {
    right: 'complaints.rules',
    summary: 'A new version of the deadline rules. Running clocks keep the version that set them.',
    body: z.object({
      rules: z
        .array(DeadlineRule.extend({ province: WrittenProvince.optional() }))
        .min(1)
        .max(200),
      /** The version that was edited. The change is refused when another one was saved meanwhile. */
      version: z.int().nonnegative().optional(),
    }),
    answer: z.object({
      version: z.number(),
      validFrom: z.string(),
      rules: z.array(DeadlineRule),
    }),
    failures: ['changed-meanwhile', 'invalid-request'],
  },
  'PUT /complaints/calendars/:year': {
    right: 'complaints.rules',
    summary: 'The working calendar of a year (调休): weekdays off and weekends worked.',
    params: z.object({ year: z.coerce.number().int().min(2000).max(2100) }),
    body: z.object({
      daysOff: z.array(z.string().max(10)).max(60),
      workedWeekends: z.array(z.string().max(10)).max(40),
      source: z.string().max(200),
    }),
    answer: z.object({
      daysOff: z.array(z.string()),
      workedWeekends: z.array(z.string()),
      source: z.string(),
      year: z.number(),
    }),
    failures: ['invalid-request'],
  },
  ...storedFigures('/complaints/figures', ComplaintFigures, {
    read: 'complaints.read',
    what: 'figures of complaints (regulation items 34 and 39)',
  }),
} satisfies Endpoints;
export type ComplaintsApi = typeof complaintsApi;
