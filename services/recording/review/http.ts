import { randomUUID } from 'node:crypto';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { withinReach, type Reach, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Recording, RecordingStore } from '../archive/ports.js';
import { agreementOf, problemsOfAnswers, scoreOf, type Agreement, type ReviewForm } from '../../shared/domain/review-form.js';
import type { Review, ReviewStore } from './ports.js';
import type { CallId } from '../../shared/domain/ids.js';

export interface ReviewRoutesDependencies {
  readonly reviews: ReviewStore;
  readonly recordings: Pick<RecordingStore, 'find' | 'sample'>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly now: () => Date;
}

function createFinders({ reviews, recordings, reachOf }: ReviewRoutesDependencies) {
  async function formOf(formId: string, version?: number): Promise<ReviewForm> {
    const form = await reviews.form(formId, version);
    if (form === undefined) throw new CallCentreError('not-found', 'there is no such form');
    return form;
  }

  async function recordingOf(principal: Principal | undefined, callId: CallId): Promise<Recording> {
    const recording = await recordings.find(callId);
    if (recording === undefined || !withinReach(await reachOf(principal), recording.facets, recording.startedAt))
      throw new CallCentreError('not-found', 'there is no such recording');
    return recording;
  }

  async function reviewOf(reviewId: string): Promise<Review> {
    const review = await reviews.review(reviewId);
    if (review === undefined) throw new CallCentreError('not-found', 'there is no such review');
    return review;
  }

  /** The forms that reviews were made with, each once. */
  async function formsOf(given: readonly Review[]): Promise<ReviewForm[]> {
    const wanted = new Map(given.map(({ formId, formVersion }) => [`${formId}@${formVersion}`, { formId, formVersion }]));
    return Promise.all([...wanted.values()].map(({ formId, formVersion }) => formOf(formId, formVersion)));
  }

  /** Only reviews within the reach of the person. */
  async function within(principal: Principal | undefined, found: readonly Review[]): Promise<Review[]> {
    const reach = await reachOf(principal);
    return found.filter((review) => withinReach(reach, review, review.callAt ?? review.at));
  }

  return { formOf, recordingOf, reviewOf, formsOf, within };
}
type Finders = ReturnType<typeof createFinders>;

/** Reviews, calibrations, appeals and their figures. */
export function createReviewHttp(deps: ReviewRoutesDependencies): Route[] {
  const finders = createFinders(deps);
  return [...reviewRoutes(deps, finders), ...appealRoutes(deps, finders), ...figureRoutes(deps, finders)];
}

const reviewRoutes = (
  { reviews, reachOf, audit, now }: ReviewRoutesDependencies,
  { formOf, recordingOf, formsOf, within }: Finders,
): Route[] => [
  route('POST /recordings/:callId/reviews', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ principal, params, body, from }) => {
      const recording = await recordingOf(principal, params.callId);
      const who = principal.userId;
      if (agentOf(recording) === who) throw new CallCentreError('not-allowed', 'nobody reviews the own call');
      if (!reachesReviewed(await reachOf(principal), recording))
        throw new CallCentreError('not-allowed', 'this call ended with somebody of another team');
      if ((await reviews.ofCall(params.callId)).some(({ by, formId }) => by === who && formId === body.formId))
        throw new CallCentreError('already-exists', 'this call has a review of yours by this form');
      const form = await formOf(body.formId);
      const problems = problemsOfAnswers(form, body.answers);
      if (problems.length > 0) throw new CallCentreError('invalid-request', 'the answers do not fit the form', { details: problems });
      const { queueId, called } = recording.facets;
      const review: Review = {
        reviewId: randomUUID(),
        callId: params.callId,
        agentId: agentOf(recording),
        ...(queueId === undefined ? {} : { queueId }),
        called,
        formId: form.formId,
        formVersion: form.version,
        answers: body.answers,
        score: scoreOf(form, body.answers),
        comment: body.comment,
        by: who,
        at: now().toISOString(),
        callAt: recording.startedAt,
      };
      await audit({ who, what: 'review.given', object: review.callId, from, success: true, after: review.score });
      await reviews.addReview(review);
      return review;
    },
  }),
  route('GET /recordings/:callId/reviews', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ principal, params }) => {
      const recording = await recordingOf(principal, params.callId);
      const reach = await reachOf(principal);
      const all = await reviews.ofCall(recording.callId);
      // The review of a call that was handed on to another team belongs to that team.
      const given = reach.members === undefined ? all : await within(principal, all);
      const forms = await formsOf(given);
      return { reviews: given, forms, agreements: agreementsOf(given, forms) };
    },
  }),
  route('GET /reviews', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, query: { appeal, limit, ...query } }) => {
      const found = await within(principal, await reviews.search({ ...query, openAppeals: appeal === 'open', limit }));
      return { reviews: found, forms: await formsOf(found) };
    },
  }),
  route('GET /my-reviews', {
    reach: { kind: 'self' },
    handle: async ({ principal }) => {
      const found = await reviews.search({ agentId: principal.userId, limit: 100 });
      return { reviews: found, forms: await formsOf(found) };
    },
  }),
];

