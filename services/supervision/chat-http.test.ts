import { expect, test } from '@jest/globals';
import { PROOF_AGENT, TEST_AGENT } from '../shared/domain/proof.js';
import type { TeamSpell } from '../shared/domain/people/team.js';
import type { RouteInput } from '../shared/platform/http/route.js';
import { createChatRoutes, type ChatHttp } from './chat-http.js';
import type { ChatMessage, SeenPlace } from './chat.js';

const MOVED_AT = Date.parse('2026-11-20T00:00:00.000Z');
/** Ann was in the team `south`, and is in `north` now. */
const spells: readonly TeamSpell[] = [
  { teamId: 'south', agentId: 'ann', fromMs: 0, untilMs: MOVED_AT },
  { teamId: 'north', agentId: 'ann', fromMs: MOVED_AT },
];
const message = (id: string, atMs: number): ChatMessage => ({
  ...{ id, at: new Date(atMs), from: { userId: 'ann', name: 'Ann' }, text: id },
  place: { kind: 'agent', id: 'ann' },
});
const written = [message('in-south', MOVED_AT - 1), message('in-north', MOVED_AT)];

const signedIn = ['ann', 'boss', PROOF_AGENT, TEST_AGENT].map((agentId) => ({ agentId, name: agentId, queues: ['service'] }));

const isSeen = ({ place, at }: ChatMessage, places: readonly SeenPlace[] | undefined): boolean =>
  places?.some(
    ({ kind, id, during }) =>
      kind === place.kind && id === place.id && (during?.some(({ fromMs, untilMs = Infinity }) => +at >= fromMs && +at < untilMs) ?? true),
  ) ?? true;

interface Answer {
  readonly messages: readonly ChatMessage[];
  readonly agents?: readonly { readonly userId: string }[];
}

async function answerOf(path: string, scope: object, stored = written): Promise<Answer> {
  const needs: { [K in keyof ChatHttp]: unknown } = {
    chat: {
      read: async (_userId: string, _as: string, places: readonly SeenPlace[] | undefined) => ({
        messages: stored.filter((each) => isSeen(each, places)),
        unread: 0,
      }),
      readUntil: async () => ({}),
      ofParts: async () => stored,
      seenUntil: async () => undefined,
    },
    commands: { send: async (name: string) => (name === 'agents.list' ? signedIn : []) },
    places: { queues: async () => () => true },
    agentsWithin: async () => () => true,
    membersOf: async (teamIds?: readonly string[]) => spells.filter(({ teamId }) => teamIds?.includes(teamId) ?? true),
    callParts: async () => [{ agentId: 'ann', from: new Date(0), until: new Date() }],
    audit: async () => undefined,
  };
  const asked = createChatRoutes(needs as unknown as ChatHttp).find((each) => each.method === 'get' && each.path === path);
  const principal = {
    userId: path === '/chat/mine' ? 'ann' : 'boss',
    name: 'Boss',
    sessionId: '',
    roles: ['supervisor'],
    scope: { queues: [], sites: [], clientUnits: [], ...scope },
  };
  const input = { principal, params: { callId: 'c1' }, query: {}, body: {}, from: '' };
  return (await asked?.handle(input as unknown as RouteInput<unknown, unknown, unknown>)) as Answer;
}

const texts = async (path: string, scope: object, stored = written): Promise<readonly string[]> =>
  (await answerOf(path, scope, stored)).messages.map(({ text }) => text);

test.each(['/chat', '/calls/:callId/chat'])(
  '%s shows the leader of a team what an agent wrote in the time of that team, and nothing of the team before',
  async (path) => {
    expect(await texts(path, { teams: ['north'] })).toEqual(['in-north']);
    expect(await texts(path, { teams: ['south'] })).toEqual(['in-south']);
    expect(await texts(path, { teams: ['north', 'south'] })).toEqual(['in-south', 'in-north']);
    expect(await texts(path, { queues: ['service'] })).toEqual(['in-south', 'in-north']);
    expect(await texts(path, {})).toEqual(['in-south', 'in-north']);
  },
);

test('an agent reads what was written to a team while the agent was in it, and nothing from before or after', async () => {
  const toTeam = (id: string, atMs: number): ChatMessage => ({
    ...message(`${id} ${atMs < MOVED_AT ? 'before' : 'after'}`, atMs),
    place: { kind: 'team', id },
  });
  const stored = [MOVED_AT - 1, MOVED_AT].flatMap((atMs) => ['south', 'north'].map((id) => toTeam(id, atMs)));
  expect(await texts('/chat/mine', {}, stored)).toEqual(['south before', 'north after']);
});

test('a supervisor writes to people: not to the seats of test calls, nor to their own', async () => {
  expect((await answerOf('/chat', {})).agents?.map(({ userId }) => userId)).toEqual(['ann']);
});
