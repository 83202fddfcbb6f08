import { z } from 'zod';
import { shiftFaults, shiftGaps } from '../../../domain/figures/adherence.js';
import { reportForms } from '../../../domain/figures/report.js';
import { languages } from '../../../domain/language.js';
import { AgentId } from '../../ids.js';
import { FigureParts } from '../../queues/figure.js';
import { file, type Endpoints } from '../endpoint.js';

/** Media types of the files of reports and lists. */
export const reportMediaTypes = [
  'text/csv',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  'application/pdf',
] as const;

/** Days of the site, and the form of a file of a list. */
export const ListFile = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  form: z.enum(reportForms),
  language: z.enum(languages).default('zh-CN'),
});

/** Times in milliseconds. */
const AdherenceSums = z.object({
  plannedMs: z.int(),
  /** Signed in during a shift. */
  presentMs: z.int(),
  /** On break or away during a shift; part of `presentMs`. */
  pausedMs: z.int(),
  /** At work (ready, ringing, in a call, wrap-up) during a shift, and on the whole day. */
  workedInShiftMs: z.int(),
  workedMs: z.int(),
  /** Gaps longer than the tolerance: before the first sign-in, after the last, between two or the whole shift. */
  lateMs: z.int(),
  earlyMs: z.int(),
  absentMs: z.int(),
  /** Signed in outside all shifts. */
  unplannedMs: z.int(),
  adherence: FigureParts,
  /** May pass 100 %. */
  conformance: FigureParts,
  shrinkage: FigureParts,
});

/** How an agent kept to the shifts of a day. */
export const AdherenceRow = AdherenceSums.extend({
  date: z.iso.date(),
  agentId: AgentId,
  /** The shifts that begin on the day. */
  shifts: z.array(z.object({ shiftId: z.string(), from: z.iso.datetime(), until: z.iso.datetime() })),
  /** The times within them without a sign-in. `counts`: longer than the tolerance. */
  gaps: z.array(z.object({ kind: z.enum(shiftGaps), from: z.iso.datetime(), until: z.iso.datetime(), counts: z.boolean() })),
});
export type AdherenceRow = z.infer<typeof AdherenceRow>;

export const adherenceApi = {
  'GET /figures/adherence': {
    right: 'agents.watch',
    summary:
      'How agents kept to their shifts, by day and name: the shifts of the register as they stand now, against sign-ins. At most 31 days.',
    query: z.object({
      from: z.iso.date(),
      to: z.iso.date(),
      skip: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      madeAt: z.iso.datetime(),
      toleranceMs: z.int(),
      /** The number of rows. */
      total: z.int(),
      /** Of all rows, computed from their times. */
      sums: AdherenceSums,
      rows: z.array(AdherenceRow),
      /** Rows of the register that could not be judged: an unknown account, or times that do not exist. Empty for readers with a scope. */
      faults: z.array(z.object({ shiftId: z.string(), why: z.enum(shiftFaults) })),
    }),
    failures: ['invalid-request', 'service-unavailable', 'timed-out'],
  },
  'GET /figures/adherence/file': {
    right: 'agents.watch',
    summary: 'The same as a file, all rows, with the rule, who made it and the SHA-256 of its rows. Stands in the audit log.',
    query: ListFile,
    answer: file(...reportMediaTypes),
    failures: ['invalid-request', 'service-unavailable', 'timed-out', 'too-large'],
  },
} as const satisfies Endpoints;
export type AdherenceApi = typeof adherenceApi;
