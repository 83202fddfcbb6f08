import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import { withinScope } from '../../shared/domain/rights.js';
import { route, type Audit, type Route } from '../../shared/platform/route.js';
import type { Recording, RecordingStore } from '../archive/ports.js';
import { agreementOf, problemsOfAnswers, scoreOf, type ReviewForm } from './form.js';
import type { Review, ReviewStore } from './ports.js';
import { drawSample } from './sampling.js';

export interface ReviewRoutesDependencies {
  readonly reviews: ReviewStore;
  readonly recordings: Pick<RecordingStore, 'find' | 'sample'>;
  readonly audit: Audit;
  readonly now: () => Date;
}

/** Of a draw: more recordings than this are not looked at. */
const DRAW_FROM = 20_000;
const text = z.record(z.enum(['zh-CN', 'en']), z.string().trim().min(1).max(300));
const Form = z.object({
  formId: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: text,
  questions: z
    .array(
      z.object({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        text,
        points: z.int().min(1).max(10),
        weight: z.number().positive().max(100),
        severity: z.enum(['normal', 'critical', 'fatal']).default('normal'),
      }),
    )
    .min(1)
    .max(60)
    .refine((questions) => new Set(questions.map(({ id }) => id)).size === questions.length, 'question ids are not unique'),
});
const Figures = z.object({
  agentId: z.string().max(64).optional(),
  queueId: z.string().max(64).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});
const comment = z.string().trim().min(3).max(2_000);

