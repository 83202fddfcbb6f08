import type { AgentSnapshot, CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { isPerson } from '../shared/domain/proof.js';
import { mayUse, type Principal } from '../shared/domain/people/rights.js';
import type { EventBus } from '../shared/events/catalogue.js';
import { refuseUnmeant } from '../shared/platform/stores/edits.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { isScoped, queuesNamedIn } from '../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import { createAgentLimitRoutes } from './agents/agent-limits.js';
import { createAgentBatch } from './agents/agent-batch.js';
import { createListedAgents } from './agents/listed-agents.js';
import { refuseQueueOfTests, refuseSeatsOfSystem } from './of-test-calls.js';
import type { AgentLimitStore, CallbackStore, QueueStore, StateLog, WaitStore } from './ports.js';
import { overflowCircle, Queue } from './queue.js';
import { createReplayRoutes, type ReplayHttp } from './replay/replay-http.js';
import { createThresholdRoutes, type ThresholdHttp } from './thresholds/http.js';
import { explainWait } from './waits/wait-log.js';

export interface RoutingHttp {
  readonly queues: QueueStore;
  readonly waits: WaitStore;
  readonly states: StateLog;
  readonly callbacks: CallbackStore;
  readonly commands: CommandBus;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly reachOf: ThresholdHttp['reachOf'];
  readonly thresholds: ThresholdHttp['thresholds'];
  readonly limits: AgentLimitStore;
  readonly accounts: ThresholdHttp['accounts'];
  readonly clock: ThresholdHttp['clock'];
  readonly boundsOf: ReplayHttp['boundsOf'];
  /** Whether a number outside is in force on the register of destinations. */
  readonly isDestination: (number: string) => Promise<boolean>;
}

type Changed = (what: 'queues' | 'agents' | 'thresholds') => Promise<void>;

export function createRoutingRoutes(needs: RoutingHttp): Route[] {
  const changed: Changed = (what) => needs.bus.publish('config.changed', { at: new Date(needs.clock.nowMs()).toISOString(), what });
  return [
    ...queueRoutes(needs, changed),
    ...agentRoutes(needs, changed),
    ...decisionRoutes(needs),
    ...createReplayRoutes(needs),
    ...breakRoutes(needs, changed),
    ...callbackRoutes(needs),
    ...createAgentLimitRoutes(needs),
    ...createThresholdRoutes({ ...needs, changed: () => changed('thresholds') }),
  ];
}

const queueRoutes = ({ queues, commands, audit, places, isDestination }: RoutingHttp, changed: Changed): Route[] => [
  route('GET /queues', {
    reach: { kind: 'filtered' },
    handle: async ({ principal }) => {
      const mine = await places.queues(principal, 'read');
      return { queues: (await queues.all()).filter(({ id }) => mine(id)) };
    },
  }),
  route('PUT /queues/:queueId', {
    reach: { kind: 'object', of: 'queue', param: 'queueId', also: ({ body }) => queuesNamedIn(body) },
    handle: async ({ principal, params, body, from, request }) => {
      const parsed = Queue.safeParse({ ...body, id: params.queueId });
      if (!parsed.success)
        throw new CallCentreError('invalid-request', 'The queue is not valid.', {
          details: parsed.error.issues.map(({ path, message }) => ({ at: path.join('.'), message })),
        });
      refuseSeatsOfSystem(parsed.data);
      const others = new Map((await queues.all()).map((queue) => [queue.id, queue]));
      const before = others.get(params.queueId);
      refuseUnmeant(request, body.revision, before);
      const circle = overflowCircle(parsed.data, others);
      if (circle !== undefined)
        throw new CallCentreError('invalid-request', 'The overflow goes round in a circle.', { details: { circle } });
      const { overflow } = parsed.data;
      if (overflow.to === 'number' && !(await isDestination(overflow.number)))
        throw new CallCentreError('outbound-destination', 'The overflow number is not a registered destination that is in force.', {
          details: [{ at: 'overflow.number', message: 'not registered' }],
        });
      await audit({
        who: principal.userId,
        what: 'queue.changed',
        object: params.queueId,
        from,
        success: true,
        before,
        after: parsed.data,
      });
      const stored = await queues.put(parsed.data, before, principal.name);
      await changed('queues');
      return stored;
    },
  }),
  route('DELETE /queues/:queueId', {
    reach: { kind: 'object', of: 'queue', param: 'queueId' },
    handle: async ({ principal, params, from }) => {
      refuseQueueOfTests(params.queueId);
      const leading = (await queues.all()).find(({ overflow }) => overflow.to === 'queue' && overflow.queueId === params.queueId);
      if (leading !== undefined)
        throw new CallCentreError('wrong-state', 'Another queue overflows into this one.', { details: { queueId: leading.id } });
      await audit({ who: principal.userId, what: 'queue.removed', object: params.queueId, from, success: true });
      if (!(await queues.remove(params.queueId))) throw new CallCentreError('not-found', 'There is no such queue.');
      await changed('queues');
    },
  }),
  route('GET /queues/board', {
    reach: { kind: 'filtered' },
    handle: async ({ principal }) => {
      const mine = await places.queues(principal, 'read');
      return { queues: (await commands.send('queues.list', {})).filter((queue) => mine(queue.queueId)) };
    },
  }),
];

function agentRoutes({ queues, accounts, commands, audit, places }: RoutingHttp, changed: Changed): Route[] {
  const listed = createListedAgents({ accounts, queues });
  const batch = createAgentBatch({ queues, listed, commands, places, audit, changed });
  /** The agents that a person may see. Parts of the system are left out. */
  async function agentsOf(principal: Principal | undefined): Promise<AgentSnapshot[]> {
    const [agents, sees] = await Promise.all([commands.send('agents.list', {}), places.agents(principal)]);
    const decides = mayUse(principal, 'agents.watch');
    return agents
      .filter(({ agentId }) => isPerson(agentId))
      .filter((agent) => agent.agentId === principal?.userId || sees(agent))
      .map((agent) => (decides || agent.agentId === principal?.userId ? agent : withoutReasons(agent)));
  }

  return [
    route('GET /agents', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const [people, sees] = await Promise.all([listed.all(), places.agents(principal)]);
        return {
          agents: people
            .filter((person) => person.roles.includes('agent') && sees(person))
            .map(({ agentId, name, lastSignInAt = null }) => ({ agentId, name, lastSignInAt })),
        };
      },
    }),
    route('GET /agents/board', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => ({ agents: await agentsOf(principal) }),
    }),
    route('POST /agents/:agentId/state', {
      reach: { kind: 'object', of: 'agent', param: 'agentId' },
      handle: async ({ principal, params: { agentId }, body: { state, reason }, from }) => {
        const [agent] = await commands.send('agents.list', { agentId });
        if (agent === undefined) throw new CallCentreError('not-found', 'This agent is not signed in.');
        await audit({
          who: principal.userId,
          what: 'agent.state-forced',
          object: agentId,
          from,
          success: true,
          // The log keeps only hashes of before and after, so the reason spells the decision out for its readers.
          reason: `${agent.state} → ${state}: ${reason}`,
          before: stateOf(agent),
          after: { state },
        });
        return commands.send('agent.force-state', { agentId, state, by: principal.name, reason });
      },
    }),
    route('PUT /agents/:agentId/skills', {
      reach: { kind: 'object', of: 'agent', param: 'agentId' },
      handle: async ({ principal, params, body, from }) => {
        await audit({
          who: principal.userId,
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
    route('POST /agents/batch', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, body: { rows, commit }, from }) => batch(principal, rows, commit, from),
    }),
    route('GET /agents/skills', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const skills = [...(await queues.skills())];
        if (!isScoped(principal)) return { skills: Object.fromEntries(skills) };
        const [agents, people, sees] = await Promise.all([agentsOf(principal), listed.all(), places.agents(principal)]);
        const seen = new Set<string>([...agents, ...people.filter(sees)].map(({ agentId }) => agentId));
        return { skills: Object.fromEntries(skills.filter(([agentId]) => seen.has(agentId))) };
      },
    }),
  ];
}

