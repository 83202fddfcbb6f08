import { z } from 'zod';
import { type Endpoints } from '../endpoint.js';
import { AgentId, CallId, QueueId, asAgentId, asCallId, asQueueId } from '../../ids.js';

const Figures = z.object({
  agentId: asAgentId(z.string().max(64)).optional(),
  queueId: asQueueId(z.string().max(64)).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});

const Form = z.object({
  formId: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.record(z.enum(['zh-CN', 'en']), z.string().trim().min(1).max(300)),
  questions: z
    .array(
      z.object({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        text: z.record(z.enum(['zh-CN', 'en']), z.string().trim().min(1).max(300)),
        points: z.int().min(1).max(10),
        weight: z.number().positive().max(100),
        severity: z.enum(['normal', 'critical', 'fatal']).default('normal'),
      }),
    )
    .min(1)
    .max(60)
    .refine((questions) => new Set(questions.map(({ id }) => id)).size === questions.length, 'question ids are not unique'),
});

export const Score = z.object({
  /** 0 to 100, one decimal. */
  percent: z.number(),
  fatal: z.array(z.string()),
  critical: z.array(z.string()),
});
export type Score = z.infer<typeof Score>;

export const Review = z.object({
  reviewId: z.string(),
  callId: CallId,
  agentId: AgentId,
  queueId: QueueId.optional(),
  /** The service number that was called. */
  called: z.string().optional(),
  formId: z.string(),
  formVersion: z.number(),
  answers: z.record(z.string(), z.number().nullable()),
  score: Score,
  comment: z.string(),
  by: z.string(),
  at: z.string(),
  /** The time of the call; missing in reviews from before it was stored. */
  callAt: z.string().nullish(),
  appeal: z
    .object({
      text: z.string(),
      at: z.string(),
    })
    .optional(),
  appealAnswer: z
    .object({
      text: z.string(),
      by: z.string(),
      at: z.string(),
      upheld: z.boolean(),
    })
    .optional(),
});
export type Review = z.infer<typeof Review>;

/**
 * A review form: questions with weights, answered with 0 to `points` or "not applicable". A critical question with 0 points halves the
 * score, a fatal one makes it zero.
 */
export const ReviewQuestion = z.object({
  id: z.string(),
  text: z.record(z.string(), z.string()),
  points: z.number(),
  weight: z.number(),
  severity: z.enum(['fatal', 'critical', 'normal']),
});
export type ReviewQuestion = z.infer<typeof ReviewQuestion>;

export const ReviewForm = z.object({
  formId: z.string(),
  /** A changed form is a new version. Reviews keep the version that they were made with. */
  version: z.number(),
  name: z.record(z.string(), z.string()),
  questions: z.array(ReviewQuestion),
});
export type ReviewForm = z.infer<typeof ReviewForm>;

export const Calibration = z.object({
  callId: CallId,
  formId: z.string(),
  by: z.tuple([z.string(), z.string()]),
  /** The share of questions that both reviewers answered alike, among those that at least one found applicable. */
  sharePercent: z.number(),
  differences: z.array(z.string()),
  scoreDifference: z.number(),
});
export type Calibration = z.infer<typeof Calibration>;

export const Figure = z.object({
  id: z.string(),
  reviews: z.number(),
  meanPercent: z.number(),
  fatal: z.number(),
  openAppeals: z.number(),
});
export type Figure = z.infer<typeof Figure>;

export const Sampled = z.object({
  callId: CallId,
  agentId: AgentId,
});
export type Sampled = z.infer<typeof Sampled>;

