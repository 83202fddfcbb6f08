import { z } from 'zod';
import { agentStates } from '../../../domain/people/agent-state.js';
import { visitOutcomes } from '../../../domain/figures/facts.js';
import { comparisons } from '../../../domain/figures/comparison.js';
import { dailyNotes } from '../../../domain/figures/daily-note.js';
import { dailyGaps } from '../../../domain/figures/daily.js';
import { lineGaps } from '../../../domain/figures/filters.js';
import { allFigureKeys, dailyKeys, figureKeys } from '../../../domain/figures/registry.js';
import {
  followUps,
  HOUR_OF_WEEK,
  reportForms,
  reportIntervals,
  reportScopes,
  transferScopes,
  transferTargets,
  visitCounts,
} from '../../../domain/figures/report.js';
import { languages } from '../../../domain/language.js';
import { FigureParts } from '../../queues/figure.js';
import { file, nothing, type Endpoints } from '../endpoint.js';
import { reportMediaTypes } from './adherence.js';
import { DailyRow } from './rows.js';
import { ReportChoices, SavedReport } from './saved-reports.js';
import { filterFields } from './filter-query.js';
import { AgentId, CallId, QueueId, UserId, asQueueId } from '../../ids.js';

/** The query of a report. Days are days of the site. */
const Report = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  interval: z.enum(reportIntervals).default('60'),
  by: z.enum(reportScopes).default('all'),
  ...filterFields,
  /** Uses the sums of closed intervals as they stood at this moment. Without it: the newest sums, plus intervals that have not closed. */
  asOf: z.iso.datetime().optional(),
  /** Puts the figures of earlier days beside each line: those just before, or the same weekdays. Not for months, and for weeks only by weekday. */
  compare: z.enum(comparisons).optional(),
});
/** Keys of the registry, separated by commas. They are returned in the order of the registry, whatever order they come in. */
const listOf = <Key extends string>(keys: readonly Key[]) =>
  z
    .string()
    .max(2_000)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(keys)).min(1))
    .transform((named) => keys.filter((key) => (named as readonly string[]).includes(key)));

/** One line of a report: a period, a scope, and the figures by their key. */
export const ReportRow = z.object({
  /** The beginning of the interval, ISO 8601. For hours of the week `1-09` (Monday, nine o'clock). Empty for the whole period. */
  start: z.string(),
  /** The queue, number, trunk, client unit, site, result, agent or team. Empty for all, for calls without a result and for people in no team. */
  scope: z.string(),
  figures: z.record(z.string(), FigureParts),
  /** The figures of the days that it is compared with, if any. */
  compared: z.record(z.string(), FigureParts).optional(),
});
export type ReportRow = z.infer<typeof ReportRow>;

export const FigureReport = z.object({
  /** The period in which the visits began. */
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  madeAt: z.iso.datetime(),
  /** The moment at which the sums stood; null for the newest sums. */
  asOf: z.iso.datetime().nullable(),
  /** Rows from `skip` on, at most `limit`. */
  rows: z.array(ReportRow),
  /** By result: the names of the results in these rows. */
  scopeNames: z.record(z.string(), z.object({ 'zh-CN': z.string(), en: z.string() })),
  /** The total number of rows. */
  rowCount: z.int(),
  /** Totals over all rows, computed from the sums. */
  total: ReportRow,
  /**
   * How many of the callers who have left waited up to 5, 10, 15, 20, 30, 60, 120 and 300 seconds, each without those counted before. The
   * last entry: longer.
   */
  waits: z.array(z.int()),
  /** Whether Q = H + A + F + C + L + W holds in every row. */
  accounted: z.boolean(),
  /** Which figures the lines do not have, because their rows do not say to which line they belong; but for `no-result` neither has the total. */
  gaps: z.array(z.object({ key: z.enum(figureKeys), why: z.enum(lineGaps) })),
  /** Which figures of whole days are missing in single lines, and why; the total covers all days together. */
  dailyNotes: z.array(z.object({ key: z.enum(dailyKeys), why: z.enum(dailyNotes) })),
  /**
   * The origin of the report: sums of closed intervals, how many of them were revised, and how many facts arrived after the first sum. The
   * rest of the time (`countedMs`) was counted from facts, or is left out with `asOf`.
   */
  sources: z.object({ sums: z.int(), revised: z.int(), addedLater: z.int(), countedMs: z.int() }),
  /** The time of the first fact; null when there are no facts. */
  factsSince: z.iso.datetime().nullable(),
  /** The result of the nightly checks of these days: days that were checked, rows that were added later, rows that differ. */
  checks: z.object({
    days: z.int(),
    added: z.int(),
    differences: z.int(),
    /** Visits that none of H, A, F, C, L and W contains. */
    unaccounted: z.int(),
    /** Stored sums of intervals that were larger than a new count of their rows. */
    overstated: z.int(),
  }),
});
export type FigureReport = z.infer<typeof FigureReport>;

