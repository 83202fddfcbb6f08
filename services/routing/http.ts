import { z } from 'zod';
import type { AgentSnapshot, CommandBus } from '../shared/contracts/commands.js';
import { chosenStates } from '../shared/domain/agent-state.js';
import { edited } from '../shared/contracts/edited.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { refuseUnmeant } from '../shared/platform/edits.js';
import type { PlaceReach } from '../shared/platform/place-reach.js';
import { isScoped, queuesNamedIn } from '../shared/platform/reach.js';
import { route, type Audit, type Route } from '../shared/platform/route.js';
import { BreakReasons } from './breaks.js';
import type { CallbackStore, QueueStore, StateLog, WaitStore } from './ports.js';
import { overflowCircle, Queue } from './queue.js';
import { createReplayRoutes, type ReplayHttp } from './replay-http.js';
import { explainWait } from './wait-log.js';

export interface RoutingHttp {
  readonly queues: QueueStore;
  readonly waits: WaitStore;
  readonly states: StateLog;
  readonly callbacks: CallbackStore;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'queues'>;
  readonly boundsOf: ReplayHttp['boundsOf'];
  /** Whether a number outside is on the register of destinations, in force. */
  readonly isDestination: (number: string) => Promise<boolean>;
}

const queueId = z.object({ queueId: z.string().regex(/^[\w-]{1,64}$/) });

