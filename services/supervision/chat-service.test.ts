import { beforeEach, expect, test } from '@jest/globals';
import type { CommandBus } from '../shared/contracts/calls/commands.js';
import type { ChatMessage } from './chat.js';
import { createCallParts } from './chat-of-call.js';
import { createChatService, type ChatService } from './chat-service.js';

const AT = Date.parse('2026-11-28T08:00:00.000Z');
const ann = { userId: 'ann', name: 'Ann' };
const boss = { userId: 'boss', name: 'Boss' };
const toAnn = { kind: 'agent', id: 'ann' } as const;

let nowMs: number;
let rows: ChatMessage[];
let marks: Map<string, Date>;
let published: unknown[];
let chat: ChatService;

beforeEach(() => {
  nowMs = AT;
  rows = [];
  marks = new Map();
  published = [];
  let ids = 0;
  chat = createChatService({
    chats: {
      put: async (message) => void rows.push(message),
      remove: async (id) => void (rows = rows.filter((each) => each.id !== id)),
      byId: async (id) => rows.find((each) => each.id === id),
      newest: async (places) => rows.filter(({ place }) => places?.some(({ kind, id }) => kind === place.kind && id === place.id) ?? true),
      countSince: async (userId, since) => rows.filter(({ from, at }) => from.userId === userId && at > since).length,
      readAts: async (userIds, as) =>
        new Map(
          [...marks].filter(([key]) => userIds.some((id) => key === `${as}/${id}`)).map(([key, at]) => [key.slice(as.length + 1), at]),
        ),
      between: async (agentIds, from, until) =>
        rows.filter(({ at, place }) => place.kind === 'agent' && agentIds.includes(place.id) && at >= from && at <= until),
      readAt: async (userId, as) => marks.get(`${as}/${userId}`),
      async setReadAt(userId, as, at) {
        const before = marks.get(`${as}/${userId}`);
        if (before === undefined || before < at) marks.set(`${as}/${userId}`, at);
      },
      forgetBefore: async () => undefined,
    },
    bus: { publish: async (_name, event) => void published.push(event) },
    newId: () => `m${(ids += 1)}`,
    now: () => new Date((nowMs += 1)),
  });
});

test('what others wrote since the last reading is unread, for agent and supervisor apart; a late page makes nothing unread', async () => {
  await chat.write(boss, toAnn, 'one');
  await chat.write(ann, toAnn, 'two');
  await chat.write(boss, toAnn, 'three');
  expect((await chat.read('ann', 'agent', [toAnn])).unread).toBe(2);
  expect((await chat.read('boss', 'supervisor', undefined)).unread).toBe(1);
  await chat.markRead('ann', 'agent', 'm3');
  await chat.markRead('ann', 'agent', 'm1');
  expect((await chat.read('ann', 'agent', [toAnn])).unread).toBe(0);
  expect((await chat.read('ann', 'supervisor', [toAnn])).unread).toBe(2);
  await chat.markRead('ann', 'supervisor', 'none');
  expect((await chat.read('ann', 'supervisor', [toAnn])).unread).toBe(2);
});

test('the event has no text and no name', async () => {
  await chat.write(boss, { kind: 'queue', id: 'service' }, 'the caller of 13800001111');
  expect(published).toEqual([{ at: new Date(AT + 1).toISOString(), messageId: 'm1', to: 'queue', id: 'service' }]);
});

test('nobody writes more than twenty messages in a minute', async () => {
  for (let index = 0; index < 20; index += 1) await chat.write(ann, toAnn, 'again');
  await expect(chat.write(ann, toAnn, 'again')).rejects.toMatchObject({ code: 'too-many-requests' });
  await chat.write(boss, toAnn, 'enough');
  nowMs += 60_000;
  await chat.write(ann, toAnn, 'sorry');
});

test('nor at the same moment', async () => {
  const sent = await Promise.allSettled(Array.from({ length: 60 }, () => chat.write(ann, toAnn, 'at once')));
  expect(sent.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(20);
  expect(rows.length).toBeLessThanOrEqual(20);
  expect(published.length).toBe(rows.length);
});

test('the supervisors hear that an agent has read, and how far', async () => {
  const first = await chat.write(boss, toAnn, 'one');
  await chat.write(boss, toAnn, 'two');
  published.length = 0;
  expect(await chat.readUntil(['ann'])).toEqual({});
  await chat.markRead('ann', 'agent', first.id);
  await chat.markRead('boss', 'supervisor', first.id);
  expect(await chat.readUntil(['ann', 'bert'])).toEqual({ ann: first.at });
  expect(published).toEqual([expect.objectContaining({ agentId: 'ann' })]);
});

test('an agent hears that a supervisor who sees the conversation has read, and not who; nobody else is told', async () => {
  const toBert = { kind: 'agent', id: 'bert' } as const;
  await chat.write(ann, toAnn, 'one');
  const second = await chat.write(ann, toAnn, 'two');
  await chat.write({ userId: 'bert', name: 'Bert' }, toBert, 'three');
  const last = await chat.write(boss, toAnn, 'four');
  published.length = 0;
  expect(await chat.seenUntil('ann')).toBeUndefined();
  await chat.markRead('boss', 'supervisor', second.id, [toAnn]);
  expect(await chat.seenUntil('ann')).toEqual(second.at);
  expect(published).toEqual([{ at: expect.any(String), agentId: 'ann', by: 'supervisor' }]);
  // What the supervisor wrote is not read by that, and what has been read is not told again.
  await chat.markRead('boss', 'supervisor', last.id, [toAnn]);
  expect(await chat.seenUntil('ann')).toEqual(second.at);
  // A conversation that the supervisor does not see is not read.
  expect(await chat.seenUntil('bert')).toBeUndefined();
  expect(published).toHaveLength(1);
});

test('a message to a team names who reads it; the conversations of a call are those of its time', async () => {
  await chat.write(boss, { kind: 'team', id: 'north' }, 'meeting at ten', ['ann', 'bert']);
  expect(published).toEqual([expect.objectContaining({ to: 'team', id: 'north', readers: ['ann', 'bert'] })]);
  const inIt = await chat.write(ann, toAnn, 'in the call');
  await chat.write(ann, toAnn, 'later');
  expect(await chat.ofParts([{ agentId: 'ann', from: new Date(AT), until: inIt.at }])).toEqual([inIt]);
});

test('of a call that was passed on, each agent’s conversation is cut to the time in which the agent was in it', async () => {
  const toBert = { kind: 'agent', id: 'bert' } as const;
  const write = (place: typeof toAnn | typeof toBert, text: string): Promise<ChatMessage> => chat.write(boss, place, text);
  const first = await write(toAnn, 'in the part of Ann');
  await write(toBert, 'before the part of Bert');
  const second = await write(toBert, 'in the part of Bert');
  await write(toAnn, 'after the part of Ann');
  const calls = {
    one: async () => ({
      agentIds: ['ann', 'bert'],
      invitedAt: new Date(AT),
      endedAt: new Date(AT + 60_000),
      segments: [
        { agentId: 'ann', fromMs: AT, toMs: first.at.getTime() },
        { agentId: 'bert', fromMs: second.at.getTime(), toMs: AT + 60_000 },
      ],
    }),
  } as unknown as Parameters<typeof createCallParts>[0]['calls'];
  const parts = await createCallParts({ calls }, {} as CommandBus, () => new Date())('c1');
  expect((await chat.ofParts(parts)).map(({ text }) => text)).toEqual(['in the part of Ann', 'in the part of Bert']);
});
