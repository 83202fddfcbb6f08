import { z } from 'zod';
import { ContactEntry, Worksheet } from '../shared/contracts/workspace.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/rights.js';
import type { PlaceReach } from '../shared/platform/place-reach.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import type { QualityStore, WorksheetStore } from './ports.js';
import type { WorkspaceService } from './workspace-service.js';

export interface WorkspaceHttp {
  readonly service: WorkspaceService;
  readonly worksheets: WorksheetStore;
  readonly quality: QualityStore;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'queues'>;
}

const ofCall = z.object({ callId: z.string().regex(/^[0-9a-z]{1,64}$/) });
const ofCallback = z.object({ id: z.string().max(64) });

function person(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Nobody is signed in.');
  return principal;
}

export function createRoutes({ service, worksheets, quality, audit, places }: WorkspaceHttp): Route[] {
  return [
    route({
      method: 'get',
      path: '/worksheets',
      right: 'queues.edit',
      reach: { kind: 'filtered' },
      summary: 'Scripts, their fields and the results to choose from, by queue.',
      handle: async ({ principal }) => {
        const mine = await places.queues(principal, 'read');
        return { worksheets: (await worksheets.all()).filter(({ queueId }) => mine(queueId)) };
      },
    }),
    route({
      method: 'put',
      path: '/worksheets/:queueId',
      right: 'queues.edit',
      reach: { kind: 'object', of: 'queue', param: 'queueId' },
      summary: 'Gives a queue its script, fields and results.',
      params: z.object({ queueId: z.string().regex(/^[\w-]{1,40}$/) }),
      body: Worksheet.omit({ queueId: true }),
      handle: async ({ principal, params, body, from }) => {
        const after = Worksheet.parse({ ...body, queueId: params.queueId });
        const before = await worksheets.one(params.queueId);
        await audit({
          who: principal?.userId ?? '',
          what: 'worksheet.changed',
          object: params.queueId,
          from,
          success: true,
          before,
          after,
        });
        await worksheets.put(after);
        return after;
      },
    }),
    route({
      method: 'get',
      path: '/contacts/:callId',
      right: 'calls.own',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'What is known of the caller of a call and what was written of it, for those at whom it rings or who were in it.',
      params: ofCall,
      handle: async ({ principal, params }) => service.briefing(person(principal), params.callId),
    }),
    route({
      method: 'put',
      path: '/contacts/:callId',
      right: 'calls.own',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'Keeps what the agent has written so far.',
      params: ofCall,
      body: ContactEntry,
      handle: async ({ principal, params, body }) => service.write(person(principal), params.callId, body),
    }),
    route({
      method: 'post',
      path: '/contacts/:callId/complete',
      right: 'calls.own',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: "Gives the contact its result; refused while the queue's worksheet asks for more.",
      params: ofCall,
      body: ContactEntry,
      handle: async ({ principal, params, body }) => service.complete(person(principal), params.callId, body),
    }),
    route({
      method: 'put',
      path: '/contacts/:callId/sticky-note',
      right: 'calls.own',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'A note that every agent sees when this caller calls again; an empty one takes it away.',
      params: ofCall,
      body: z.object({ text: z.string().trim().max(500) }),
      handle: async ({ principal, params, body }) => service.stick(person(principal), params.callId, body.text),
    }),
    route({
      method: 'post',
      path: '/contacts/:callId/callback',
      right: 'calls.own',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'Promises the caller of a call to be called back at a time, by this agent or by anybody of the queue.',
      params: ofCall,
      body: z.object({ dueAt: z.coerce.date(), note: z.string().trim().max(500).default(''), whose: z.enum(['mine', 'queue']) }),
      handle: async ({ principal, params, body }) => service.promise(person(principal), params.callId, body),
    }),
    route({
      method: 'get',
      path: '/callbacks/mine',
      right: 'seat.use',
      reach: { kind: 'self' },
      summary: 'Open callbacks of the agent who asks and of the own queues, by time.',
      handle: async ({ principal }) => ({ callbacks: await service.promises(person(principal)) }),
    }),
    route({
      method: 'post',
      path: '/callbacks/:id/dial',
      right: 'seat.use',
      reach: { kind: 'filtered' },
      summary: 'Calls back from the own seat; the number is not shown.',
      params: ofCallback,
      handle: async ({ principal, params, from }) => service.keep(person(principal), params.id, from),
    }),
    route({
      method: 'post',
      path: '/callbacks/:id/close',
      right: 'seat.use',
      reach: { kind: 'filtered' },
      summary: 'A callback is done, or is not to be made any more.',
      params: ofCallback,
      body: z.object({ state: z.enum(['done', 'cancelled']) }),
      handle: async ({ principal, params, body, from }) => service.closePromise(person(principal), params.id, body.state, from),
    }),
    route({
      method: 'get',
      path: '/callbacks/promised',
      right: 'agents.control',
      reach: { kind: 'filtered' },
      summary: "Open callbacks that were promised at the seats, by time, of the supervisor's queues.",
      handle: async ({ principal }) => ({ callbacks: await service.openPromises(person(principal)) }),
    }),
    route({
      method: 'post',
      path: '/callbacks/:id/assign',
      right: 'agents.control',
      reach: { kind: 'filtered' },
      summary: 'Hands a callback to another agent, or to anybody of its queue.',
      params: ofCallback,
      body: z.object({ agentId: z.string().max(64).optional() }),
      handle: async ({ principal, params, body, from }) => service.assign(person(principal), params.id, body.agentId, from),
    }),
    route({
      method: 'get',
      path: '/my-day',
      right: 'calls.own',
      reach: { kind: 'self' },
      summary: 'Calls, times, service level and scores of the agent who asks, since midnight at the site.',
      handle: async ({ principal }) => service.day(person(principal).userId),
    }),
    route({
      method: 'get',
      path: '/calls/:callId/quality',
      right: 'calls.read',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: "What the seats of a call heard, sample by sample: loss, jitter, round trip, MOS-CQE by G.107's E-model.",
      params: ofCall,
      handle: async ({ params }) => ({ samples: await quality.ofCall(params.callId) }),
    }),
  ];
}
