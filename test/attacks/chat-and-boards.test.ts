import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../support/asked.js';
import { BareSeat } from '../support/bare-seat.js';
import { newPerson } from '../support/centre/people.js';
import { until } from '../support/until.js';
import { BoardPage } from './support/board-page.js';
import { Conversation } from './support/conversation.js';
import { attacked } from './support/tier.js';

// What a leader of one team hears of another team without asking, and who may fill other people's pages with messages.

const stack = attacked();
const [OWN, OTHER] = ['attack-chat-own', 'attack-chat-other'] as const;
let admin: string;
let supervisor: string;
let agentIds: Readonly<Record<string, string>>;

const teamOf = (teamId: string, userIds: readonly string[]): Promise<unknown> =>
  asked(stack, admin, 'PUT', `/api/teams/${teamId}/members`, { userIds });
const idOf = (name: string): string => agentIds[name] ?? '';

beforeAll(async () => {
  [admin, supervisor] = [await stack.signIn('admin'), await stack.signIn('supervisor')];
  const { users } = await asked<{ users: { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  agentIds = Object.fromEntries(users.map(({ id, name }) => [name, id]));
  for (const teamId of [OWN, OTHER]) await asked(stack, admin, 'PUT', `/api/teams/${teamId}`, { name: { 'zh-CN': teamId } });
  await teamOf(OWN, [idOf('agent2')]);
  await teamOf(OTHER, [idOf('agent1')]);
}, 60_000);
afterAll(async () => {
  for (const teamId of [OWN, OTHER]) await teamOf(teamId, []);
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

test('an agent who writes sixty messages at once is heard twenty times a minute at most', async () => {
  const token = await stack.signIn('agent1');
  const statuses = await Promise.all(
    Array.from(
      { length: 60 },
      async (_each, i) => (await stack.http('POST', '/api/chat/mine', { token, body: { text: `now ${i}` } })).status,
    ),
  );
  expect(new Set(statuses)).toEqual(new Set(statuses.includes(200) ? [200, 429] : [429]));
  expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(20);
  const { messages } = await asked<{ messages: { text: string }[] }>(stack, token, 'GET', '/api/chat/mine');
  expect(messages.filter(({ text }) => text.startsWith('now ')).length).toBeLessThanOrEqual(20);
});

test('the leader of a team receives no row, no call and no message of another team on an open page', async () => {
  const leader = await newPerson(stack, admin, { name: 'attack-chat-leader', roles: ['supervisor'], scope: { teams: [OWN] } });
  const seat = await BareSeat.open(stack, 'agent2');
  const page = await BoardPage.open(stack, leader.token);
  const whole = await BoardPage.open(stack, supervisor);
  try {
    await using talk = await Conversation.begin(stack);
    // Whoever sees everything has the call on the board, so there is something to keep from the leader.
    await until(
      async () => whole.rows.find(({ agentId }) => agentId === idOf('agent1'))?.call?.callId,
      (callId) => callId === talk.callId,
    );
    await asked(stack, supervisor, 'POST', '/api/chat', { place: { kind: 'agent', id: idOf('agent1') }, text: 'of the other team' });
    // What comes next is about the leader's own agent: all that was sent before has arrived by then.
    await asked(stack, leader.token, 'POST', '/api/chat', { place: { kind: 'agent', id: idOf('agent2') }, text: 'of the own team' });
    await asked(stack, leader.token, 'POST', `/api/agents/${idOf('agent2')}/state`, { state: 'break', reason: 'for this test' });
    await until(
      async () => page.rows.find(({ agentId }) => agentId === idOf('agent2'))?.state,
      (state) => state === 'break',
    );
    expect(page.rows.map(({ agentId }) => agentId)).toEqual([idOf('agent2')]);
    const marks = [talk.callId, idOf('agent1'), 'of the other team'];
    expect(marks.filter((mark) => page.received.some((text) => text.includes(mark)))).toEqual([]);
    const { messages } = await asked<{ messages: { text: string }[] }>(stack, leader.token, 'GET', '/api/chat');
    expect(messages.map(({ text }) => text)).toEqual(['of the own team']);
    // Neither may the leader write to them, nor read what was written in their call.
    const to = (kind: string, id: string) =>
      stack.http('POST', '/api/chat', { token: leader.token, body: { place: { kind, id }, text: 'let me in' } });
    for (const [kind, id] of [
      ['agent', idOf('agent1')],
      ['team', OTHER],
      ['queue', 'service'],
    ] as const)
      expect([kind, (await to(kind, id)).status]).toEqual([kind, 404]);
    for (const form of ['chat', 'chat.csv', 'now', 'live', 'notes', 'customer'])
      expect([form, (await stack.http('GET', `/api/calls/${talk.callId}/${form}`, { token: leader.token })).status]).toEqual([form, 404]);
  } finally {
    page[Symbol.dispose]();
    whole[Symbol.dispose]();
    await seat.leave();
  }
}, 90_000);
