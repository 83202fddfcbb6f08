import { z } from 'zod';
import { file, nothing, type Endpoints } from '../endpoint.js';
import { storedFigures } from '../figures/stored-figures.js';
import { AgentId, CallId, QueueId, asAgentId, asCallId, asQueueId, ComplaintId, asComplaintId } from '../../ids.js';

/** The longest list. A longer period is exported in parts. */
export const SURVEY_EXPORT_ROWS = 5_000;

const filterFields = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  queueId: asQueueId(z.string().max(64)).optional(),
  agentId: asAgentId(z.string().max(64)).optional(),
});

const inOrder = ({ from, to }: { readonly from: Date; readonly to: Date }): boolean => from < to;

export const SurveySearch = filterFields
  .extend({
    hour: z
      .string()
      .regex(/^\d\d$/)
      .optional(),
    score: z.coerce.number().int().min(1).max(5).optional(),
    answered: z.enum(['yes', 'no']).optional(),
    skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
    limit: z.coerce.number().int().min(1).max(200).default(20),
  })
  .refine(inOrder, 'from must be before to');

/** An answer. `corrects` names the row that it replaces. Null: the caller was asked and gave no score. */
export const SurveyAnswer = z.object({
  answerId: z.string(),
  surveyId: z.string(),
  at: z.iso.datetime(),
  score: z.number().nullable(),
  solved: z.boolean().nullable(),
  corrects: z.string().optional(),
  /** `caller`, or the id of the user who corrected it. */
  by: z.string(),
  reason: z.string().optional(),
});
export type SurveyAnswer = z.infer<typeof SurveyAnswer>;

export const SatisfactionFigures = z.object({
  invited: z.number(),
  answered: z.number(),
  /** Always shown next to the score; null when nobody was invited. */
  responseRate: z.number().nullable(),
  mean: z.number().nullable(),
  /** How often each score from 1 to 5 was given. */
  distribution: z.tuple([z.number(), z.number(), z.number(), z.number(), z.number()]),
  solved: z.number(),
  notSolved: z.number(),
});
export type SatisfactionFigures = z.infer<typeof SatisfactionFigures>;

/** A callback after a low score. It may lead to a complaint. */
export const CallBackTask = z.object({
  taskId: z.string(),
  callId: CallId,
  openedAt: z.iso.datetime(),
  reason: z.literal('low-score'),
  score: z.number(),
  queueId: QueueId.optional(),
  agentId: AgentId.optional(),
  called: z.string().optional(),
  state: z.enum(['done', 'open', 'taken']),
  takenAt: z.iso.datetime().optional(),
  takenBy: z.string().optional(),
  doneAt: z.iso.datetime().optional(),
  doneBy: z.string().optional(),
  outcome: z.string().optional(),
  complaintId: ComplaintId.optional(),
});
export type CallBackTask = z.infer<typeof CallBackTask>;

/** An invitation to score a call, without the hash of the number. */
export const Invitation = z.object({
  surveyId: z.string(),
  callId: CallId,
  at: z.iso.datetime(),
  method: z.enum(['keys', 'web', 'sms']),
  language: z.string(),
  queueId: QueueId.optional(),
  agentId: AgentId.optional(),
  /** The service number that was called, which decides whose caller it was. */
  called: z.string().optional(),
});
export type Invitation = z.infer<typeof Invitation>;

