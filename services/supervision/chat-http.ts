import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { isScoped } from '../shared/platform/reach/reach.js';
import { route, type Route } from '../shared/platform/http/route.js';
import type { ChatService } from './chat-service.js';
import type { AgentId, UserId } from '../shared/domain/ids.js';

export interface ChatHttp {
  readonly chat: ChatService;
  readonly commands: CommandBus;
  readonly places: Pick<PlaceReach, 'queues'>;
  /** Whether a person sees an agent; decided by the queues that the agent serves. */
  readonly agentsWithin: (principal: Principal) => Promise<(agentId: AgentId) => boolean>;
}

export function createChatRoutes({ chat, commands, places, agentsWithin }: ChatHttp): Route[] {
  /** The agent's own conversation, and the queues that the agent serves now. */
  async function ownPlaces(userId: UserId) {
    const [agent] = await commands.send('agents.list', { agentId: userId });
    return [{ kind: 'agent', id: userId } as const, ...(agent?.queues ?? []).map((id) => ({ kind: 'queue', id }) as const)];
  }

  return [
    route('GET /chat/mine', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId } }) => chat.read(userId, 'agent', await ownPlaces(userId)),
    }),
    route('POST /chat/mine', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId, name }, body: { text } }) => chat.write({ userId, name }, { kind: 'agent', id: userId }, text),
    }),
    route('POST /chat/mine/read', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId }, body: { messageId } }) => chat.markRead(userId, 'agent', messageId),
    }),
    route('GET /chat', {
      reach: { kind: 'filtered' },
      async handle({ principal }) {
        const [agents, queues, isWithin, isOwnQueue] = await Promise.all([
          commands.send('agents.list', {}),
          commands.send('queues.list', {}),
          agentsWithin(principal),
          places.queues(principal, 'read'),
        ]);
        const own = agents.filter(({ agentId }) => agentId !== principal.userId && isWithin(agentId));
        const within = isScoped(principal)
          ? [
              ...own.map(({ agentId }) => ({ kind: 'agent', id: agentId }) as const),
              ...queues.filter(({ queueId }) => isOwnQueue(queueId)).map(({ queueId }) => ({ kind: 'queue', id: queueId }) as const),
            ]
          : undefined;
        const found = await chat.read(principal.userId, 'supervisor', within);
        return { ...found, agents: own.map(({ agentId, name }) => ({ userId: agentId, name })) };
      },
    }),
    route('POST /chat', {
      // Only people who reach all clients of a shared queue may write to all of its agents.
      reach: {
        kind: 'objects',
        named: ({ body: { place } }) => [{ of: place.kind, id: place.id, use: place.kind === 'agent' ? 'read' : 'write' }],
      },
      async handle({ principal: { userId, name }, body: { place, text } }) {
        const isThere =
          place.kind === 'agent'
            ? (await commands.send('agents.list', { agentId: place.id })).length > 0
            : (await commands.send('queues.list', {})).some(({ queueId }) => queueId === place.id);
        if (!isThere) throw new CallCentreError('not-found', 'There is no such thing.');
        return chat.write({ userId, name }, place, text);
      },
    }),
    route('POST /chat/read', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId }, body: { messageId } }) => chat.markRead(userId, 'supervisor', messageId),
    }),
  ];
}
