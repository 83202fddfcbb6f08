import { z } from 'zod';
import { releaseCauses } from '../../../domain/calls/release.js';
import { LiveCall } from '../../calls/commands.js';
import { CallSoFar, EndedCall } from '../../calls/ended-call.js';
import { commandFailures, file, type Endpoints, nothing } from '../endpoint.js';
import { AgentId, CallId, QueueId, asAgentId, asCallId, asQueueId } from '../../ids.js';

export { CallOffer, CallSegment, CallSoFar, EndedCall, Mark, TimeSpan } from '../../calls/ended-call.js';

/** The longest list of calls or recordings that is exported from its page. More is asked for as a bulk export. */
export const CALL_LIST_ROWS = 5_000;

const CallSearch = z.object({
  search: z.string().trim().max(64).optional(),
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
  agentId: asAgentId(z.string().max(64)).optional(),
  queueId: asQueueId(z.string().max(64)).optional(),
  called: z.string().max(24).optional(),
  cause: z.string().max(40).optional(),
  direction: z.enum(['inbound', 'outbound']).optional(),
});
export type CallSearch = z.infer<typeof CallSearch>;

export const callsApi = {
  'GET /calls': {
    right: 'calls.read',
    summary: 'Ended calls, newest first; `search` is a whole number or a call id.',
    query: CallSearch.extend({
      before: z
        .string()
        .regex(/^[0-9a-z]{1,64}$/)
        .optional(),
      skip: z.coerce.number().int().min(0).max(100_000).default(0),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    answer: z.object({
      calls: z.array(EndedCall),
      total: z.number(),
    }),
    failures: [],
  },
  'GET /calls/export.csv': {
    right: 'calls.read',
    summary: `The filtered list of calls as CSV with masked numbers, ${CALL_LIST_ROWS} at most.`,
    query: CallSearch,
    answer: file('text/csv'),
    failures: ['too-large'],
  },
  'GET /calls/export.xlsx': {
    right: 'calls.read',
    summary: `The filtered list of calls as a workbook with masked numbers, ${CALL_LIST_ROWS} at most.`,
    query: CallSearch,
    answer: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    failures: ['too-large'],
  },
  'GET /calls/mine': {
    right: 'calls.own',
    summary: 'The ended calls of the agent who asks, newest first.',
    query: z.object({
      before: z
        .string()
        .regex(/^[0-9a-z]{1,64}$/)
        .optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      calls: z.array(EndedCall),
    }),
    failures: [],
  },
  'GET /calls/live': {
    right: 'calls.read',
    summary: 'Live calls.',
    answer: z.object({
      calls: z.array(LiveCall),
    }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'GET /calls/parked': {
    right: 'seat.use',
    summary: 'Parked calls, which any seat may fetch.',
    answer: z.object({
      calls: z.array(LiveCall),
    }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'GET /calls/:callId': {
    right: 'calls.see',
    summary: 'One ended call with its timeline; an agent sees only their own.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: EndedCall,
    failures: ['not-found'],
  },
  'GET /calls/:callId/live': {
    right: 'calls.read',
    summary: 'A live call as its record would be now: legs, visits, what agents did, timeline, and who listens.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: CallSoFar,
    failures: ['no-such-call', 'service-unavailable', 'timed-out'],
  },
  'GET /calls/:callId/now': {
    right: 'calls.see',
    summary: 'One call in its current state: its record when it has ended, otherwise the live call, for people who may read calls.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: z.object({ ended: EndedCall.optional(), live: CallSoFar.optional() }),
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /calls/:callId/history': {
    right: 'calls.see',
    summary: 'Earlier contacts with the caller of a live or ended call.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    answer: z.object({
      calls: z.array(
        z.object({
          callId: CallId,
          arrivedAt: z.iso.datetime(),
          cause: z.enum(releaseCauses),
          queueId: QueueId.nullish(),
          agentId: AgentId.nullish(),
          answeredAt: z.iso.datetime().nullish(),
        }),
      ),
    }),
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'POST /calls/:callId/unmask': {
    right: 'numbers.unmask',
    summary: 'The whole number of a caller, for a reason that the audit log keeps.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: z.object({ reason: z.string().trim().min(3).max(200) }),
    answer: z.object({
      callerNumber: z.string(),
    }),
    failures: ['not-found', 'too-many-requests'],
  },
  'POST /calls/:callId/unmask-leg': {
    right: 'numbers.unmask',
    summary: 'The whole number of a leg to the outside, for a reason that the audit log keeps.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: z.object({ attemptId: z.string().max(80), reason: z.string().trim().min(3).max(200) }),
    answer: z.object({ number: z.string() }),
    failures: ['not-found', 'too-many-requests'],
  },
  'POST /calls/:callId/end': {
    right: 'calls.end',
    summary: 'Ends a live call on both sides, with the reason; never a call to or from police, fire brigade or ambulance.',
    params: z.object({ callId: asCallId(z.string().regex(/^[0-9a-z]{1,64}$/)) }),
    body: z.object({ reason: z.string().trim().min(3).max(200) }),
    answer: nothing,
    failures: [...commandFailures, 'emergency-call', 'service-unavailable'],
  },
} satisfies Endpoints;
export type CallsApi = typeof callsApi;
