import { z } from 'zod';
import { BreakReason, BreakReasons, Queue } from '../../queues/queue.js';
import { edited } from '../../edited.js';
import { AgentSnapshot, Forced, QueueSnapshot } from '../../calls/commands.js';
import { agentStates, forcedStates } from '../../../domain/people/agent-state.js';
import { agentBatchRefusals, MOST_IN_BATCH } from '../../../domain/people/batch.js';
import { commandFailures, type Endpoints, nothing } from '../endpoint.js';
import { AgentId, CallId, QueueId, asAgentId, asCallId, asQueueId } from '../../ids.js';

/** The figures of one queue on one day. */
export const ReplayFigures = z.object({
  queueId: QueueId,
  offered: z.number(),
  answered: z.number(),
  abandoned: z.number(),
  overflowed: z.number(),
  /** In percent, the standard service level; null without a call to judge. */
  serviceLevelPercent: z.number().nullable(),
  /** Mean over the answered callers; null when nobody was answered. */
  meanWaitMs: z.number().nullable(),
  longestWaitMs: z.number(),
});
export type ReplayFigures = z.infer<typeof ReplayFigures>;

export const ReplayOutcome = z.object({
  callId: CallId,
  /** The queue in which the caller was at the end of the wait. */
  queueId: QueueId,
  outcome: z.enum(['answered', 'abandoned', 'refused', 'overflowed', 'left-waiting']),
  waitedMs: z.number(),
  agentId: AgentId.optional(),
});
export type ReplayOutcome = z.infer<typeof ReplayOutcome>;

/** One call as it really went, next to its replays. */
export const ReplayDifference = z.object({
  callId: CallId,
  really: ReplayOutcome.optional(),
  asIs: ReplayOutcome.optional(),
  changed: ReplayOutcome.optional(),
});
export type ReplayDifference = z.infer<typeof ReplayDifference>;

export const SkipReason = z.enum(['not-ready', 'no-sound', 'seat-busy', 'skill-missing', 'avoided', 'waiting-for-preferred']);
export type SkipReason = z.infer<typeof SkipReason>;

/** One agent in a decision, and why the agent was chosen or not. */
export const Considered = z.object({
  agentId: AgentId,
  verdict: z.enum(['skipped', 'chosen', 'ranked-lower']),
  /** Why the agent was skipped. */
  reason: SkipReason.optional(),
  /** The state of an agent who was not ready. */
  state: z.enum(agentStates).optional(),
  /** The value that the strategy compared; the smallest wins, and the agent's id breaks ties. */
  score: z.number().optional(),
});
export type Considered = z.infer<typeof Considered>;

/** One entry of the log that explains why a call waited. */
export const WaitEntry = z.object({
  entryId: z.string(),
  callId: CallId,
  queueId: QueueId,
  at: z.iso.datetime(),
  waitedMs: z.number(),
  /**
   * `queued`: entered the queue; `waits`: was considered and offered to nobody; `offered`: rings at the chosen agents; `left`: no longer
   * waits.
   */
  what: z.enum(['offered', 'queued', 'left', 'waits']),
  /** Only with `queued`: what the call asks for. */
  priority: z.number().optional(),
  skills: z.record(z.string(), z.number()).optional(),
  preferredAgentId: z.string().optional(),
  /** Only with `waits`: how many calls are ahead in its queue. */
  ahead: z.number().optional(),
  /** Only with `waits` and `offered`: the decision. */
  loweredBy: z.number().optional(),
  chosen: z.array(z.string()).optional(),
  considered: z.array(Considered).optional(),
  skipped: z.record(z.string(), z.number()).optional(),
  /** Only with `left`: `answered`, or the reason in `call.dequeued`. */
  outcome: z.string().optional(),
  agentId: AgentId.optional(),
});
export type WaitEntry = z.infer<typeof WaitEntry>;

export const WaitCause = z.enum([
  'unknown',
  'ringing',
  'no-sound',
  'seat-busy',
  'skill-missing',
  'avoided',
  'waiting-for-preferred',
  'all-busy',
  'behind-others',
  'nobody-there',
]);
export type WaitCause = z.infer<typeof WaitCause>;

