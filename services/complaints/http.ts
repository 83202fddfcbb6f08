import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import { withinScope, type Principal } from '../shared/domain/rights.js';
import type { ReachesObject } from '../shared/platform/reach.js';
import { route, type Route } from '../shared/platform/route.js';
import { scopeOf } from './case-scope.js';
import type { ComplaintService } from './complaint-service.js';
import { complaintKinds, complaintSources } from './deadline-rule.js';
import type { ComplaintStore, LicenceHolder, PeopleOfCases } from './ports.js';
import { shown } from './shown.js';

export interface CaseHttp {
  readonly service: ComplaintService;
  readonly complaints: ComplaintStore;
  readonly people: PeopleOfCases;
  readonly holder: LicenceHolder;
  /** Whether a person was in a call, or may read it. */
  readonly reachesCall: ReachesObject['call'];
}

const id = z.object({ id: z.string().max(64) });
const text = z.string().max(10_000);

const Act = z.discriminatedUnion('type', [
  z.object({ type: z.literal('take') }),
  z.object({ type: z.literal('hand-over'), to: z.string().min(1).max(64) }),
  z.object({ type: z.literal('give-back'), text }),
  z.object({ type: z.literal('note'), text }),
  z.object({ type: z.literal('record-satisfaction'), score: z.int().min(1).max(5).nullable() }),
  z.object({
    type: z.literal('attach-evidence'),
    kind: z.enum(['consent', 'corrective-action']),
    text,
    /** Of the case: put there before, and a call of the complainant. */
    fileId: z.string().max(64).optional(),
    callId: z.string().max(64).optional(),
  }),
  z.object({ type: z.literal('close'), upheld: z.boolean(), text }),
  z.object({ type: z.literal('change-kind'), kind: z.enum(complaintKinds) }),
]);

export const who = (principal: Principal | undefined): string => principal?.userId ?? '';

/** One case: opened, read, worked on. */
export function createCaseRoutes({ service, complaints, people, holder, reachesCall }: CaseHttp): Route[] {
  /** A case is handed to somebody who may work on it. */
  async function checkColleague(to: string): Promise<void> {
    if (!(await people()).some(({ userId, works }) => userId === to && works))
      throw new CallCentreError('invalid-request', 'This colleague may not work on complaints.', {
        details: [{ at: 'to', message: 'may not work on complaints' }],
      });
  }

  return [
    route({
      method: 'get',
      path: '/complaints/names',
      right: 'complaints.read',
      reach: { kind: 'filtered' },
      summary: 'Names for the ids in cases: colleagues, with who may work on cases, and client units of the own scope.',
      handle: async ({ principal }) => {
        const { clientUnits } = scopeOf(principal);
        const units = [...(await holder()).clientNames].filter(([unit]) => withinScope(clientUnits, unit));
        return { people: await people(), clientUnits: Object.fromEntries(units) };
      },
    }),
    route({
      method: 'post',
      path: '/complaints',
      right: 'complaints.open',
      reach: { kind: 'filtered' },
      summary: 'Opens a complaint, by a call or a number; answers with the number that the complainant gets.',
      body: z.object({
        source: z.enum(complaintSources).default('phone'),
        kind: z.enum(complaintKinds),
        text: text.min(1),
        number: z.string().max(24).optional(),
        mail: z.email().max(254).optional(),
        callId: z.string().max(64).optional(),
        name: z.string().max(100).optional(),
        province: z.string().max(20).optional(),
        clientUnit: z.string().max(100).optional(),
        againstAgentId: z.string().max(64).optional(),
        eventAt: z.coerce.date().optional(),
        receivedAt: z.coerce.date().optional(),
      }),
      handle: async ({ principal, body, from }) => {
        // A complaint holds the recording of its call: whoever was not in it, and may not read it, names none.
        if (body.callId !== undefined && (principal === undefined || !(await reachesCall(principal, body.callId, 'read'))))
          throw new CallCentreError('no-such-call', 'There is no such call.');
        return shown(await service.open(who(principal), { ...body, within: scopeOf(principal) }, from));
      },
    }),
    route({
      method: 'get',
      path: '/complaints/:id',
      right: 'complaints.read',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary: 'One case with its whole history.',
      params: id,
      handle: async ({ params }) => {
        const found = await complaints.byId(params.id);
        if (found === undefined) throw new CallCentreError('not-found', 'There is no such case.');
        return shown(found);
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/act',
      right: 'complaints.work',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary: 'One step of the work: take, hand over, give back, note, satisfaction, evidence, close, change the kind.',
      params: id,
      body: z.object({ act: Act, revision: z.int().optional() }),
      handle: async ({ principal, params, body, from }) => {
        const { act, revision } = body;
        if (act.type === 'hand-over') await checkColleague(act.to);
        return shown(
          act.type === 'attach-evidence'
            ? await service.attachEvidence(who(principal), params.id, act, from, revision)
            : await service.act(who(principal), params.id, act, from, revision),
        );
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/answer',
      right: 'complaints.work',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary: 'Answers the complainant: by call (recorded) or letter at once, by SMS or mail as soon as the provider has taken it.',
      params: id,
      body: z.object({
        how: z.enum(['call', 'sms', 'mail', 'letter']),
        text,
        callId: z.string().max(64).optional(),
        letterId: z.string().max(64).optional(),
        to: z.string().max(254).optional(),
      }),
      handle: async ({ principal, params, body, from }) => {
        return shown(await service.answer(who(principal), params.id, body, from));
      },
    }),
    route({
      method: 'post',
      path: '/complaints/:id/reopen',
      right: 'complaints.work',
      reach: { kind: 'object', of: 'complaint', param: 'id' },
      summary: 'Opens a case again, with a new clock.',
      params: id,
      body: z.object({ text: text.min(1) }),
      handle: async ({ principal, params, body, from }) => {
        return shown(await service.reopen(who(principal), params.id, body.text, from));
      },
    }),
  ];
}