export const satisfactionApi = {
  'GET /satisfaction/rows': {
    right: 'satisfaction.read',
    summary: 'The invitations behind a figure with their answers: of a queue, an agent, an hour, a score, answered or not.',
    query: SurveySearch,
    answer: z.object({
      rows: z.array(
        z.object({
          answer: SurveyAnswer.optional(),
          corrected: z.boolean(),
          invitation: Invitation,
        }),
      ),
      total: z.number(),
    }),
    failures: [],
  },
  'GET /satisfaction/export.csv': {
    right: 'complaints.work',
    summary: `Invitations with their answers as CSV, ${SURVEY_EXPORT_ROWS} at most; it contains no phone numbers.`,
    query: SurveySearch,
    answer: file('text/csv'),
    failures: ['too-large'],
  },
  'GET /satisfaction/export.xlsx': {
    right: 'complaints.work',
    summary: 'The same as a workbook.',
    query: SurveySearch,
    answer: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    failures: ['too-large'],
  },
  'GET /satisfaction/figures': {
    right: 'satisfaction.read',
    summary:
      'Score with its response rate and distribution, in total and by queue, agent, hour and day, and the calls that were not invited, by reason.',
    query: filterFields.refine(inOrder, 'from must be before to'),
    answer: z.object({
      all: SatisfactionFigures,
      notInvited: z.object({
        'do-not-call': z.number().optional(),
        'no-mobile-number': z.number().optional(),
        'no-provider': z.number().optional(),
        'asked-recently': z.number().optional(),
        'outbound-call': z.number().optional(),
        'no-record': z.number().optional(),
      }),
      byQueue: z.record(z.string(), SatisfactionFigures),
      byAgent: z.record(z.string(), SatisfactionFigures),
      byHour: z.record(z.string(), SatisfactionFigures),
      byDay: z.record(z.string(), SatisfactionFigures),
    }),
    failures: [],
  },
  'GET /satisfaction/worst': {
    right: 'satisfaction.read',
    summary: 'The calls with the lowest scores, for listening to.',
    query: filterFields
      .refine(inOrder, 'from must be before to')
      .and(z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) })),
    answer: z.object({
      calls: z.array(
        z.object({
          answer: SurveyAnswer,
          invitation: Invitation,
        }),
      ),
    }),
    failures: [],
  },
  'GET /satisfaction/calls/:callId': {
    right: 'satisfaction.read',
    summary: 'Every question to a caller and every answer, row by row.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    answer: z.object({ invitation: Invitation.nullable(), answers: z.array(SurveyAnswer) }),
    failures: [],
  },
  'POST /satisfaction/calls/:callId/correct': {
    right: 'complaints.rules',
    summary: 'Corrects an answer with a new row and its reason; the old row stays.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    body: z.object({
      score: z.int().min(1).max(5).nullable(),
      solved: z.boolean().nullable(),
      reason: z.string().trim().min(5).max(500),
    }),
    answer: nothing,
    failures: ['not-found'],
  },
  'GET /satisfaction/tasks': {
    right: 'satisfaction.read',
    summary: 'Call-backs after low scores.',
    query: z.object({
      state: z.enum(['open', 'taken', 'done']).optional(),
      skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      tasks: z.array(CallBackTask),
      total: z.number(),
    }),
    failures: [],
  },
  'POST /satisfaction/tasks/:taskId/take': {
    right: 'complaints.work',
    summary: 'Takes a call-back, so that two people do not call the same caller.',
    params: z.object({ taskId: z.string().max(64) }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'POST /satisfaction/tasks/:taskId/finish': {
    right: 'complaints.work',
    summary: 'Finishes a call-back with its outcome, and names the complaint that it led to, if any.',
    params: z.object({ taskId: z.string().max(64) }),
    body: z.object({ outcome: z.string().trim().min(1).max(2_000), complaintId: asComplaintId(z.string().max(64)).optional() }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'GET /survey/:surveyId/:signature': {
    right: 'public',
    summary: 'Whether a survey link still waits for its answer, and the language of the caller.',
    params: z.object({ surveyId: z.string().max(64), signature: z.string().max(64) }),
    answer: z.object({
      state: z.enum(['open', 'answered']),
      language: z.string(),
    }),
    failures: ['not-found'],
  },
  'POST /survey/:surveyId/:signature': {
    right: 'public',
    summary: 'A caller’s answer through a link, once and within seven days.',
    params: z.object({ surveyId: z.string().max(64), signature: z.string().max(64) }),
    body: z.object({ score: z.int().min(1).max(5), solved: z.boolean().nullable().default(null) }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  ...storedFigures('/satisfaction/figures', SatisfactionFigures, {
    read: 'satisfaction.read',
    what: 'figures of satisfaction (regulation items 36 and 39)',
  }),
} satisfies Endpoints;
export type SatisfactionApi = typeof satisfactionApi;