/** A part of the wait with one cause. */
export const WaitSpan = z.object({
  queueId: QueueId,
  fromMs: z.number(),
  toMs: z.number(),
  cause: WaitCause,
  /** The number of calls ahead in the queue, at the last look. */
  ahead: z.number(),
  /** What the members were doing, at the last look. */
  skipped: z.record(z.string(), z.number()),
  /** The agents at whose seats it rang. */
  agents: z.array(z.string()),
});
export type WaitSpan = z.infer<typeof WaitSpan>;

/** The whole wait of a call: its stretches, and how it ended. */
export const WaitExplanation = z.object({
  callId: CallId,
  waitedMs: z.number(),
  /** Absent while the call waits. */
  outcome: z.string().optional(),
  agentId: AgentId.optional(),
  spans: z.array(WaitSpan),
});
export type WaitExplanation = z.infer<typeof WaitExplanation>;

/** A caller who left the queue and keeps their place: an agent calls back when the turn has come. */
export const Callback = z.object({
  /** The call that asked for it. */
  callId: CallId,
  queueId: QueueId,
  askedAt: z.iso.datetime(),
  /** Since when the caller has been waiting; decides the place in line. */
  waitingSince: z.iso.datetime(),
  /** The priority and the skills that the caller's queue step asked for. */
  priority: z.number(),
  skills: z.record(z.string(), z.number()),
  /** `joined`: the person is called back for an earlier call, `joinedTo`, and for this one at the same time. */
  state: z.enum(['waiting', 'cancelled', 'dialling', 'reached', 'not-reached', 'joined']),
  tries: z.number(),
  /** The earliest time at which the person is called back. */
  notBefore: z.iso.datetime(),
  /** The call out, once it is dialled. */
  outboundId: z.string().optional(),
  agentId: AgentId.optional(),
  joinedTo: z.string().optional(),
});
export type Callback = z.infer<typeof Callback>;

/** What a batch changes for an agent: all skills, and all queues with a list of members in which the agent is, within reach. */
export const AgentWork = z.object({
  skills: z.record(z.string().max(40), z.int().min(1).max(10)).optional(),
  serves: z.array(z.string().max(64)).max(500).optional(),
});
export type AgentWork = z.infer<typeof AgentWork>;

