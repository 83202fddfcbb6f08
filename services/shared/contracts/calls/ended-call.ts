import { z } from 'zod';
import { leaveWays } from '../../domain/calls/dial-permit.js';
import { segmentKinds } from '../../domain/figures/facts.js';
import { languages } from '../../domain/language.js';
import { monitoringModes } from '../../domain/calls/listening.js';
import { releaseCauses, releasedBy } from '../../domain/calls/release.js';
import { lossSources } from './line-quality.js';
import { liveCallStates } from './live-state.js';
import { visitShape } from './visit.js';
import { AgentId, CallId, QueueId, SipCallId, TrunkId, UserId } from '../ids.js';

/** A line of the call's history, from which the record, the timeline page and the recording's gaps are made. */
export const Mark = z.object({
  atMs: z.number(),
  what: z.enum([
    'offered',
    'answered',
    'held',
    'ended',
    'seat-lost',
    'transferred',
    'parked',
    'consult-ended',
    'refused-by-key',
    'arrived',
    'far-alerted',
    'notice-started',
    'notice-ended',
    'menu-choice',
    'queued',
    'offer-ended',
    'agent-answered',
    'resumed',
    'seat-back',
    'consulting',
    'consult-answered',
    'agent-left',
    'party-joined',
    'party-left',
    'recording-paused',
    'recording-resumed',
    'survey-started',
    'survey-answered',
    'message-started',
    'refused',
  ]),
  agentId: AgentId.optional(),
  queueId: QueueId.optional(),
  offerId: z.string().optional(),
  detail: z.string().optional(),
  /** Only with `far-alerted`: milliseconds since the far side was dialled, by a monotonic clock. */
  afterMs: z.number().optional(),
});
export type Mark = z.infer<typeof Mark>;

export const CallOffer = z.object({
  offerId: z.string(),
  agentId: AgentId,
  at: z.iso.datetime(),
  endedAt: z.iso.datetime().nullish(),
  outcome: z.string(),
});
export type CallOffer = z.infer<typeof CallOffer>;

export const TimeSpan = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type TimeSpan = z.infer<typeof TimeSpan>;

/** Who talked with the caller, and when. Records of earlier versions have none. */
const Talks = z.array(z.object({ agentId: AgentId, from: z.iso.datetime(), to: z.iso.datetime() })).optional();

/** What an agent did in the call. */
export const CallSegment = z.object({
  agentId: AgentId,
  kind: z.enum(segmentKinds),
  fromMs: z.int(),
  toMs: z.int(),
  /** The handling to which it belongs, from 1; missing for a ring and for an agent who was consulted. */
  handling: z.int().optional(),
  queueId: QueueId.optional(),
});

