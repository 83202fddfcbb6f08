import { z } from 'zod';
import { file, nothing, type Endpoints } from '../endpoint.js';
import { AgentId, TrunkId, asTrunkId } from '../../ids.js';

const callId = z.string().regex(/^[0-9a-z]{1,64}$/);
const legId = z.string().regex(/^[0-9a-f]{32}$/);
const reason = z.string().trim().min(3).max(200);

/** What is traced: every call, the calls of one trunk, or the calls with one number, ours or outside. */
export const TraceScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('trunk'), trunkId: asTrunkId(z.string().min(1).max(64)) }),
  z.object({ kind: z.literal('number'), number: z.string().trim().min(3).max(30) }),
]);

const ShownOrder = z.object({
  id: z.string(),
  kind: z.enum(['all', 'trunk', 'number']),
  trunkId: TrunkId.optional(),
  numberMasked: z.string().optional(),
  reason: z.string(),
  by: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime(),
});

const ShownLeg = z.object({
  legId: z.string(),
  direction: z.enum(['in', 'out']),
  /** Missing for an INVITE from an address that belongs to no trunk. */
  trunkId: TrunkId.optional(),
  fromMasked: z.string(),
  toMasked: z.string(),
  startedAt: z.iso.datetime(),
  /** Messages that were not stored, because there were too many or they were too long. */
  lost: z.int(),
});

/** A call or a single leg as a ladder, with masked numbers. */
export const Ladder = z.object({
  legs: z.array(
    ShownLeg.extend({
      /** The address of the far end, as the SIP server saw it. */
      address: z.string().optional(),
      transport: z.enum(['udp', 'tcp', 'tls', 'ws', 'wss']),
    }),
  ),
  messages: z.array(
    z.object({
      /** The index of the leg in `legs`. */
      leg: z.int(),
      at: z.iso.datetime(),
      /** Milliseconds since the first message, to the microsecond. */
      afterMs: z.number(),
      /** `in`: the far end sent it. */
      way: z.enum(['in', 'out']),
      kind: z.enum(['request', 'response']),
      /** `INVITE`, `200 OK`. */
      label: z.string(),
      cseq: z.string(),
      hasSdp: z.boolean(),
      text: z.string(),
    }),
  ),
  /** What the record of the call says about seats during that time. */
  marks: z.array(z.object({ at: z.iso.datetime(), afterMs: z.number(), what: z.string(), agentId: AgentId.optional() })),
});
export type Ladder = z.infer<typeof Ladder>;

export const sipTracesApi = {
  'GET /sip-traces': {
    right: 'traces.read',
    summary: 'The active SIP traces, the stored messages and their limits, and the newest traced legs; numbers are masked.',
    answer: z.object({
      orders: z.array(ShownOrder),
      kept: z.object({ legs: z.int(), bytes: z.int(), limitBytes: z.int(), hours: z.int(), mostOrders: z.int() }),
      legs: z.array(ShownLeg),
    }),
    failures: [],
  },
  'POST /sip-traces': {
    right: 'traces.ask',
    summary: 'Starts a SIP trace, for a reason that the audit log keeps and for at most 24 hours.',
    body: z.strictObject({ scope: TraceScope, minutes: z.int().min(5).max(1_440), reason }),
    answer: z.object({ id: z.string(), until: z.iso.datetime() }),
    failures: ['already-exists', 'not-found'],
  },
  'DELETE /sip-traces/:id': {
    right: 'traces.ask',
    summary: 'Ends a SIP trace at once; stored messages stay for their 24 hours.',
    params: z.object({ id: z.string().regex(/^[0-9a-zA-Z]{1,40}$/) }),
    answer: nothing,
    failures: ['not-found'],
  },
  'GET /sip-traces/legs/:legId': {
    right: 'traces.read',
    summary: 'One traced leg as a ladder with its messages, numbers masked; the audit log records who viewed it.',
    params: z.object({ legId }),
    answer: Ladder,
    failures: ['not-found'],
  },
  'GET /calls/:callId/sip-trace': {
    right: 'traces.read',
    summary: 'The traced legs of an ended call as a ladder with their messages, numbers masked; the audit log records who viewed it.',
    params: z.object({ callId }),
    answer: Ladder,
    failures: ['not-found'],
  },
  'GET /calls/:callId/sip-trace.pcap': {
    right: 'numbers.unmask',
    summary: 'The traced legs of an ended call as pcapng with whole numbers, for a reason that the audit log keeps.',
    params: z.object({ callId }),
    query: z.object({ reason }),
    answer: file('application/x-pcapng'),
    failures: ['not-found', 'too-many-requests'],
  },
} satisfies Endpoints;
export type SipTracesApi = typeof sipTracesApi;
