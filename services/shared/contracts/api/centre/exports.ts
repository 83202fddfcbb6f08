import { z } from 'zod';
import { ExportQuery } from '../../export-query.js';
import { Scope } from './identity.js';
import { file, nothing, type Endpoints } from '../endpoint.js';
import { AgentId, QueueId } from '../../ids.js';

export const ExportState = z.enum(['waiting', 'refused', 'approved', 'over']);
export type ExportState = z.infer<typeof ExportState>;

export const Decision = z.object({
  approved: z.boolean(),
  by: z.string(),
  byName: z.string(),
  at: z.iso.datetime(),
  note: z.string().optional(),
});
export type Decision = z.infer<typeof Decision>;

/** A request for a bulk export, and the decision of a second person. */
export const ExportRequest = z.object({
  id: z.string(),
  kind: z.string(),
  query: z.object({ from: z.iso.datetime(), to: z.iso.datetime(), queueId: QueueId.optional(), agentId: AgentId.optional() }),
  /** When it was requested. */
  rows: z.number(),
  reason: z.string(),
  askedBy: z.string(),
  askedByName: z.string(),
  /** The scope of the requesting account: what the file may hold. Whoever approves the request must reach all of it. */
  scope: Scope,
  askedAt: z.iso.datetime(),
  decision: Decision.optional(),
  /** How often the file was downloaded. */
  runs: z.number(),
  lastRunAt: z.iso.datetime().optional(),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

export const exportsApi = {
  'GET /exports': {
    right: 'exports.use',
    summary: 'What the caller may export, and the export requests: the caller’s own, or everybody’s for an approver.',
    answer: z.object({
      kinds: z.array(
        z.object({
          name: z.string(),
          title: z.object({
            zh: z.string(),
            en: z.string(),
          }),
          maxRows: z.number(),
        }),
      ),
      exports: z.array(ExportRequest.extend({ takenMost: z.number(), state: ExportState, mayDecide: z.boolean(), mayTake: z.boolean() })),
    }),
    failures: [],
  },
  'POST /exports': {
    right: 'exports.use',
    summary: 'Requests a bulk export; it waits until a second person approves it.',
    body: z.object({ kind: z.string().max(40), query: ExportQuery, reason: z.string().trim().min(4).max(300) }),
    answer: ExportRequest,
    failures: ['not-allowed', 'not-found', 'too-large'],
  },
  'POST /exports/:id/decide': {
    right: 'exports.approve',
    summary: 'Approves or refuses another person’s request.',
    params: z.object({ id: z.string().min(1).max(64) }),
    body: z.object({ approve: z.boolean(), note: z.string().trim().min(1).max(300).optional() }),
    answer: nothing,
    failures: ['not-found', 'not-settled', 'second-person-needed', 'wrong-state'],
  },
  'GET /exports/:id/file': {
    right: 'exports.use',
    summary: 'The file of an approved export, for the person who asked, within a day and three times at most.',
    params: z.object({ id: z.string().min(1).max(64) }),
    answer: file('text/csv', 'application/zip'),
    failures: ['not-allowed', 'not-found', 'recording-damaged', 'recording-missing', 'recording-truncated', 'service-unavailable'],
  },
} satisfies Endpoints;
export type ExportsApi = typeof exportsApi;