/** A call that has ended, as its record says it. */
export const EndedCall = z.object({
  /** Visits to queues, in order of time. */
  visits: z.array(z.object(visitShape)).optional(),
  /** What agents did, in order of time. */
  segments: z.array(CallSegment).optional(),
  /** Legs to outside numbers, in order of time. */
  dialled: z.array(
    z.object({
      /** The agent for whom it was dialled; missing for a flow and a queue. */
      agentId: AgentId.nullish(),
      /** The version of the rules that permitted it; missing for an emergency number, for which no rule is checked. */
      rulesVersion: z.number().nullish(),
      emergency: z.literal(true).nullish(),
      /** Why a number on no register was dialled; only people with that right can. */
      freeReason: z.string().nullish(),
      at: z.iso.datetime(),
      ringingAt: z.iso.datetime().nullish(),
      /** The notice that was played to a third party, and when it had been heard to its end. */
      noticeId: z.string().nullish(),
      noticeEndedAt: z.iso.datetime().nullish(),
      /** When the person pressed the digit that refuses further calls. */
      refusedAt: z.iso.datetime().nullish(),
      answeredAt: z.iso.datetime().nullish(),
      endedAt: z.iso.datetime(),
      failure: z.string().nullish(),
      from: z.string(),
      trunkId: TrunkId,
      way: z.enum(leaveWays),
      numberMasked: z.string(),
      /** Its row among the dialling attempts. */
      attemptId: z.string(),
    }),
  ),
  /** Only for a call out: the texts on the screens of its agents, by the hash of what they say. */
  scripts: z.array(z.object({ scriptId: z.string(), agentId: AgentId, at: z.iso.datetime() })).optional(),
  queueId: QueueId.nullish(),
  agentId: AgentId.nullish(),
  direction: z.enum(['inbound', 'outbound']),
  callerMasked: z.string(),
  /** Our number: the one that was called, or the one that a call out showed. */
  called: z.string(),
  by: z.enum(releasedBy),
  /** Only with `by` `supervisor`: who ended the call, and why. */
  decided: z.object({ supervisorId: UserId, reason: z.string() }).nullish(),
  purpose: z.string().nullish(),
  agentIds: z.array(AgentId),
  sipCallId: SipCallId,
  ledgerNumber: z.number().nullish(),
  language: z.enum(languages),
  trunkId: TrunkId,
  media: z.array(
    z.object({
      packetsReceived: z.number(),
      packetsSent: z.number(),
      packetsLost: z.number(),
      /** Who says so: the far side by RTCP (`reports`), or gaps in what the relay received (`sequence`). */
      lostBy: z.enum(lossSources).nullish(),
      jitterMs: z.number(),
      roundTripMs: z.number().nullish(),
      leg: z.string(),
      /** Sources that the relay heard on the leg (RFC 3550 section 5.1). */
      ssrcs: z.array(z.number()).optional(),
    }),
  ),
  choices: z.array(z.string()),
  cause: z.enum(releaseCauses),
  flowVersion: z.number(),
  endedAt: z.iso.datetime(),
  consentId: z.string().nullish(),
  answeredAt: z.iso.datetime().nullish(),
  history: z.array(Mark),
  /** `test`: test calls and practice calls, which no service figure counts. */
  class: z.enum(['service', 'test']),
  offers: z.array(CallOffer),
  /** Only for a call out: the hash of the called number, the purpose, and the consent that permitted it. */
  calledHash: z.string().nullish(),
  noticeId: z.string().nullish(),
  invitedAt: z.iso.datetime(),
  /** Only for a call out: from dialling until the far side rings, or answers without ringing. */
  postDialDelayMs: z.number().nullish(),
  noticeStartedAt: z.iso.datetime().nullish(),
  noticeEndedAt: z.iso.datetime().nullish(),
  queuedAt: z.iso.datetime().nullish(),
  agentAnsweredAt: z.iso.datetime().nullish(),
  /** Who talked with the caller, and when; holds and declared pauses of the recording. */
  talks: Talks,
  holds: z.array(TimeSpan),
  pauses: z.array(TimeSpan),
  /** Status of the final response to the INVITE. */
  sipStatus: z.number(),
  callId: CallId,
});
export type EndedCall = z.infer<typeof EndedCall>;

/**
 * A call in progress: the record that it would have if it ended now, without the fields about its end. `endedAt` is the current moment, by
 * the server's clock.
 */
export const CallSoFar = EndedCall.omit({ cause: true, by: true, decided: true, sipStatus: true }).extend({
  /** The current state of the call; missing from a process of an earlier version. */
  state: z.enum(liveCallStates).optional(),
  /** The queue in which the caller waits, and since when; ended visits are in `visits`. */
  waiting: z.object({ queueId: QueueId, fromMs: z.int() }).optional(),
  /** Supervisors who listen, whisper or have barged in; empty for a reader who is in the call. */
  listeners: z.array(z.object({ agentId: AgentId, mode: z.enum(monitoringModes) })),
});
export type CallSoFar = z.infer<typeof CallSoFar>;
