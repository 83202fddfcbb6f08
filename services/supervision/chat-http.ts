import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { isPerson } from '../shared/domain/proof.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { PlaceReach } from '../shared/platform/reach/place-reach.js';
import { isOfTeams, isScoped, teamsOf, type MembersOf } from '../shared/platform/reach/reach.js';
import { isMember } from '../shared/domain/people/team.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { CallPartsOf } from './chat-of-call.js';
import { chatSheet } from './adapters/chat-sheet.js';
import type { ChatService } from './chat-service.js';
import type { SeenPlace } from './chat.js';
import type { AgentId, CallId, UserId } from '../shared/domain/ids.js';

export interface ChatHttp {
  readonly chat: ChatService;
  readonly commands: CommandBus;
  readonly places: Pick<PlaceReach, 'queues'>;
  /** Whether a person sees an agent; decided by the queues that the agent serves. */
  readonly agentsWithin: (principal: Principal) => Promise<(agentId: AgentId) => boolean>;
  readonly membersOf: MembersOf;
  readonly callParts: CallPartsOf;
  readonly audit: Audit;
}

/** The messages of a call's agents while each was in it, on its page and as a file. */
function ofCallRoutes({ chat, callParts, agentsWithin, membersOf, audit }: ChatHttp): Route[] {
  /** Of the agents whom the person sees: another team's conversations do not come along with a call that was passed on. */
  const written = async (principal: Principal, callId: CallId) => {
    const [parts, isWithin] = await Promise.all([callParts(callId), agentsWithin(principal)]);
    const found = await chat.ofParts(parts.filter(({ agentId }) => isWithin(agentId)));
    if (!isOfTeams(principal)) return found;
    const spells = await membersOf(teamsOf(principal));
    return found.filter(({ place, at }) => isMember(spells, place.id as AgentId, at.getTime()));
  };
  return [
    route('GET /calls/:callId/chat', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => ({ messages: [...(await written(principal, params.callId))] }),
    }),
    route('GET /calls/:callId/chat.csv', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      async handle({ principal, params: { callId }, from, response }) {
        const messages = await written(principal, callId);
        await audit({
          who: principal.userId,
          what: 'call.exported',
          object: `call:${callId}`,
          from,
          success: true,
          reason: 'messages',
          after: { rows: messages.length },
        });
        response.attachment(`messages-${callId}.csv`).type('text/csv').end(chatSheet(messages));
        return handled;
      },
    }),
  ];
}

/** With a scope of teams, what an agent wrote in the time of another team belongs to the leaders of that team. */
async function conversationsOf(
  { membersOf }: ChatHttp,
  principal: Principal,
  agents: readonly { readonly agentId: AgentId }[],
): Promise<SeenPlace[]> {
  const spells = isOfTeams(principal) ? await membersOf(teamsOf(principal)) : undefined;
  return agents.map(({ agentId: id }) => ({
    kind: 'agent',
    id,
    ...(spells === undefined ? {} : { during: spells.filter(({ agentId }) => agentId === id) }),
  }));
}

/** The agents whom a supervisor sees, and where the messages are that the supervisor reads: all places without a scope. */
async function supervisedBy(needs: ChatHttp, principal: Principal) {
  const { commands, places, agentsWithin } = needs;
  const [agents, queues, isWithin, isOwnQueue] = await Promise.all([
    commands.send('agents.list', {}),
    commands.send('queues.list', {}),
    agentsWithin(principal),
    places.queues(principal, 'read'),
  ]);
  const own = agents.filter(({ agentId }) => agentId !== principal.userId && isPerson(agentId) && isWithin(agentId));
  const within = isScoped(principal)
    ? [
        ...(await conversationsOf(needs, principal, own)),
        ...queues.filter(({ queueId }) => isOwnQueue(queueId)).map(({ queueId }) => ({ kind: 'queue', id: queueId }) as const),
        ...teamsOf(principal).map((id) => ({ kind: 'team', id }) as const),
      ]
    : undefined;
  return { own, within };
}

export function createChatRoutes(needs: ChatHttp): Route[] {
  const { chat, commands, membersOf } = needs;
  /**
   * The agent's own conversation, the queues of the agent now, and the teams of the agent at any time: a message for a team is for those
   * who were in it when it was written.
   */
  async function ownPlaces(userId: UserId): Promise<SeenPlace[]> {
    const [[agent], spells] = await Promise.all([commands.send('agents.list', { agentId: userId }), membersOf()]);
    return [
      { kind: 'agent', id: userId },
      ...(agent?.queues ?? []).map((id) => ({ kind: 'queue', id }) as const),
      ...spells.filter(({ agentId }) => agentId === userId).map((spell) => ({ kind: 'team', id: spell.teamId, during: [spell] }) as const),
    ];
  }

  return [
    route('GET /chat/mine', {
      reach: { kind: 'self' },
      async handle({ principal: { userId } }) {
        const [found, readUntil] = await Promise.all([chat.read(userId, 'agent', await ownPlaces(userId)), chat.seenUntil(userId)]);
        return { ...found, ...(readUntil === undefined ? {} : { readUntil }) };
      },
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
        const { own, within } = await supervisedBy(needs, principal);
        const found = await chat.read(principal.userId, 'supervisor', within);
        const inIt = new Set(found.messages.flatMap(({ place }) => (place.kind === 'agent' ? [place.id] : [])));
        return {
          ...found,
          agents: own.map(({ agentId, name }) => ({ userId: agentId, name })),
          readUntil: await chat.readUntil([...inIt]),
        };
      },
    }),
    route('POST /chat', {
      // Only people who reach all clients of a shared queue may write to all of its agents.
      reach: {
        kind: 'objects',
        named: ({ body: { place } }) => [{ of: place.kind, id: place.id, use: place.kind === 'agent' ? 'read' : 'write' }],
      },
      async handle({ principal: { userId, name }, body: { place, text } }) {
        if (place.kind === 'team') {
          const members = (await membersOf([place.id])).filter((spell) => isMember([spell], spell.agentId));
          if (members.length === 0) throw new CallCentreError('not-found', 'There is no such thing.');
          return chat.write({ userId, name }, place, text, [...new Set(members.map(({ agentId }) => agentId))]);
        }
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
      handle: async ({ principal, body: { messageId } }) =>
        chat.markRead(principal.userId, 'supervisor', messageId, (await supervisedBy(needs, principal)).within),
    }),
    ...ofCallRoutes(needs),
  ];
}
