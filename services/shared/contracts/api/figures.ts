import { z } from 'zod';
import { visitOutcomes } from '../../domain/facts.js';
import { figureKeys, isReported } from '../../domain/figures/registry.js';
import { HOUR_OF_WEEK, reportForms, reportIntervals, reportScopes, visitCounts } from '../../domain/figures/report.js';
import { languages } from '../../domain/language.js';
import { FigureParts } from '../figure.js';
import { file, type Endpoints } from './endpoint.js';

/** Which report; days are of the site. */
const Report = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  interval: z.enum(reportIntervals).default('60'),
  by: z.enum(reportScopes).default('all'),
  /** Sums of closed intervals as they stood then; without it the newest, and what has not closed. */
  asOf: z.iso.datetime().optional(),
});
/** Keys of the registry, parted by commas, in the order of the registry whatever order they come in. */
const FigureList = z
  .string()
  .max(2_000)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(figureKeys.filter(isReported))).min(1))
  .transform((named) => figureKeys.filter((key) => named.includes(key)));

/** One line of a report: a time, a scope, and the figures by their key. */
export const ReportRow = z.object({
  /** The beginning of the interval, ISO 8601; of the hours of the week `1-09` (Monday, nine o'clock); empty for the whole time. */
  start: z.string(),
  /** The queue, number, trunk, client unit or agent; empty for all. */
  scope: z.string(),
  figures: z.record(z.string(), FigureParts),
});
export type ReportRow = z.infer<typeof ReportRow>;

export const FigureReport = z.object({
  /** The moments between which the visits began. */
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  /** The moment of which the sums are; null for the newest. */
  asOf: z.iso.datetime().nullable(),
  /** From `skip` on, at most `limit`. */
  rows: z.array(ReportRow),
  /** How many there are in all. */
  rowCount: z.int(),
  /** Totals over all rows, calculated from the sums. */
  total: ReportRow,
  /** How many of all who have left waited up to 5, 10, 15, 20, 30, 60, 120 and 300 seconds, each without those before; the last: longer. */
  waits: z.array(z.int()),
  /** Q = H + A + F + C + L + W, in every row. */
  accounted: z.boolean(),
  /**
   * What it was made from: sums of closed intervals, how many of those were revised and how many facts came after the first sum; the rest of
   * the time (`countedMs`) was counted from facts, or with `asOf` is left out.
   */
  sources: z.object({ sums: z.int(), revised: z.int(), addedLater: z.int(), countedMs: z.int() }),
  /** Before this there are no facts; null without any. */
  factsSince: z.iso.datetime().nullable(),
  /** What the nightly checks of these days found: days that were checked, rows added later, rows that differ. */
  checks: z.object({ days: z.int(), added: z.int(), differences: z.int() }),
});
export type FigureReport = z.infer<typeof FigureReport>;

export const VisitRow = z.object({
  visitId: z.string(),
  callId: z.string(),
  queueId: z.string(),
  called: z.string(),
  enteredAt: z.iso.datetime(),
  waitMs: z.int().nullable(),
  thresholdMs: z.int(),
  /** Null while the caller waits. */
  outcome: z.enum(visitOutcomes).nullable(),
  detail: z.string().nullable(),
  agentId: z.string().nullable(),
});
export type VisitRow = z.infer<typeof VisitRow>;

const reportMediaTypes = ['text/csv', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/pdf'] as const;

export const figuresApi = {
  'GET /figures/report': {
    right: 'calls.read',
    summary:
      'Figures of a time up to 400 days, by interval and by queue, number, trunk, client unit or agent; each with numerator and denominator.',
    query: Report.extend({
      skip: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(3_000).default(3_000),
    }),
    answer: FigureReport,
    failures: ['invalid-request'],
  },
  'GET /figures/report/file': {
    right: 'calls.read',
    summary:
      'All rows of a report as a file, with formulas and their versions, scope, who made it and the SHA-256 of its rows (of its CSV form). Stands in the audit log.',
    query: Report.extend({
      form: z.enum(reportForms),
      language: z.enum(languages).default('zh-CN'),
      figures: FigureList,
    }),
    answer: file(...reportMediaTypes),
    failures: ['invalid-request', 'too-large'],
  },
  'GET /figures/visits': {
    right: 'calls.read',
    summary: 'The visits to queues behind a figure, oldest first.',
    query: z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      by: z.enum(reportScopes).default('all'),
      scope: z.string().max(200).default(''),
      /** Which of them: those that this count of the report is of. */
      of: z.enum(visitCounts).default('entered'),
      /** Restricts the figures to one hour of the week: `1-09` is Monday, nine o'clock. */
      hourOfWeek: z.string().regex(HOUR_OF_WEEK).optional(),
      skip: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ total: z.int(), visits: z.array(VisitRow) }),
    failures: ['invalid-request'],
  },
} as const satisfies Endpoints;
export type FiguresApi = typeof figuresApi;
