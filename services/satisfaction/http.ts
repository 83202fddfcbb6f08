import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/rights.js';
import { withinReach, type ReachOf } from '../shared/platform/reach.js';
import { handled, route, type Audit, type Route } from '../shared/platform/route.js';
import { surveySheet, surveyWorkbook } from './adapters/survey-sheet.js';
import { surveyRows, type SurveyRow } from './boards/survey-rows.js';
import type { SurveyStore, TaskStore } from './ports.js';
import { figuresBy, satisfactionFigures, type Invitation } from './survey.js';

export interface SatisfactionHttp {
  readonly surveys: SurveyStore;
  readonly tasks: TaskStore;
  readonly audit: Audit;
  readonly zone: string;
  readonly reachOf: ReachOf;
  /** Tells pages that a call-back changed hands. */
  readonly changed: () => Promise<void>;
}

const filterFields = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  queueId: z.string().max(64).optional(),
  agentId: z.string().max(64).optional(),
});
const inOrder = ({ from, to }: { readonly from: Date; readonly to: Date }): boolean => from < to;
const time = filterFields.refine(inOrder, 'from must be before to');
const Rows = filterFields
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
/** A list that is longer is exported for a shorter time. */
const EXPORT_ROWS = 5_000;

export function createSatisfactionRoutes({ surveys, tasks, audit, zone, reachOf, changed }: SatisfactionHttp): Route[] {
  const hourOf = (at: Date): string => DateTime.fromJSDate(at, { zone }).toFormat('HH');

  /** Refuses a call-back of another's caller like one that is not there. */
  async function reached(principal: Principal | undefined, taskId: string): Promise<void> {
    const task = await tasks.byId(taskId);
    if (task === undefined || !withinReach(await reachOf(principal), task))
      throw new CallCentreError('not-found', 'There is no such call-back.');
  }

  async function rowsOf(principal: Principal | undefined, query: z.infer<typeof Rows>): Promise<SurveyRow[]> {
    const { invitations, answers } = await surveys.between({ ...query, reach: await reachOf(principal) });
    const answered = query.answered === undefined ? undefined : query.answered === 'yes';
    return surveyRows(invitations, answers, hourOf, { hour: query.hour, score: query.score, answered });
  }

  async function exported(principal: Principal | undefined, query: z.infer<typeof Rows>, from: string, form: string): Promise<SurveyRow[]> {
    const rows = await rowsOf(principal, query);
    if (rows.length > EXPORT_ROWS)
      throw new CallCentreError('too-large', 'So many rows are exported for a shorter time.', { details: { rows: rows.length } });
    await audit({
      who: principal?.userId ?? '',
      what: 'survey.exported',
      object: form,
      from,
      success: true,
      after: { rows: rows.length },
    });
    return rows;
  }

  return [
    route({
      method: 'get',
      path: '/satisfaction/rows',
      right: 'satisfaction.read',
      reach: { kind: 'filtered' },
      summary: 'The invitations behind a figure with their answers: of a queue, an agent, an hour, a score, answered or not.',
      query: Rows,
      handle: async ({ principal, query }) => {
        const rows = await rowsOf(principal, query);
        return { rows: rows.slice(query.skip, query.skip + query.limit).map(shownRow), total: rows.length };
      },
    }),
    route({
      method: 'get',
      path: '/satisfaction/export.csv',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: `Invitations with their answers as CSV, ${EXPORT_ROWS} at most; no number of anybody is in it.`,
      query: Rows,
      handle: async ({ principal, query, from, response }) => {
        response
          .attachment('satisfaction.csv')
          .type('text/csv')
          .end(surveySheet(await exported(principal, query, from, 'csv')));
        return handled;
      },
    }),
    route({
      method: 'get',
      path: '/satisfaction/export.xlsx',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: 'The same as a workbook.',
      query: Rows,
      handle: async ({ principal, query, from, response }) => {
        const workbook = await surveyWorkbook(await exported(principal, query, from, 'xlsx'));
        response.attachment('satisfaction.xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(workbook);
        return handled;
      },
    }),
    route({
      method: 'get',
      path: '/satisfaction/figures',
      right: 'satisfaction.read',
      reach: { kind: 'filtered' },
      summary:
        'Score with its response rate and distribution, in all and by queue, agent, hour and day; and who was not invited, by reason.',
      query: time,
      handle: async ({ principal, query }) => {
        const { invitations, answers, notInvited } = await surveys.between({ ...query, reach: await reachOf(principal) });
        const local = (at: Date): DateTime => DateTime.fromJSDate(at, { zone });
        return {
          all: satisfactionFigures(invitations, answers),
          notInvited,
          byQueue: figuresBy(invitations, answers, ({ queueId }) => queueId),
          byAgent: figuresBy(invitations, answers, ({ agentId }) => agentId),
          byHour: figuresBy(invitations, answers, ({ at }) => hourOf(at)),
          byDay: figuresBy(invitations, answers, ({ at }) => local(at).toISODate() ?? undefined),
        };
      },
    }),
    route({
      method: 'get',
      path: '/satisfaction/worst',
      right: 'satisfaction.read',
      reach: { kind: 'filtered' },
      summary: 'The calls with the lowest scores, for listening to.',
      query: time.and(z.object({ limit: z.coerce.number().int().min(1).max(100).default(20) })),
      handle: async ({ principal, query }) => ({
        calls: (await surveys.worst({ ...query, reach: await reachOf(principal) }, query.limit)).map(shownRow),
      }),
    }),
    route({
      method: 'get',
      path: '/satisfaction/calls/:callId',
      right: 'satisfaction.read',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'What a caller was asked and said, every row of it.',
      params: z.object({ callId: z.string().max(64) }),
      handle: async ({ params }) => {
        const known = await surveys.ofCall(params.callId);
        return known === undefined ? { invitation: null, answers: [] } : shownRow(known);
      },
    }),
    route({
      method: 'post',
      path: '/satisfaction/calls/:callId/correct',
      right: 'complaints.rules',
      reach: { kind: 'object', of: 'call', param: 'callId' },
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
      reach: { kind: 'filtered' },
      summary: 'Call-backs after low scores.',
      query: z.object({
        state: z.enum(['open', 'taken', 'done']).optional(),
        skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      handle: async ({ principal, query }) => tasks.list(query.state, { ...query, reach: await reachOf(principal) }),
    }),
    route({
      method: 'post',
      path: '/satisfaction/tasks/:taskId/take',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: 'Takes a call-back, so that two people do not call the same caller.',
      params: z.object({ taskId: z.string().max(64) }),
      handle: async ({ principal, params, from }) => {
        const takenBy = principal?.userId ?? '';
        await reached(principal, params.taskId);
        await audit({ who: takenBy, what: 'callback.taken', object: params.taskId, from, success: true });
        if (!(await tasks.take(params.taskId, { takenAt: new Date(), takenBy })))
          throw new CallCentreError('wrong-state', 'Somebody has taken this call-back already.');
        await changed();
      },
    }),
    route({
      method: 'post',
      path: '/satisfaction/tasks/:taskId/finish',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: 'Finishes a call-back with its outcome; a complaint that came of it is named.',
      params: z.object({ taskId: z.string().max(64) }),
      body: z.object({ outcome: z.string().trim().min(1).max(2_000), complaintId: z.string().max(64).optional() }),
      handle: async ({ principal, params, body, from }) => {
        const doneBy = principal?.userId ?? '';
        await reached(principal, params.taskId);
        await audit({ who: doneBy, what: 'callback.finished', object: params.taskId, from, success: true });
        const done = {
          doneAt: new Date(),
          doneBy,
          outcome: body.outcome,
          ...(body.complaintId === undefined ? {} : { complaintId: body.complaintId }),
        };
        if (!(await tasks.finish(params.taskId, done))) throw new CallCentreError('wrong-state', 'This call-back is finished already.');
        await changed();
      },
    }),
  ];
}

/** A row without the hash of the number. */
function shownRow<T extends { readonly invitation: Invitation }>({ invitation, ...rest }: T) {
  const { numberHash: _numberHash, ...shown } = invitation;
  return { ...rest, invitation: shown };
}
