import { z } from 'zod';
import { file, nothing, type Endpoints } from '../endpoint.js';
import { CHAT_LENGTH } from '../../calls/text-lengths.js';
import { asCallId, UserId } from '../../ids.js';

/** The number of messages that are shown, the newest ones. */
export const CHAT_ROWS = 200;

const person = z.object({ userId: UserId, name: z.string() });
const text = z.string().trim().min(1).max(CHAT_LENGTH);
const id = z.string().min(1).max(64);

/** Where a message belongs: to the conversation of an agent with the supervisors who reach the agent, or to all agents of a queue or team. */
export const ChatPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent'), id }),
  z.object({ kind: z.literal('queue'), id }),
  z.object({ kind: z.literal('team'), id }),
]);
export type ChatPlace = z.infer<typeof ChatPlace>;

export const ChatMessage = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  from: person,
  place: ChatPlace,
  text: z.string(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

const chat = z.object({
  /** Oldest first. */
  messages: z.array(ChatMessage),
  /** The number of messages from others that the person has not read. */
  unread: z.int(),
});
/** Marks everything up to this message as read. */
const read = z.object({ messageId: id });

export const chatApi = {
  'GET /chat/mine': {
    right: 'seat.use',
    summary: 'What supervisors and the agent have written to each other, and what is written to the queues and the team of the agent.',
    answer: chat.extend({
      /** Until when any supervisor has read the agent's own messages; missing while nobody has. */
      readUntil: z.iso.datetime().optional(),
    }),
    failures: ['timed-out'],
  },
  'POST /chat/mine': {
    right: 'seat.use',
    summary: 'Writes to the supervisors who reach the agent.',
    body: z.object({ text }),
    answer: ChatMessage,
    failures: [],
  },
  'POST /chat/mine/read': {
    right: 'seat.use',
    summary: 'The agent has read the messages up to this one.',
    body: read,
    answer: nothing,
    failures: [],
  },
  'GET /chat': {
    right: 'chat.supervise',
    summary: `Messages of agents and to queues and teams within reach, the newest ${CHAT_ROWS}, and how far each agent has read.`,
    answer: chat.extend({
      agents: z.array(person),
      /** Until when the agents of the conversations have read, by agent; missing for an agent who has read nothing. */
      readUntil: z.record(z.string(), z.iso.datetime()),
    }),
    failures: ['timed-out'],
  },
  'POST /chat': {
    right: 'chat.supervise',
    summary: 'Writes to an agent, or to all agents of a queue or team.',
    body: z.object({ place: ChatPlace, text }),
    answer: ChatMessage,
    failures: ['timed-out'],
  },
  'POST /chat/read': {
    right: 'chat.supervise',
    summary: 'The supervisor has read the messages up to this one; the agents who wrote them are told.',
    body: read,
    answer: nothing,
    failures: ['timed-out'],
  },
  'GET /calls/:callId/chat': {
    right: 'calls.read',
    summary: 'What the agents of a call and their supervisors wrote to each other while the call lasted.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: z.object({ messages: z.array(ChatMessage) }),
    failures: ['not-found', 'timed-out'],
  },
  'GET /calls/:callId/chat.csv': {
    right: 'calls.read',
    summary: 'The same as a file; the audit log has a row for it.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: file('text/csv'),
    failures: ['not-found', 'timed-out'],
  },
} satisfies Endpoints;
export type ChatApi = typeof chatApi;
