import { MOST_FAVOURITES } from '../shared/contracts/api/customers/workspace.js';
import { Worksheet } from '../shared/contracts/workspace.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { FavouriteStore, QualityStore, WorksheetStore } from './ports.js';
import type { WorkspaceService } from './workspace-service.js';

export interface WorkspaceHttp {
  readonly service: WorkspaceService;
  readonly worksheets: WorksheetStore;
  readonly quality: QualityStore;
  readonly favourites: FavouriteStore;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'queues'>;
}

export function createRoutes({ service, worksheets, quality, favourites, audit, places }: WorkspaceHttp): Route[] {
  return [
    route('GET /worksheets', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const mine = await places.queues(principal, 'read');
        return { worksheets: (await worksheets.all()).filter(({ queueId }) => mine(queueId)) };
      },
    }),
    route('PUT /worksheets/:queueId', {
      reach: { kind: 'object', of: 'queue', param: 'queueId' },
      handle: async ({ principal, params, body, from }) => {
        const after = Worksheet.parse({ ...body, queueId: params.queueId });
        const before = await worksheets.one(params.queueId);
        await audit({
          who: principal.userId,
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
    route('GET /contacts/:callId', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => service.briefing(principal, params.callId),
    }),
    route('PUT /contacts/:callId', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body }) => service.write(principal, params.callId, body),
    }),
    route('POST /contacts/:callId/complete', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body }) => service.complete(principal, params.callId, body),
    }),
    route('PUT /contacts/:callId/sticky-note', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body }) => service.stick(principal, params.callId, body.text),
    }),
    route('POST /contacts/:callId/callback', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body }) => service.promise(principal, params.callId, body),
    }),
    route('POST /contacts/:callId/call-back', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, from }) => service.callBack(principal, params.callId, from),
    }),
    route('GET /callbacks/mine', {
      reach: { kind: 'self' },
      handle: async ({ principal }) => ({ callbacks: await service.promises(principal) }),
    }),
    route('POST /callbacks/:id/dial', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params, from }) => service.keep(principal, params.id, from),
    }),
    route('POST /callbacks/:id/close', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params, body, from }) => service.closePromise(principal, params.id, body.state, from),
    }),
    route('GET /callbacks/promised', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({ callbacks: await service.openPromises(principal) }),
    }),
    route('POST /callbacks/:id/assign', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, params, body, from }) => service.assign(principal, params.id, body.agentId, from),
    }),
    route('GET /favourites/mine', {
      reach: { kind: 'self' },
      handle: async ({ principal }) => ({ favourites: [...(await favourites.of(principal.userId))] }),
    }),
    route('PUT /favourites/mine/:favourite', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId }, params: { favourite }, body }) => {
        const marked = body.marked ? await favourites.mark(userId, favourite, MOST_FAVOURITES) : await favourites.unmark(userId, favourite);
        if (marked === undefined)
          throw new CallCentreError('not-supported', `At most ${MOST_FAVOURITES} can be marked.`, {
            details: { limit: 'favourites', most: MOST_FAVOURITES },
          });
        return { favourites: [...marked] };
      },
    }),
    route('GET /my-day', {
      reach: { kind: 'self' },
      handle: async ({ principal }) => service.day(principal.userId),
    }),
    route('GET /calls/:callId/paperwork', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => service.paperwork(principal, params.callId),
    }),
    route('GET /calls/:callId/quality', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ params }) => ({ samples: await quality.ofCall(params.callId) }),
    }),
  ];
}