export function createRoutingRoutes(needs: RoutingHttp): Route[] {
  const { queues, waits, callbacks, commands, bus, audit, places, isDestination } = needs;
  const changed = (what: 'queues' | 'agents'): Promise<void> => bus.publish('config.changed', { at: new Date().toISOString(), what });

  /** Whoever serves a queue that the person sees; of an unscoped person everybody. */
  async function agentsOf(principal: Principal | undefined): Promise<AgentSnapshot[]> {
    const [agents, mine] = await Promise.all([commands.send('agents.list', {}), places.queues(principal, 'read')]);
    if (principal !== undefined && !isScoped(principal)) return agents;
    return agents.filter(({ agentId, queues: served }) => agentId === principal?.userId || served.some(mine));
  }

  return [
    route({
      method: 'get',
      path: '/queues',
      right: 'queues.watch',
      reach: { kind: 'filtered' },
      summary: 'All queues with their settings.',
      handle: async ({ principal }) => {
        const mine = await places.queues(principal, 'read');
        return { queues: (await queues.all()).filter(({ id }) => mine(id)) };
      },
    }),
    route({
      method: 'put',
      path: '/queues/:queueId',
      right: 'queues.edit',
      reach: { kind: 'object', of: 'queue', param: 'queueId', also: ({ body }) => queuesNamedIn(body) },
      summary:
        'Makes or replaces a queue. Refused when its overflow leads round in a circle; with `If-None-Match: *` when there is one, with `revision` when that is not the last.',
      params: queueId,
      body: z.looseObject({ revision: edited.revision }),
      handle: async ({ principal, params, body, from, request }) => {
        const parsed = Queue.safeParse({ ...body, id: params.queueId });
        if (!parsed.success)
          throw new CallCentreError('invalid-request', 'The queue is not as it should be.', {
            details: parsed.error.issues.map(({ path, message }) => ({ at: path.join('.'), message })),
          });
        const others = new Map((await queues.all()).map((queue) => [queue.id, queue]));
        const before = others.get(params.queueId);
        refuseUnmeant(request, body.revision, before);
        const circle = overflowCircle(parsed.data, others);
        if (circle !== undefined)
          throw new CallCentreError('invalid-request', 'The overflow leads round in a circle.', { details: { circle } });
        const { overflow } = parsed.data;
        if (overflow.to === 'number' && !(await isDestination(overflow.number)))
          throw new CallCentreError('outbound-destination', 'The number of the overflow is on no register of destinations in force.', {
            details: [{ at: 'overflow.number', message: 'not registered' }],
          });
        await audit({
          who: principal?.userId ?? '',
          what: 'queue.changed',
          object: params.queueId,
          from,
          success: true,
          before,
          after: parsed.data,
        });
        const stored = await queues.put(parsed.data, before, principal?.name ?? '');
        await changed('queues');
        return stored;
      },
    }),
    route({
      method: 'delete',
      path: '/queues/:queueId',
      right: 'queues.edit',
      reach: { kind: 'object', of: 'queue', param: 'queueId' },
      summary: 'Removes a queue that nobody overflows into.',
      params: queueId,
      handle: async ({ principal, params, from }) => {
        const leading = (await queues.all()).find(({ overflow }) => overflow.to === 'queue' && overflow.queueId === params.queueId);
        if (leading !== undefined)
          throw new CallCentreError('wrong-state', 'Another queue overflows into this one.', { details: { queueId: leading.id } });
        await audit({ who: principal?.userId ?? '', what: 'queue.removed', object: params.queueId, from, success: true });
        if (!(await queues.remove(params.queueId))) throw new CallCentreError('not-found', 'There is no such queue.');
        await changed('queues');
      },
    }),
    route({
      method: 'get',
      path: '/queues/board',
      right: 'queues.watch',
      reach: { kind: 'filtered' },
      summary: 'What each queue looks like now, and its figures of today.',
      handle: async ({ principal }) => {
        const mine = await places.queues(principal, 'read');
        return { queues: (await commands.send('queues.list', {})).filter((queue) => mine(queue.queueId)) };
      },
    }),
    route({
      method: 'get',
      path: '/agents/board',
      right: 'queues.watch',
      reach: { kind: 'filtered' },
      summary: 'Every seat with its state: for supervisors, and for the directory of a transfer.',
      handle: async ({ principal }) => ({ agents: await agentsOf(principal) }),
    }),
    route({
      method: 'post',
      path: '/agents/:agentId/state',
      right: 'agents.control',
      reach: { kind: 'object', of: 'agent', param: 'agentId' },
      summary: "Changes an agent's state; the agent sees who did it.",
      params: z.object({ agentId: z.string().regex(/^[\w-]{1,64}$/) }),
      body: z.object({ state: z.enum(chosenStates), reason: z.string().max(60).optional() }),
      handle: async ({ principal, params, body, from }) => {
        await audit({ who: principal?.userId ?? '', what: 'agent.state-forced', object: params.agentId, from, success: true, after: body });
        return commands.send('agent.set-state', {
          ...params,
          state: body.state,
          force: true,
          ...(body.reason === undefined ? {} : { reason: body.reason }),
        });
      },
    }),
    route({
      method: 'put',
      path: '/agents/:agentId/skills',
      right: 'queues.edit',
      reach: { kind: 'object', of: 'agent', param: 'agentId' },
      summary: "Sets an agent's skills, each with a level from 1 to 10.",
      params: z.object({ agentId: z.string().regex(/^[\w-]{1,64}$/) }),
      body: z.object({ skills: z.record(z.string().max(40), z.int().min(1).max(10)) }),
      handle: async ({ principal, params, body, from }) => {
        await audit({
          who: principal?.userId ?? '',
          what: 'agent.skills-changed',
          object: params.agentId,
          from,
          success: true,
          after: body.skills,
        });
        await queues.setSkills(params.agentId, body.skills);
        await changed('agents');
      },
    }),
    route({
      method: 'get',
      path: '/agents/skills',
      right: 'queues.watch',
      reach: { kind: 'filtered' },
      summary: 'The skills of all agents.',
      handle: async ({ principal }) => {
        const skills = [...(await queues.skills())];
        if (principal !== undefined && !isScoped(principal)) return { skills: Object.fromEntries(skills) };
        const seen = new Set((await agentsOf(principal)).map(({ agentId }) => agentId));
        return { skills: Object.fromEntries(skills.filter(([agentId]) => seen.has(agentId))) };
      },
    }),
    route({
      method: 'get',
      path: '/routing/decisions/:callId',
      right: 'calls.read',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'Why a caller waited and why that agent: every look at the call and every decision, with all who were considered.',
      params: z.object({ callId: z.string().max(64) }),
      handle: async ({ params }) => {
        const entries = await waits.ofCall(params.callId);
        return { entries, explanation: explainWait(params.callId, entries, Date.now()) };
      },
    }),
    ...createReplayRoutes(needs),
    route({
      method: 'get',
      path: '/routing/breaks',
      right: 'self.use',
      reach: { kind: 'common' },
      summary: 'The reasons for which agents may take a break, with their limits.',
      handle: async () => ({ breaks: await queues.breaks() }),
    }),
    route({
      method: 'put',
      path: '/routing/breaks',
      right: 'queues.edit',
      reach: { kind: 'site' },
      summary: 'Sets the reasons for breaks: how long one may last, how many agents at a time.',
      body: z.object({ breaks: BreakReasons }),
      handle: async ({ principal, body, from }) => {
        const before = await queues.breaks();
        await audit({ who: principal?.userId ?? '', what: 'breaks.changed', from, success: true, before, after: body.breaks });
        await queues.setBreaks(body.breaks);
        await changed('agents');
      },
    }),
    route({
      method: 'get',
      path: '/callbacks',
      right: 'calls.read',
      reach: { kind: 'filtered' },
      summary: 'Callers who keep their place for a callback, newest first.',
      query: z.object({
        open: z.enum(['yes', 'no']).default('yes'),
        skip: z.coerce.number().int().min(0).max(100_000).default(0),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      handle: async ({ principal, query }) => {
        const mine = await places.queues(principal, 'read');
        return { callbacks: (await callbacks.list({ ...query, open: query.open === 'yes' })).filter(({ queueId: at }) => mine(at)) };
      },
    }),
    route({
      method: 'post',
      path: '/callbacks/:callId/cancel',
      right: 'calls.control',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'Takes a promised callback back, with the reason.',
      params: z.object({ callId: z.string().max(64) }),
      body: z.object({ reason: z.string().trim().min(3).max(200) }),
      handle: async ({ principal, params, body, from }) => {
        const object = `call:${params.callId}`;
        await audit({ who: principal?.userId ?? '', what: 'callback.cancelled', object, from, success: true, reason: body.reason });
        const { cancelled } = await commands.send('callback.cancel', params);
        if (!cancelled) throw new CallCentreError('wrong-state', 'This callback is being dialled, or is over.');
      },
    }),
  ];
}