/** Forms, reviews, draws, calibration, appeals and their figures. */
export function createReviewHttp({ reviews, recordings, audit, now }: ReviewRoutesDependencies): Route[] {
  async function formOf(formId: string, version?: number): Promise<ReviewForm> {
    const form = await reviews.form(formId, version);
    if (form === undefined) throw new CallCentreError('not-found', 'there is no such form');
    return form;
  }

  async function reviewOf(reviewId: string): Promise<Review> {
    const review = await reviews.review(reviewId);
    if (review === undefined) throw new CallCentreError('not-found', 'there is no such review');
    return review;
  }

  const agentOf = ({ facets }: Recording): string => facets.agentIds.at(-1) ?? '';

  return [
    route({
      method: 'get',
      path: '/review-forms',
      right: 'recordings.review',
      summary: 'The forms, each version.',
      handle: async () => ({ forms: await reviews.forms() }),
    }),
    route({
      method: 'post',
      path: '/review-forms',
      right: 'recordings.review',
      summary: 'A form, or the next version of one.',
      body: Form,
      handle: async ({ principal, body, from }) => {
        const version = ((await reviews.form(body.formId))?.version ?? 0) + 1;
        await audit({ who: principal?.userId ?? '', what: 'review-form.saved', object: `${body.formId}@${version}`, from, success: true });
        if (!(await reviews.addForm({ ...body, version })))
          throw new CallCentreError('already-exists', 'somebody saved this form just now');
        return { ...body, version };
      },
    }),
    route({
      method: 'post',
      path: '/review-samples',
      right: 'recordings.review',
      summary: 'Draws so many recordings of each agent by a seed that is kept with the draw; the same seed draws the same.',
      body: z.object({
        from: z.coerce.date(),
        to: z.coerce.date(),
        quota: z.int().min(1).max(50),
        seed: z
          .string()
          .regex(/^[\w-]{1,64}$/)
          .optional(),
        agentId: z.string().max(64).optional(),
      }),
      handle: async ({ principal, body, from }) => {
        const who = principal?.userId ?? '';
        const seed = body.seed ?? randomBytes(8).toString('hex');
        const found = (await recordings.sample(body.from, body.to, DRAW_FROM)).filter(
          (one) =>
            agentOf(one) !== '' &&
            (body.agentId === undefined || agentOf(one) === body.agentId) &&
            withinScope(principal?.scope.queues ?? [], one.facets.queueId),
        );
        const calls = drawSample(
          found.map((one) => ({ callId: one.callId, agentId: agentOf(one) })),
          body.quota,
          seed,
          (given) => createHash('sha256').update(given).digest('hex'),
        );
        const sample = {
          sampleId: randomUUID(),
          seed,
          quota: body.quota,
          from: body.from.toISOString(),
          to: body.to.toISOString(),
          by: who,
          at: now().toISOString(),
          calls,
        };
        await audit({ who, what: 'review-sample.drawn', object: sample.sampleId, from, success: true, reason: `seed ${seed}` });
        await reviews.addSample(sample);
        return sample;
      },
    }),
    route({
      method: 'get',
      path: '/review-samples',
      right: 'recordings.review',
      summary: 'Draws, newest first, with their seeds.',
      handle: async () => ({ samples: await reviews.samples(50) }),
    }),
    route({
      method: 'post',
      path: '/recordings/:callId/reviews',
      right: 'recordings.review',
      summary: 'A review of a recording by a form. Each reviewer may give one; two of them make a calibration.',
      params: z.object({ callId: z.string().max(64) }),
      body: z.object({
        formId: z.string().max(40),
        answers: z.record(z.string().max(40), z.number().nullable()),
        comment: z.string().trim().max(2_000).default(''),
      }),
      handle: async ({ principal, params, body, from }) => {
        const recording = await recordings.find(params.callId);
        if (recording === undefined || !withinScope(principal?.scope.queues ?? [], recording.facets.queueId))
          throw new CallCentreError('not-found', 'there is no such recording');
        const who = principal?.userId ?? '';
        if (agentOf(recording) === who) throw new CallCentreError('not-allowed', 'nobody reviews the own call');
        if ((await reviews.ofCall(params.callId)).some(({ by, formId }) => by === who && formId === body.formId))
          throw new CallCentreError('already-exists', 'this call has a review of yours by this form');
        const form = await formOf(body.formId);
        const problems = problemsOfAnswers(form, body.answers);
        if (problems.length > 0) throw new CallCentreError('invalid-request', 'the answers do not fit the form', { details: problems });
        const review: Review = {
          reviewId: randomUUID(),
          callId: params.callId,
          agentId: agentOf(recording),
          ...(recording.facets.queueId === undefined ? {} : { queueId: recording.facets.queueId }),
          formId: form.formId,
          formVersion: form.version,
          answers: body.answers,
          score: scoreOf(form, body.answers),
          comment: body.comment,
          by: who,
          at: now().toISOString(),
        };
        await audit({ who, what: 'review.given', object: review.callId, from, success: true, after: review.score });
        await reviews.addReview(review);
        return review;
      },
    }),
    route({
      method: 'get',
      path: '/recordings/:callId/reviews',
      right: 'recordings.review',
      summary: 'The reviews of a recording, and how far reviewers agree.',
      params: z.object({ callId: z.string().max(64) }),
      handle: async ({ params }) => {
        const given = await reviews.ofCall(params.callId);
        const [one, other] = given;
        const same = one !== undefined && other !== undefined && one.formId === other.formId && one.formVersion === other.formVersion;
        return {
          reviews: given,
          agreement: same ? agreementOf(await formOf(one.formId, one.formVersion), one.answers, other.answers) : null,
        };
      },
    }),
    route({
      method: 'get',
      path: '/my-reviews',
      right: 'calls.own',
      summary: 'The reviews of the calls of the person who asks.',
      handle: async ({ principal }) => ({ reviews: await reviews.search({ agentId: principal?.userId ?? '', limit: 100 }) }),
    }),
    route({
      method: 'post',
      path: '/reviews/:reviewId/appeal',
      right: 'calls.own',
      summary: 'The agent objects to a review, once.',
      params: z.object({ reviewId: z.string().max(64) }),
      body: z.object({ text: comment }),
      handle: async ({ principal, params, body, from }) => {
        const review = await reviewOf(params.reviewId);
        const who = principal?.userId ?? '';
        if (review.agentId !== who) throw new CallCentreError('not-allowed', 'only the agent of the call may appeal');
        await audit({ who, what: 'review.appealed', object: review.reviewId, from, success: true });
        if (!(await reviews.appeal(review.reviewId, { text: body.text, at: now().toISOString() })))
          throw new CallCentreError('already-exists', 'there is an appeal already');
        return reviews.review(review.reviewId);
      },
    }),
    route({
      method: 'post',
      path: '/reviews/:reviewId/appeal-answer',
      right: 'recordings.review',
      summary:
        'The answer to an appeal, by somebody other than the reviewer. An appeal that is upheld takes the review out of the figures.',
      params: z.object({ reviewId: z.string().max(64) }),
      body: z.object({ text: comment, upheld: z.boolean() }),
      handle: async ({ principal, params, body, from }) => {
        const review = await reviewOf(params.reviewId);
        const who = principal?.userId ?? '';
        if (review.by === who) throw new CallCentreError('not-allowed', 'the reviewer does not answer the appeal');
        await audit({ who, what: 'review.appeal-answered', object: review.reviewId, from, success: true, reason: body.text });
        if (!(await reviews.answerAppeal(review.reviewId, { ...body, by: who, at: now().toISOString() })))
          throw new CallCentreError('wrong-state', 'there is no open appeal');
        return reviews.review(review.reviewId);
      },
    }),
    route({
      method: 'get',
      path: '/review-figures',
      right: 'recordings.review',
      summary: 'Count, mean score, fatal share and open appeals, per agent and per queue.',
      query: Figures,
      handle: async ({ principal, query }) => {
        const found = (await reviews.search({ ...query, limit: 10_000 })).filter(
          ({ queueId, appealAnswer }) => appealAnswer?.upheld !== true && withinScope(principal?.scope.queues ?? [], queueId),
        );
        return { agents: figuresBy(found, ({ agentId }) => agentId), queues: figuresBy(found, ({ queueId }) => queueId ?? '') };
      },
    }),
  ];
}

interface Figure {
  readonly id: string;
  readonly reviews: number;
  readonly meanPercent: number;
  readonly fatal: number;
  readonly openAppeals: number;
}

export function figuresBy(reviews: readonly Review[], key: (review: Review) => string): Figure[] {
  const groups = new Map<string, Review[]>();
  for (const review of reviews) groups.set(key(review), [...(groups.get(key(review)) ?? []), review]);
  return [...groups].map(([id, group]) => ({
    id,
    reviews: group.length,
    meanPercent: Math.round((group.reduce((sum, { score }) => sum + score.percent, 0) / group.length) * 10) / 10,
    fatal: group.filter(({ score }) => score.fatal.length > 0).length,
    openAppeals: group.filter(({ appeal, appealAnswer }) => appeal !== undefined && appealAnswer === undefined).length,
  }));
}