export const routingApi = {
  'POST /routing/replay': {
    right: 'queues.edit',
    summary: 'Replays a stored day: what really happened, the result under today’s rules, and the result with changed queues and skills.',
    body: z.object({
      day: z.iso.date(),
      /** Complete settings of the changed queues; the others stay as they are today. */
      queues: z.array(z.record(z.string(), z.unknown())).max(500).default([]),
      /** Agents with other skills than today. */
      skills: z.record(z.string().max(64), z.record(z.string().max(40), z.int().min(1).max(10))).default({}),
    }),
    answer: z.object({
      day: z.string(),
      calls: z.number(),
      agents: z.number(),
      really: z.array(ReplayFigures),
      asIs: z.array(ReplayFigures),
      changed: z.array(ReplayFigures),
      differences: z.array(ReplayDifference),
    }),
    failures: ['busy', 'changed-meanwhile', 'invalid-request'],
  },
  'GET /queues': {
    right: 'queues.watch',
    summary: 'All queues with their settings.',
    answer: z.object({
      queues: z.array(Queue),
    }),
    failures: ['changed-meanwhile'],
  },
  'PUT /queues/:queueId': {
    right: 'queues.edit',
    summary:
      'Creates or replaces a queue. Refused when its overflow goes round in a circle; with `If-None-Match: *` when one exists; with `revision` when that is not the latest.',
    params: z.object({ queueId: asQueueId(z.string().regex(/^[\w-]{1,64}$/)) }),
    body: z.looseObject({ revision: edited.revision }),
    answer: Queue,
    failures: ['changed-meanwhile', 'invalid-request', 'not-new', 'outbound-destination'],
  },
  'DELETE /queues/:queueId': {
    right: 'queues.edit',
    summary: 'Removes a queue that is not the overflow of another one.',
    params: z.object({ queueId: asQueueId(z.string().regex(/^[\w-]{1,64}$/)) }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'GET /queues/board': {
    right: 'queues.watch',
    summary: 'The current state of each queue, and its figures of today.',
    answer: z.object({
      queues: z.array(QueueSnapshot),
    }),
    failures: ['changed-meanwhile', 'service-unavailable', 'timed-out'],
  },
  'GET /agents': {
    right: 'agents.watch',
    summary: 'Everybody with an agent account within the caller’s reach, whether or not they have ever signed in.',
    answer: z.object({
      agents: z.array(
        z.object({
          agentId: AgentId,
          name: z.string(),
          /** Null when the person has never signed in. */
          lastSignInAt: z.iso.datetime().nullable(),
        }),
      ),
    }),
    failures: [],
  },
  'GET /agents/board': {
    right: 'queues.watch',
    summary: 'Every seat with its state: for supervisors, and for the directory of a transfer.',
    answer: z.object({
      agents: z.array(AgentSnapshot),
    }),
    failures: ['changed-meanwhile', 'service-unavailable', 'timed-out'],
  },
  'POST /agents/:agentId/state': {
    right: 'agents.control',
    summary: "Sets an agent's state, after the call if there is one; the agent sees who did it and why.",
    params: z.object({ agentId: asAgentId(z.string().regex(/^[\w-]{1,64}$/)) }),
    body: z.object({ state: z.enum(forcedStates), reason: Forced.shape.reason.trim().min(3) }),
    answer: AgentSnapshot,
    failures: [...commandFailures, 'not-supported'],
  },
  'PUT /agents/:agentId/skills': {
    right: 'queues.edit',
    summary: "Sets an agent's skills, each with a level from 1 to 10.",
    params: z.object({ agentId: asAgentId(z.string().regex(/^[\w-]{1,64}$/)) }),
    body: z.object({ skills: z.record(z.string().max(40), z.int().min(1).max(10)) }),
    answer: nothing,
    failures: [],
  },
  'POST /agents/batch': {
    right: 'queues.edit',
    summary:
      'Skills and queues of several agents, at most 200. Without `commit` nothing is changed and each row says whether it would be refused; with it, one refused row leaves all rows unchanged. `before` is what the page read: a row that has changed since is refused.',
    body: z.object({
      rows: z
        .array(z.object({ id: asAgentId(z.string().regex(/^[\w-]{1,64}$/)), before: AgentWork, after: AgentWork }))
        .min(1)
        .max(MOST_IN_BATCH),
      commit: z.boolean().default(false),
    }),
    answer: z.object({
      done: z.boolean(),
      /** In the order of the request. Agents out of reach have no name. */
      rows: z.array(z.object({ id: z.string(), name: z.string().optional(), refused: z.enum(agentBatchRefusals).optional() })),
    }),
    failures: ['changed-meanwhile', 'timed-out'],
  },
  'GET /agents/skills': {
    right: 'queues.watch',
    summary: 'The skills of all agents.',
    answer: z.object({
      skills: z.record(z.string(), z.record(z.string(), z.number())),
    }),
    failures: ['changed-meanwhile', 'service-unavailable', 'timed-out'],
  },
  'GET /routing/decisions/:callId': {
    right: 'calls.read',
    summary: 'Why a caller waited and why that agent was chosen: every evaluation and every decision, with all candidates.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    answer: z.object({
      entries: z.array(WaitEntry),
      explanation: WaitExplanation,
    }),
    failures: [],
  },
  'GET /routing/breaks': {
    right: 'self.use',
    summary: 'The reasons for which agents may take a break, with their limits.',
    answer: z.object({
      breaks: z.array(BreakReason),
    }),
    failures: [],
  },
  'PUT /routing/breaks': {
    right: 'queues.edit',
    summary: 'Sets the reasons for breaks: how long one may last, how many agents at a time.',
    body: z.object({ breaks: BreakReasons }),
    answer: nothing,
    failures: [],
  },
  'GET /callbacks': {
    right: 'calls.read',
    summary: 'Callers who keep their place for a callback, newest first.',
    query: z.object({
      open: z.enum(['yes', 'no']).default('yes'),
      skip: z.coerce.number().int().min(0).max(100_000).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      callbacks: z.array(Callback),
    }),
    failures: ['changed-meanwhile'],
  },
  'POST /callbacks/:callId/cancel': {
    right: 'calls.control',
    summary: 'Cancels a promised callback, with the reason.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    body: z.object({ reason: z.string().trim().min(3).max(200) }),
    answer: nothing,
    failures: ['service-unavailable', 'timed-out', 'wrong-state'],
  },
} satisfies Endpoints;
export type RoutingApi = typeof routingApi;