export const VisitRow = z.object({
  visitId: z.string(),
  callId: CallId,
  queueId: QueueId,
  called: z.string(),
  enteredAt: z.iso.datetime(),
  waitMs: z.int().nullable(),
  thresholdMs: z.int(),
  /** Null while the caller waits. */
  outcome: z.enum(visitOutcomes).nullable(),
  detail: z.string().nullable(),
  agentId: AgentId.nullable(),
});
export type VisitRow = z.infer<typeof VisitRow>;

/** A caller who abandoned, and what happened to the person within a day. */
export const AbandonedRow = z.object({
  visitId: z.string(),
  callId: CallId,
  queueId: QueueId,
  called: z.string(),
  /** Null until the record of the call exists. */
  callerMasked: z.string().nullable(),
  enteredAt: z.iso.datetime(),
  waitMs: z.int(),
  /** Within five seconds. */
  isShort: z.boolean(),
  followUp: z.enum(followUps),
  /** The next inbound call of the same number, and the next outbound call to it. */
  again: z.object({ callId: CallId, at: z.iso.datetime() }).nullable(),
  rungBack: z.object({ callId: CallId, at: z.iso.datetime() }).nullable(),
});
export type AbandonedRow = z.infer<typeof AbandonedRow>;

/** The number of transfers from a queue or an agent to a target. */
export const TransferCell = z.object({
  /** Empty when the call was in no queue. */
  from: z.string(),
  target: z.enum(transferTargets),
  /** The queue or the agent. Empty for a number outside, and for all colleagues when grouped by queue. */
  to: z.string(),
  count: z.int(),
});
export type TransferCell = z.infer<typeof TransferCell>;

export const TransferRow = z.object({
  callId: CallId,
  at: z.iso.datetime(),
  agentId: AgentId,
  /** Null when the call was in no queue. */
  queueId: QueueId.nullable(),
  target: z.enum(transferTargets),
  to: z.string(),
});
export type TransferRow = z.infer<typeof TransferRow>;