const stateOf = ({ state, reason, nextState }: AgentSnapshot): Partial<AgentSnapshot> => ({
  state,
  ...(reason === undefined ? {} : { reason }),
  ...(nextState === undefined ? {} : { nextState }),
});

/** A supervisor's reason for a decision is between the two people: colleagues who look for a target see only the state. */
function withoutReasons({ forced: _forced, nextForced: _nextForced, ...agent }: AgentSnapshot): AgentSnapshot {
  return agent;
}

const decisionRoutes = ({ waits, clock }: RoutingHttp): Route[] => [
  route('GET /routing/decisions/:callId', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ params }) => {
      const entries = await waits.ofCall(params.callId);
      return { entries, explanation: explainWait(params.callId, entries, clock.nowMs()) };
    },
  }),
];

const breakRoutes = ({ queues, audit }: RoutingHttp, changed: Changed): Route[] => [
  route('GET /routing/breaks', {
    reach: { kind: 'common' },
    handle: async () => ({ breaks: await queues.breaks() }),
  }),
  route('PUT /routing/breaks', {
    reach: { kind: 'site' },
    handle: async ({ principal, body, from }) => {
      const before = await queues.breaks();
      await audit({ who: principal.userId, what: 'breaks.changed', from, success: true, before, after: body.breaks });
      await queues.setBreaks(body.breaks);
      await changed('agents');
    },
  }),
];

const callbackRoutes = ({ callbacks, commands, audit, places }: RoutingHttp): Route[] => [
  route('GET /callbacks', {
    reach: { kind: 'filtered' },
    handle: async ({ principal, query }) => {
      const mine = await places.queues(principal, 'read');
      const listed = await callbacks.list({ ...query, open: query.open === 'yes' });
      // The hash of a number would let calls of one person be linked, so it is not sent.
      return { callbacks: listed.filter(({ queueId: at }) => mine(at)).map(({ callerHash: _hash, ...callback }) => callback) };
    },
  }),
  route('POST /callbacks/:callId/cancel', {
    reach: { kind: 'object', of: 'call', param: 'callId' },
    handle: async ({ principal, params, body, from }) => {
      const object = `call:${params.callId}`;
      await audit({ who: principal.userId, what: 'callback.cancelled', object, from, success: true, reason: body.reason });
      const { cancelled } = await commands.send('callback.cancel', params);
      if (!cancelled) throw new CallCentreError('wrong-state', 'This callback is being dialled, or is over.');
    },
  }),
];
