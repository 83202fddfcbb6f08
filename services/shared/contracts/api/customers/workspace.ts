import { z } from 'zod';
import { AgentDay, Briefing, CallPaperwork, Contact, ContactEntry, SeatCallback, Worksheet } from '../../workspace.js';
import { commandFailures, dialFailures, type Endpoints, nothing } from '../endpoint.js';
import { AgentId, CallId, asAgentId, asCallId, asQueueId } from '../../ids.js';

export const QualitySample = z.object({
  id: z.string(),
  callId: CallId,
  agentId: AgentId,
  at: z.iso.datetime(),
  lossPercent: z.number(),
  jitterMs: z.number(),
  roundTripMs: z.number(),
  mos: z.number().optional(),
});
export type QualitySample = z.infer<typeof QualitySample>;

/**
 * A colleague, a queue or a registered outside number that the person often hands calls to. A number is shown by its name in the register.
 */
export const Favourite = z.string().regex(/^(?:seat:[\w.-]{1,64}|queue:[\w-]{1,40}|outside:\P{C}{1,80})$/u);
export const MOST_FAVOURITES = 30;

export const workspaceApi = {
  'GET /worksheets': {
    right: 'queues.edit',
    summary: 'Scripts, their fields and the results to choose from, by queue.',
    answer: z.object({
      worksheets: z.array(Worksheet),
    }),
    failures: ['changed-meanwhile'],
  },
  'PUT /worksheets/:queueId': {
    right: 'queues.edit',
    summary: 'Gives a queue its script, fields and results.',
    params: z.object({ queueId: asQueueId(z.string().regex(/^[\w-]{1,40}$/)) }),
    body: Worksheet.omit({ queueId: true }),
    answer: Worksheet,
    failures: [],
  },
  'GET /contacts/:callId': {
    right: 'calls.own',
    summary: 'Data on the caller of a call and the entries about it, for the agents it rings at or who were in it.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: Briefing,
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'PUT /contacts/:callId': {
    right: 'calls.own',
    summary: 'Saves what the agent has written so far.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: ContactEntry,
    answer: Contact,
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'POST /contacts/:callId/complete': {
    right: 'calls.own',
    summary: "Gives the contact its result; refused while required fields of the queue's worksheet are empty.",
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: ContactEntry,
    answer: Contact,
    failures: ['invalid-request', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'PUT /contacts/:callId/sticky-note': {
    right: 'calls.own',
    summary: 'A note that every agent sees when this caller calls again; an empty note removes it.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: z.object({ text: z.string().trim().max(500) }),
    answer: nothing,
    failures: ['not-found', 'not-supported', 'service-unavailable', 'timed-out'],
  },
  'POST /contacts/:callId/callback': {
    right: 'calls.own',
    summary:
      'Promises the caller a callback at a time, by this agent or anybody in the queue. A person has one open callback per client unit: another promise joins it, and the answer is that callback. Refused with `already-exists` when the person already keeps a place in a queue for a callback.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: z.object({ dueAt: z.coerce.date(), note: z.string().trim().max(500).default(''), whose: z.enum(['mine', 'queue']) }),
    answer: SeatCallback,
    failures: ['already-exists', 'invalid-request', 'not-found', 'not-supported', 'service-unavailable', 'timed-out'],
  },
  'POST /contacts/:callId/call-back': {
    right: 'seat.use',
    summary:
      'Calls back the caller of one of the agent’s own calls at once, from the agent’s seat. No callback is scheduled, and none stays open.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: z.object({ callId: CallId }),
    failures: [...new Set([...commandFailures, ...dialFailures]), 'not-found', 'not-supported'],
  },
  'GET /callbacks/mine': {
    right: 'seat.use',
    summary: 'Open callbacks of the agent who asks and of their queues, by time.',
    answer: z.object({
      callbacks: z.array(SeatCallback),
    }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'POST /callbacks/:id/dial': {
    right: 'seat.use',
    summary: 'Calls back from the seat of the person who asks; the number is not shown.',
    params: z.object({ id: z.string().max(64) }),
    answer: z.object({
      callId: CallId,
    }),
    failures: [...new Set([...commandFailures, ...dialFailures]), 'already-exists', 'changed-meanwhile', 'not-supported'],
  },
  'POST /callbacks/:id/close': {
    right: 'seat.use',
    summary: 'Marks a callback as done or no longer needed.',
    params: z.object({ id: z.string().max(64) }),
    body: z.object({ state: z.enum(['done', 'cancelled']) }),
    answer: nothing,
    failures: ['changed-meanwhile', 'not-allowed', 'not-found', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'GET /callbacks/promised': {
    right: 'agents.control',
    summary: "Open callbacks that were promised at the seats, by time, of the supervisor's queues.",
    answer: z.object({
      callbacks: z.array(SeatCallback),
    }),
    failures: ['changed-meanwhile', 'service-unavailable', 'timed-out'],
  },
  'POST /callbacks/:id/assign': {
    right: 'agents.control',
    summary: 'Hands a callback to another agent, or to anybody in its queue.',
    params: z.object({ id: z.string().max(64) }),
    body: z.object({ agentId: asAgentId(z.string().max(64)).optional() }),
    answer: nothing,
    failures: ['changed-meanwhile', 'invalid-request', 'not-found', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'GET /favourites/mine': {
    right: 'seat.use',
    summary: 'Colleagues, queues and registered numbers that the agent who asks has marked, in the order of marking.',
    answer: z.object({ favourites: z.array(Favourite) }),
    failures: [],
  },
  'PUT /favourites/mine/:favourite': {
    right: 'seat.use',
    summary: 'Marks a colleague, a queue or a registered number, or removes the mark; at most 30 are marked.',
    params: z.object({ favourite: Favourite }),
    body: z.object({ marked: z.boolean() }),
    answer: z.object({ favourites: z.array(Favourite) }),
    failures: ['not-supported'],
  },
  'GET /my-day': {
    right: 'calls.own',
    summary: 'Calls, times, service level, handle time, occupancy and scores of the agent who asks, since midnight at the site.',
    answer: AgentDay,
    failures: [],
  },
  'GET /calls/:callId/paperwork': {
    right: 'calls.see',
    summary: 'What the agents of a call wrote (notes, fields, result), and the complaints and callbacks that followed from it.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: CallPaperwork,
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /calls/:callId/quality': {
    right: 'calls.read',
    summary: "What the seats of a call heard, sample by sample: loss, jitter, round trip, MOS-CQE by G.107's E-model.",
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: z.object({
      samples: z.array(QualitySample),
    }),
    failures: [],
  },
} satisfies Endpoints;
export type WorkspaceApi = typeof workspaceApi;