const StateTile = z.object({
  state: z.enum(agentStates),
  /** The name of a break, `by-supervisor`, `seat-lost` …; null without a reason. */
  reason: z.string().nullable(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
  /** Only shown to people who see the whole centre. */
  callId: CallId.nullable(),
  /** Has not ended. */
  isOpen: z.boolean(),
});
export type StateTile = z.infer<typeof StateTile>;

export const AgentTiles = z.object({
  agentId: AgentId,
  tiles: z.array(StateTile),
  /** Milliseconds by state. Together they are `signedInMs`. */
  sums: z.record(z.string(), z.int()),
  signedInMs: z.int(),
  /** The overlap of two tiles. Any value but 0 means that the log of states is wrong. */
  overlapMs: z.int(),
});
export type AgentTiles = z.infer<typeof AgentTiles>;

const savedId = z.object({ id: z.string().regex(/^[0-9a-z-]{1,64}$/) });

const Days = z.object({ from: z.iso.date(), to: z.iso.date() });

const rowsOf = { skip: z.coerce.number().int().nonnegative().default(0), limit: z.coerce.number().int().min(1).max(200).default(50) };

export const figuresApi = {
  'GET /figures/report': {
    right: 'calls.read',
    summary:
      'Figures of a period of up to 400 days, by interval and by queue, number, trunk, client unit, site, result, agent or team; each with numerator and denominator.',
    query: Report.extend({
      /** Figures that must be there: fails when a filter makes no sense for one of them. Without it, those are left out. */
      figures: listOf(allFigureKeys).optional(),
      /** Figures of whole days to be counted as well; for at most 31 days. */
      daily: listOf(dailyKeys).optional(),
      skip: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(3_000).default(3_000),
    }),
    answer: FigureReport,
    failures: ['invalid-request', 'timed-out'],
  },
  'GET /figures/report/file': {
    right: 'calls.read',
    summary:
      'All rows of a report as a file, with formulas and their versions, scope, who made it and the SHA-256 of its rows (of its CSV form). Recorded in the audit log.',
    query: Report.extend({
      form: z.enum(reportForms),
      language: z.enum(languages).default('zh-CN'),
      figures: listOf(allFigureKeys),
    }),
    answer: file(...reportMediaTypes),
    failures: ['invalid-request', 'too-large', 'timed-out'],
  },
  'GET /figures/visits': {
    right: 'calls.read',
    summary: 'The visits to queues behind a figure, oldest first.',
    query: z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      by: z.enum(reportScopes).default('all'),
      scope: z.string().max(200).default(''),
      ...filterFields,
      /** Selects the rows that this count of the report consists of. */
      of: z.enum(visitCounts).default('entered'),
      /** Restricts the figures to one hour of the week: `1-09` is Monday, nine o'clock. */
      hourOfWeek: z.string().regex(HOUR_OF_WEEK).optional(),
      skip: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ total: z.int(), visits: z.array(VisitRow) }),
    failures: ['invalid-request'],
  },
  'GET /figures/abandoned': {
    right: 'calls.read',
    summary:
      'Callers who gave up in a queue, newest first, each with the person’s next contact within a day: rung back, called again, talked with an agent.',
    query: Days.extend({ queueId: asQueueId(z.string().max(200)).optional(), followUp: z.enum(followUps).optional(), ...rowsOf }),
    answer: z.object({
      madeAt: z.iso.datetime(),
      /** The number of rows that match the query. */
      total: z.int(),
      /** For all visits, whatever `followUp` was asked for; together they are the number of abandoned visits. */
      counts: z.object(Object.fromEntries(followUps.map((each) => [each, z.int()])) as Record<(typeof followUps)[number], z.ZodInt>),
      rows: z.array(AbandonedRow),
    }),
    failures: ['invalid-request'],
  },
  'GET /figures/transfers': {
    right: 'calls.read',
    summary:
      'The number of callers that agents transferred in a period, from each queue or agent to each queue, colleague or outside number.',
    query: Days.extend({ by: z.enum(transferScopes).default('queue') }),
    answer: z.object({ total: z.int(), cells: z.array(TransferCell) }),
    failures: ['invalid-request'],
  },
  'GET /figures/transfers/calls': {
    right: 'calls.read',
    summary: 'The transfers behind a count of the matrix, oldest first.',
    query: Days.extend({
      by: z.enum(transferScopes).default('queue'),
      source: z.string().max(200).default(''),
      target: z.enum(transferTargets),
      targetId: z.string().max(200).default(''),
      ...rowsOf,
    }),
    answer: z.object({ total: z.int(), rows: z.array(TransferRow) }),
    failures: ['invalid-request'],
  },
  'GET /figures/agent-states': {
    right: 'agents.watch',
    summary: 'The states of agents on a day, tile by tile, by name; with a scope, of the agents of its queues.',
    query: z.object({ date: z.iso.date(), skip: rowsOf.skip, limit: z.coerce.number().int().min(1).max(50).default(30) }),
    answer: z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      madeAt: z.iso.datetime(),
      /** How many agents were signed in on that day. */
      total: z.int(),
      agents: z.array(AgentTiles),
    }),
    failures: ['invalid-request', 'service-unavailable', 'timed-out'],
  },
  'GET /figures/daily': {
    right: 'calls.read',
    summary:
      'Daily figures, counted again: satisfaction, first contact, complaints, recordings, four elements, refusals, peaks, outage. At most 31 days.',
    query: Days,
    answer: z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      madeAt: z.iso.datetime(),
      /** In the order of the registry. With a scope, only those that can be split by queue or number. */
      figures: z.array(
        FigureParts.extend({
          key: z.enum(dailyKeys),
          /** Why it could not be counted: a store is away, or took longer than the time limit. Null if it was counted. */
          missing: z.enum(dailyGaps).nullable(),
        }),
      ),
    }),
    failures: ['invalid-request', 'timed-out'],
  },
  'GET /figures/daily/rows': {
    right: 'calls.read',
    summary: 'The rows behind a daily figure, oldest first: what each adds to the numerator or the denominator.',
    query: Days.extend({ key: z.enum(dailyKeys), of: z.enum(['numerator', 'denominator']).default('numerator'), ...rowsOf }),
    answer: z.object({
      total: z.int(),
      /** The sum of what all rows add: the numerator or the denominator. */
      sum: z.number(),
      rows: z.array(DailyRow),
    }),
    failures: ['invalid-request', 'timed-out'],
  },
  'GET /figures/saved': {
    right: 'reports.keep',
    summary: 'Saved reports: the caller’s own and the shared ones, and the people who may get one by mail.',
    answer: z.object({
      /** Whether the site has a mail server. */
      canMail: z.boolean(),
      /** Whether the site has named its address (`WEB_ORIGIN`): without it a mail has no link. */
      hasLinks: z.boolean(),
      people: z.array(z.object({ userId: UserId, name: z.string(), hasMail: z.boolean() })),
      reports: z.array(SavedReport),
    }),
    failures: [],
  },
  'POST /figures/saved': {
    right: 'reports.keep',
    summary: 'Saves a report under a name; it may be shared, and mailed on working days to people who may save reports.',
    body: ReportChoices,
    answer: SavedReport,
    failures: ['invalid-request', 'not-supported'],
  },
  'PUT /figures/saved/:id': {
    right: 'reports.keep',
    summary: 'Changes one of the caller’s own reports.',
    params: savedId,
    body: ReportChoices,
    answer: SavedReport,
    failures: ['invalid-request', 'not-found', 'not-supported'],
  },
  'DELETE /figures/saved/:id': {
    right: 'reports.keep',
    summary: 'Removes one of the caller’s own reports with its schedule, or a shared one whose owner may no longer save reports.',
    params: savedId,
    answer: nothing,
    failures: ['not-found'],
  },
} as const satisfies Endpoints;
export type FiguresApi = typeof figuresApi;