export const reviewsApi = {
  'POST /recordings/:callId/reviews': {
    right: 'recordings.review',
    summary: 'A review of a recording with a form. Each reviewer may give one; two of them make a calibration.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    body: z.object({
      formId: z.string().max(40),
      answers: z.record(z.string().max(40), z.number().nullable()),
      comment: z.string().trim().max(2_000).default(''),
    }),
    answer: Review,
    failures: ['already-exists', 'invalid-request', 'not-allowed', 'not-found'],
  },
  'GET /recordings/:callId/reviews': {
    right: 'recordings.review',
    summary: 'The reviews of a recording with their forms, and how far reviewers agree.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    answer: z.object({
      reviews: z.array(Review),
      forms: z.array(ReviewForm),
      agreements: z.array(Calibration),
    }),
    failures: ['not-found'],
  },
  'GET /reviews': {
    right: 'recordings.review',
    summary: 'Reviews, newest first; with `appeal=open` those whose appeal waits for an answer.',
    query: Figures.extend({ appeal: z.enum(['open']).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }),
    answer: z.object({
      reviews: z.array(Review),
      forms: z.array(ReviewForm),
    }),
    failures: ['not-found'],
  },
  'GET /my-reviews': {
    right: 'calls.own',
    summary: 'The reviews of the calls of the person who asks, with the forms that they were made with.',
    answer: z.object({
      reviews: z.array(Review),
      forms: z.array(ReviewForm),
    }),
    failures: ['not-found'],
  },
  'POST /reviews/:reviewId/appeal': {
    right: 'calls.own',
    summary: 'The agent objects to a review, once.',
    params: z.object({ reviewId: z.string().max(64) }),
    body: z.object({ text: z.string().trim().min(3).max(2_000) }),
    answer: Review.optional(),
    failures: ['already-exists', 'not-allowed', 'not-found'],
  },
  'POST /reviews/:reviewId/appeal-answer': {
    right: 'recordings.review',
    summary: 'The answer to an appeal, by somebody other than the reviewer. An appeal that is upheld takes the review out of the figures.',
    params: z.object({ reviewId: z.string().max(64) }),
    body: z.object({ text: z.string().trim().min(3).max(2_000), upheld: z.boolean() }),
    answer: Review.optional(),
    failures: ['not-allowed', 'not-found', 'wrong-state'],
  },
  'GET /review-figures': {
    right: 'recordings.review',
    summary: 'Count, mean score, fatal share and open appeals, per agent and per queue, and how far reviewers of the same call agree.',
    query: Figures,
    answer: z.object({
      agents: z.array(Figure),
      queues: z.array(Figure),
      calibrations: z.array(Calibration),
    }),
    failures: ['not-found'],
  },
  'GET /review-forms': {
    right: 'recordings.review',
    summary: 'The forms, each version.',
    answer: z.object({
      forms: z.array(ReviewForm),
    }),
    failures: [],
  },
  'POST /review-forms': {
    right: 'recordings.review',
    summary: 'A form, or the next version of one.',
    body: Form,
    answer: z.object({
      version: z.number(),
      formId: z.string(),
      name: z.object({
        'zh-CN': z.string(),
        en: z.string(),
      }),
      questions: z.array(
        z.object({
          id: z.string(),
          text: z.object({
            'zh-CN': z.string(),
            en: z.string(),
          }),
          points: z.number(),
          weight: z.number(),
          severity: z.enum(['fatal', 'critical', 'normal']),
        }),
      ),
    }),
    failures: ['already-exists'],
  },
  'POST /review-samples': {
    right: 'recordings.review',
    summary:
      'Draws the given number of recordings of each agent with a seed that is stored with the draw; the same seed draws the same recordings.',
    body: z.object({
      from: z.coerce.date(),
      to: z.coerce.date(),
      quota: z.int().min(1).max(50),
      seed: z
        .string()
        .regex(/^[\w-]{1,64}$/)
        .optional(),
      agentId: asAgentId(z.string().max(64)).optional(),
    }),
    answer: z.object({
      sampleId: z.string(),
      seed: z.string(),
      quota: z.number(),
      from: z.string(),
      to: z.string(),
      by: z.string(),
      at: z.string(),
      calls: z.array(Sampled),
    }),
    failures: [],
  },
  'GET /review-samples': {
    right: 'recordings.review',
    summary: 'Draws, newest first, with their seeds, and which of the drawn calls are reviewed.',
    answer: z.object({
      samples: z.array(
        z.object({
          calls: z.array(
            z.object({
              reviewed: z.boolean(),
              callId: CallId,
              agentId: AgentId,
            }),
          ),
          sampleId: z.string(),
          seed: z.string(),
          quota: z.number(),
          from: z.string(),
          to: z.string(),
          by: z.string(),
          at: z.string(),
        }),
      ),
    }),
    failures: [],
  },
} satisfies Endpoints;
export type ReviewsApi = typeof reviewsApi;
