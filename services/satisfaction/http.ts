import { randomUUID } from 'node:crypto';
import { DateTime } from 'luxon';
import type { z } from 'zod';
import { SURVEY_EXPORT_ROWS, type SurveySearch } from '../shared/contracts/api/customers/satisfaction.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { withinReach, type ReachOf } from '../shared/platform/reach/reach.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
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
  /** Tells pages that a callback has another owner. */
  readonly changed: () => Promise<void>;
}

export const createSatisfactionRoutes = (needs: SatisfactionHttp): Route[] => [
  ...surveyRoutes(needs),
  ...callRoutes(needs),
  ...taskRoutes(needs),
];

function surveyRoutes({ surveys, audit, zone, reachOf }: SatisfactionHttp): Route[] {
  const hourOf = (at: Date): string => DateTime.fromJSDate(at, { zone }).toFormat('HH');

  async function rowsOf(principal: Principal | undefined, query: z.infer<typeof SurveySearch>): Promise<SurveyRow[]> {
    const { invitations, answers } = await surveys.between({ ...query, reach: await reachOf(principal) });
    const answered = query.answered === undefined ? undefined : query.answered === 'yes';
    return surveyRows(invitations, answers, hourOf, { hour: query.hour, score: query.score, answered });
  }

  async function exported(
    principal: Principal | undefined,
    query: z.infer<typeof SurveySearch>,
    from: string,
    form: string,
  ): Promise<SurveyRow[]> {
    const rows = await rowsOf(principal, query);
    if (rows.length > SURVEY_EXPORT_ROWS)
      throw new CallCentreError('too-large', 'There are too many rows for one export: choose a shorter period.', {
        details: { rows: rows.length },
      });
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
    route('GET /satisfaction/rows', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => {
        const rows = await rowsOf(principal, query);
        return { rows: rows.slice(query.skip, query.skip + query.limit).map(shownRow), total: rows.length };
      },
    }),
    route('GET /satisfaction/export.csv', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        response
          .attachment('satisfaction.csv')
          .type('text/csv')
          .end(surveySheet(await exported(principal, query, from, 'csv')));
        return handled;
      },
    }),
    route('GET /satisfaction/export.xlsx', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        const workbook = await surveyWorkbook(await exported(principal, query, from, 'xlsx'));
        response.attachment('satisfaction.xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(workbook);
        return handled;
      },
    }),
    route('GET /satisfaction/figures', {
      reach: { kind: 'filtered' },
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
    route('GET /satisfaction/worst', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => ({
        calls: (await surveys.worst({ ...query, reach: await reachOf(principal) }, query.limit)).map(shownRow),
      }),
    }),
  ];
}

const callRoutes = ({ surveys, audit }: SatisfactionHttp): Route[] => [
  route('GET /satisfaction/calls/:callId', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ params }) => {
      const known = await surveys.ofCall(params.callId);
      return known === undefined ? { invitation: null, answers: [] } : shownRow(known);
    },
  }),
  route('POST /satisfaction/calls/:callId/correct', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ principal, params, body, from }) => {
      const known = await surveys.ofCall(params.callId);
      const last = known?.answers.at(-1);
      if (known === undefined || last === undefined) throw new CallCentreError('not-found', 'There is no answer to correct.');
      await audit({
        who: principal.userId,
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
        by: principal.userId,
        ...body,
      });
    },
  }),
];

function taskRoutes({ tasks, audit, reachOf, changed }: SatisfactionHttp): Route[] {
  /** A callback for a caller out of reach is refused like a missing one. */
  async function reached(principal: Principal | undefined, taskId: string): Promise<void> {
    const task = await tasks.byId(taskId);
    if (task === undefined || !withinReach(await reachOf(principal), task, task.openedAt))
      throw new CallCentreError('not-found', 'There is no such call-back.');
  }

  return [
    route('GET /satisfaction/tasks', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => tasks.list(query.state, { ...query, reach: await reachOf(principal) }),
    }),
    route('POST /satisfaction/tasks/:taskId/take', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params, from }) => {
        const takenBy = principal.userId;
        await reached(principal, params.taskId);
        await audit({ who: takenBy, what: 'callback.taken', object: params.taskId, from, success: true });
        if (!(await tasks.take(params.taskId, { takenAt: new Date(), takenBy })))
          throw new CallCentreError('wrong-state', 'Somebody has already taken this call-back.');
        await changed();
      },
    }),
    route('POST /satisfaction/tasks/:taskId/finish', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params, body, from }) => {
        const doneBy = principal.userId;
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
