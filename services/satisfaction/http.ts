import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import type { SurveyStore, TaskStore } from './ports.js';
import { figuresBy, satisfactionFigures } from './survey.js';

export interface SatisfactionHttp {
  readonly surveys: SurveyStore;
  readonly tasks: TaskStore;
  readonly audit: Audit;
  /** Signs the links of surveys by SMS or web. */
  readonly linkKey: string;
  readonly zone: string;
}

const time = z
  .object({ from: z.coerce.date(), to: z.coerce.date(), queueId: z.string().max(64).optional(), agentId: z.string().max(64).optional() })
  .refine(({ from, to }) => from < to, 'from must be before to');
const LINK_MS = 7 * 86_400_000;

/** The signature of a survey's link: whoever has the link may answer once, and nobody can make one up. */
export const signLink = (key: string, surveyId: string): string =>
  createHmac('sha256', key).update(`survey:${surveyId}`).digest('base64url').slice(0, 22);

export function createSatisfactionRoutes({ surveys, tasks, audit, linkKey, zone }: SatisfactionHttp): Route[] {
  const filterOf = ({ queueId, agentId }: { queueId?: string | undefined; agentId?: string | undefined }) => ({
    ...(queueId === undefined ? {} : { queueId }),
    ...(agentId === undefined ? {} : { agentId }),
  });
  return [
    route({
      method: 'get',
      path: '/satisfaction/figures',
      right: 'satisfaction.read',
      summary: 'Score with its response rate and distribution, in all and by queue, agent, hour and day.',
      query: time,
      handle: async ({ query }) => {
        const { invitations, answers } = await surveys.between(query.from, query.to, filterOf(query));
        const local = (at: Date): DateTime => DateTime.fromJSDate(at, { zone });
        return {
          all: satisfactionFigures(invitations, answers),
          byQueue: figuresBy(invitations, answers, ({ queueId }) => queueId),
          byAgent: figuresBy(invitations, answers, ({ agentId }) => agentId),
          byHour: figuresBy(invitations, answers, ({ at }) => local(at).toFormat('HH')),
          byDay: figuresBy(invitations, answers, ({ at }) => local(at).toISODate() ?? undefined),
        };
      },
    }),
    route({
      method: 'get',
      path: '/satisfaction/worst',
      right: 'satisfaction.read',
      summary: 'The calls with the lowest scores, for listening to.',
      query: time.and(z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) })),
      handle: async ({ query }) => ({ calls: await surveys.worst(query.from, query.to, query.limit) }),
    }),
    route({
      method: 'get',
      path: '/satisfaction/calls/:callId',
      right: 'satisfaction.read',
      summary: 'What a caller was asked and said, every row of it.',
      params: z.object({ callId: z.string().max(64) }),
      handle: async ({ params }) => (await surveys.ofCall(params.callId)) ?? { invitation: null, answers: [] },
    }),
    route({
      method: 'post',
      path: '/satisfaction/calls/:callId/correct',
      right: 'complaints.rules',
      summary: 'Corrects an answer by a new row with its reason; the old one stays.',
      params: z.object({ callId: z.string().max(64) }),
      body: z.object({
        score: z.int().min(1).max(5).nullable(),
        solved: z.boolean().nullable(),
        reason: z.string().trim().min(5).max(500),
      }),
      handle: async ({ principal, params, body, from }) => {
        const known = await surveys.ofCall(params.callId);
        const last = known?.answers.at(-1);
        if (known === undefined || last === undefined) throw new CallCentreError('not-found', 'There is no answer to correct.');
        await audit({
          who: principal?.userId ?? '',
          what: 'survey.corrected',
          object: params.callId,
          from,
          success: true,
          reason: body.reason,
          before: last,
          after: body,
        });
        await surveys.answer({
          answerId: randomUUID(),
          surveyId: known.invitation.surveyId,
          at: new Date(),
          corrects: last.answerId,
          by: principal?.userId ?? '',
          ...body,
        });
      },
    }),
    route({
      method: 'get',
      path: '/satisfaction/tasks',
      right: 'satisfaction.read',
      summary: 'Call-backs after low scores.',
      query: z.object({ state: z.enum(['open', 'done']).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
      handle: async ({ query }) => ({ tasks: await tasks.list(query.state, query.limit) }),
    }),
    route({
      method: 'post',
      path: '/satisfaction/tasks/:taskId/finish',
      right: 'complaints.work',
      summary: 'Finishes a call-back with its outcome; a complaint that came of it is named.',
      params: z.object({ taskId: z.string().max(64) }),
      body: z.object({ outcome: z.string().trim().min(1).max(2_000), complaintId: z.string().max(64).optional() }),
      handle: async ({ principal, params, body, from }) => {
        const doneBy = principal?.userId ?? '';
        await audit({ who: doneBy, what: 'callback.finished', object: params.taskId, from, success: true });
        const done = {
          doneAt: new Date(),
          doneBy,
          outcome: body.outcome,
          ...(body.complaintId === undefined ? {} : { complaintId: body.complaintId }),
        };
        if (!(await tasks.finish(params.taskId, done))) throw new CallCentreError('wrong-state', 'This call-back is finished already.');
      },
    }),
    route({
      method: 'post',
      path: '/survey/:surveyId/:signature',
      right: 'public',
      summary: 'The answer of a caller by a link, once and within seven days.',
      params: z.object({ surveyId: z.string().max(64), signature: z.string().max(64) }),
      body: z.object({ score: z.int().min(1).max(5), solved: z.boolean().nullable().default(null) }),
      handle: async ({ params, body }) => {
        const expected = Buffer.from(signLink(linkKey, params.surveyId));
        const given = Buffer.from(params.signature);
        if (given.length !== expected.length || !timingSafeEqual(given, expected))
          throw new CallCentreError('not-found', 'This link is not valid.');
        const known = await surveys.ofCall(params.surveyId);
        if (known === undefined || Date.now() - known.invitation.at.getTime() > LINK_MS)
          throw new CallCentreError('not-found', 'This link has run out.');
        if (known.answers.length > 0) throw new CallCentreError('wrong-state', 'This call has been scored already. Thank you.');
        await surveys.answer({ answerId: `link-${params.surveyId}`, surveyId: params.surveyId, at: new Date(), by: 'caller', ...body });
      },
    }),
  ];
}
