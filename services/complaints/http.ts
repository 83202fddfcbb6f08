import { CallCentreError } from '../shared/domain/failure.js';
import { withinScope, type Principal } from '../shared/domain/people/rights.js';
import type { ReachesObject } from '../shared/platform/reach/reach.js';
import { route, type Route } from '../shared/platform/http/route.js';
import { scopeOf } from './cases/case-scope.js';
import type { ComplaintClock } from './cases/case-parts.js';
import type { ComplaintService } from './complaint-service.js';
import type { ComplaintStore, LicenceHolder, PeopleOfCases } from './ports.js';
import { shown } from './cases/shown.js';

export interface CaseHttp {
  readonly service: ComplaintService;
  readonly complaints: ComplaintStore;
  readonly people: PeopleOfCases;
  readonly holder: LicenceHolder;
  /** Whether a person was in a call, or may read it. */
  readonly reachesCall: ReachesObject['call'];
}

const timesOf = (clock: ComplaintClock | undefined): { readonly dueAt?: Date } => (clock === undefined ? {} : { dueAt: clock.dueAt });

export const who = (principal: Principal | undefined): string => principal?.userId ?? '';

/** One case: opening, reading, and working on it. */
export function createCaseRoutes({ service, complaints, people, holder, reachesCall }: CaseHttp): Route[] {
  /** A case can only be given to a person who may work on it. */
  async function checkColleague(to: string): Promise<void> {
    if (!(await people()).some(({ userId, works }) => userId === to && works))
      throw new CallCentreError('invalid-request', 'This colleague may not work on complaints.', {
        details: [{ at: 'to', message: 'may not work on complaints' }],
      });
  }

  return [
    route('GET /complaints/names', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const { clientUnits } = scopeOf(principal);
        const units = [...(await holder()).clientNames].filter(([unit]) => withinScope(clientUnits, unit));
        return { people: await people(principal), clientUnits: Object.fromEntries(units) };
      },
    }),
    route('POST /complaints', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body, from }) => {
        // A complaint holds the recording of its call, so only people who were in the call, or may read it, can name it.
        if (body.callId !== undefined && !(await reachesCall(principal, body.callId, 'read')))
          throw new CallCentreError('no-such-call', 'There is no such call.');
        return shown(await service.open(principal.userId, { ...body, within: scopeOf(principal) }, from));
      },
    }),
    route('GET /complaints/:id', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ params }) => {
        const found = await complaints.byId(params.id);
        if (found === undefined) throw new CallCentreError('not-found', 'There is no such case.');
        return shown(found);
      },
    }),
    route('GET /complaints/:id/recount', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ params, query }) => {
        const { kind, province } = query;
        const change =
          kind !== undefined ? ({ type: 'change-kind', kind } as const) : ({ type: 'change-province', province: province ?? '' } as const);
        const { at, before, ...verdict } = await service.lookAhead(params.id, change);
        if ('refused' in verdict) return { outcome: verdict.refused, ...timesOf(before) };
        const next = verdict.clock ?? before;
        return {
          outcome: verdict.outcome,
          ...timesOf(before),
          ...(next === undefined ? {} : { next: { dueAt: next.dueAt, targetAt: next.targetAt, basis: next.basis } }),
          isPast: verdict.outcome === 'earlier' && next !== undefined && next.dueAt < at,
        };
      },
    }),
    route('POST /complaints/:id/act', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ principal, params, body, from }) => {
        const { act, revision } = body;
        if (act.type === 'hand-over') await checkColleague(act.to);
        switch (act.type) {
          case 'attach-evidence':
            return shown(await service.attachEvidence(principal.userId, params.id, act, from, revision));
          case 'extend':
          case 'pause':
          case 'resume':
            return shown(await service.moveClock(principal.userId, params.id, act, from, revision));
          case 'change-kind':
          case 'change-province':
            return shown(await service.reclassify(principal.userId, params.id, act, from, revision));
          default:
            return shown(await service.act(principal.userId, params.id, act, from, revision));
        }
      },
    }),
    route('POST /complaints/:id/answer', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ principal, params, body, from }) => {
        return shown(await service.answer(principal.userId, params.id, body, from));
      },
    }),
    route('POST /complaints/:id/reopen', {
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      handle: async ({ principal, params, body, from }) => {
        return shown(await service.reopen(principal.userId, params.id, body.text, from));
      },
    }),
  ];
}
