import { z } from 'zod';
import { factKinds } from '../../../domain/figures/filters.js';
import { figureKeys } from '../../../domain/figures/registry.js';
import { dailyRowKinds, HOUR_OF_WEEK, reportScopes } from '../../../domain/figures/report.js';
import { AgentId, CallId, QueueId } from '../../ids.js';
import { FigureParts } from '../../queues/figure.js';
import type { Endpoints } from '../endpoint.js';
import { filterFields } from './filter-query.js';

/** A row that a daily figure counts. */
export const DailyRow = z.object({
  id: z.string(),
  kind: z.enum(dailyRowKinds),
  at: z.iso.datetime(),
  callId: CallId.nullable(),
  /** What the row adds: 1, or the seconds or minutes of a figure of time. */
  adds: z.number(),
});
export type DailyRow = z.infer<typeof DailyRow>;

/** A fact behind a figure. */
export const FigureRow = z.object({
  id: z.string(),
  kind: z.enum(factKinds),
  at: z.iso.datetime(),
  callId: CallId.nullable(),
  queueId: QueueId.nullable(),
  agentId: AgentId.nullable(),
  trunkId: z.string().nullable(),
  /** How a visit or a leg ended, or the state of an agent. */
  outcome: z.string().nullable(),
  /** The wait of a visit, the time of a handling or a state, or the post-dial delay of a leg. */
  lengthMs: z.int().nullable(),
  /** What the row adds to the numerator and to the denominator; for a percentile its own value, and 1. */
  adds: z.number(),
  counts: z.number(),
});
export type FigureRow = z.infer<typeof FigureRow>;

export const figureRowsApi = {
  'GET /figures/rows': {
    right: 'calls.read',
    summary: 'The facts behind any figure of a line or of the total of a report, oldest first, with what each adds; at most 200,000.',
    query: z.object({
      from: z.iso.datetime(),
      until: z.iso.datetime(),
      key: z.enum(figureKeys),
      by: z.enum(reportScopes).default('all'),
      /** The line of the report. Without it: all lines, as in the total. */
      scope: z.string().max(200).optional(),
      ...filterFields,
      /** Restricts the figure to one hour of the week: `1-09` is Monday, nine o'clock. */
      hourOfWeek: z.string().regex(HOUR_OF_WEEK).optional(),
      skip: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      total: z.int(),
      /** The figure, computed from these rows alone. */
      figure: FigureParts,
      rows: z.array(FigureRow),
    }),
    failures: ['invalid-request', 'timed-out'],
  },
} as const satisfies Endpoints;
export type FigureRowsApi = typeof figureRowsApi;