const appealRoutes = ({ reviews, audit, now }: ReviewRoutesDependencies, { reviewOf, within }: Finders): Route[] => [
  route('POST /reviews/:reviewId/appeal', {
    reach: { kind: 'self' },
    handle: async ({ principal, params, body, from }) => {
      const review = await reviewOf(params.reviewId);
      const who = principal.userId;
      if (review.agentId !== who) throw new CallCentreError('not-allowed', 'only the agent of the call may appeal');
      await audit({ who, what: 'review.appealed', object: review.reviewId, from, success: true });
      if (!(await reviews.appeal(review.reviewId, { text: body.text, at: now().toISOString() })))
        throw new CallCentreError('already-exists', 'there is an appeal already');
      return reviews.review(review.reviewId);
    },
  }),
  route('POST /reviews/:reviewId/appeal-answer', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, params, body, from }) => {
      const [review] = await within(principal, [await reviewOf(params.reviewId)]);
      if (review === undefined) throw new CallCentreError('not-found', 'there is no such review');
      const who = principal.userId;
      if (review.by === who) throw new CallCentreError('not-allowed', 'the reviewer does not answer the appeal');
      await audit({ who, what: 'review.appeal-answered', object: review.reviewId, from, success: true, reason: body.text });
      if (!(await reviews.answerAppeal(review.reviewId, { ...body, by: who, at: now().toISOString() })))
        throw new CallCentreError('wrong-state', 'there is no open appeal');
      return reviews.review(review.reviewId);
    },
  }),
];

const figureRoutes = ({ reviews }: ReviewRoutesDependencies, { formsOf, within }: Finders): Route[] => [
  route('GET /review-figures', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, query }) => {
      const found = await within(principal, await reviews.search({ ...query, limit: 10_000 }));
      const counted = found.filter(({ appealAnswer }) => appealAnswer?.upheld !== true);
      const byCall = groupsOf(found, ({ callId }) => callId);
      const forms = await formsOf(found);
      return {
        agents: figuresBy(counted, ({ agentId }) => agentId),
        queues: figuresBy(counted, ({ queueId }) => queueId ?? ''),
        calibrations: [...byCall.values()].flatMap((given) => agreementsOf(given, forms)),
      };
    },
  }),
];

/** The agent who is reviewed: the last one in the call. */
export const agentOf = ({ facets }: Recording): string => facets.agentIds.at(-1) ?? '';

/**
 * Whether a person who reaches a recording also reaches the agent to be reviewed: a call that was handed on may have ended in another team.
 */
export const reachesReviewed = (reach: Reach, recording: Recording): boolean =>
  reach.members === undefined || withinReach(reach, { agentId: agentOf(recording) }, recording.startedAt);

interface Calibration extends Agreement {
  readonly callId: CallId;
  readonly formId: string;
  readonly by: readonly [string, string];
}

/** Compares each pair of reviews of one call that used the same version of a form. */
export function agreementsOf(given: readonly Review[], forms: readonly ReviewForm[]): Calibration[] {
  return given.flatMap((one, place) =>
    given.slice(place + 1).flatMap((other): Calibration[] => {
      const form = forms.find(({ formId, version }) => formId === one.formId && version === one.formVersion);
      if (form === undefined || other.formId !== one.formId || other.formVersion !== one.formVersion) return [];
      return [{ callId: one.callId, formId: one.formId, by: [one.by, other.by], ...agreementOf(form, one.answers, other.answers) }];
    }),
  );
}

interface Figure {
  readonly id: string;
  readonly reviews: number;
  readonly meanPercent: number;
  readonly fatal: number;
  readonly openAppeals: number;
}

export function figuresBy(reviews: readonly Review[], key: (review: Review) => string): Figure[] {
  return [...groupsOf(reviews, key)].map(([id, group]) => ({
    id,
    reviews: group.length,
    meanPercent: Math.round((group.reduce((sum, { score }) => sum + score.percent, 0) / group.length) * 10) / 10,
    fatal: group.filter(({ score }) => score.fatal.length > 0).length,
    openAppeals: group.filter(({ appeal, appealAnswer }) => appeal !== undefined && appealAnswer === undefined).length,
  }));
}

function groupsOf(reviews: readonly Review[], key: (review: Review) => string): Map<string, Review[]> {
  const groups = new Map<string, Review[]>();
  for (const review of reviews) {
    const group = groups.get(key(review));
    if (group === undefined) groups.set(key(review), [review]);
    else group.push(review);
  }
  return groups;
}
