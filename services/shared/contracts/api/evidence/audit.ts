import { z } from 'zod';
import { type Endpoints } from '../endpoint.js';

/**
 * One stored row of the audit log. `before` and `after` are digests, because the audit log must not become a second copy of personal data.
 */
export const AuditRow = z.object({
  /** Counts from 1 without gaps. */
  number: z.number(),
  at: z.string(),
  who: z.string(),
  what: z.string(),
  object: z.string().optional(),
  from: z.string().optional(),
  success: z.boolean(),
  reason: z.string().optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  /** The hash of the row before. The first row has 64 zeros. */
  previous: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

export const ChainVerdict = z.object({
  rows: z.number(),
  /** No row was changed, and each row names the one before it. */
  integrity: z.object({
    ok: z.boolean(),
    firstBadRow: z.number().optional(),
  }),
  /** No row is missing, neither in the middle nor at the end. */
  completeness: z.object({
    ok: z.boolean(),
    missing: z.array(z.number()),
    cutTailBelow: z.number().optional(),
  }),
});
export type ChainVerdict = z.infer<typeof ChainVerdict>;

export const auditApi = {
  'GET /audit': {
    right: 'audit.read',
    summary: 'Rows of the audit log, newest first; `before` gives the next page.',
    query: z.object({
      who: z.string().max(64).optional(),
      what: z.string().max(64).optional(),
      object: z.string().max(128).optional(),
      from: z.coerce.date().optional(),
      to: z.coerce.date().optional(),
      before: z.coerce.number().int().positive().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    answer: z.object({
      rows: z.array(AuditRow),
    }),
    failures: [],
  },
  'POST /audit/check': {
    right: 'audit.read',
    summary: 'Checks the whole chain against its anchors: integrity and completeness, reported separately.',
    answer: ChainVerdict,
    failures: [],
  },
} satisfies Endpoints;
export type AuditApi = typeof auditApi;
