import { z } from 'zod';
import { leaveWays } from '../domain/calls/dial-permit.js';
import { lossSources } from '../contracts/calls/line-quality.js';
import { visitShape } from '../contracts/calls/visit.js';
import { segmentKinds } from '../domain/figures/facts.js';
import { languages } from '../domain/language.js';
import { releaseCauses, releasedBy } from '../domain/calls/release.js';
import { defineRecord, maybe, since, type ReadsOf, type RowOf } from './record.js';
import { AgentId, QueueId, SipCallId, TrunkId, UserId } from '../contracts/ids.js';

/** What a line of a call's history may be about. */
export const markKinds = [
  'arrived',
  'far-alerted',
  'answered',
  'notice-started',
  'notice-ended',
  'menu-choice',
  'queued',
  'offered',
  'offer-ended',
  'agent-answered',
  'held',
  'resumed',
  'seat-lost',
  'seat-back',
  'consulting',
  'consult-answered',
  'consult-ended',
  'transferred',
  'agent-left',
  'parked',
  'party-joined',
  'party-left',
  'recording-paused',
  'recording-resumed',
  'survey-started',
  'survey-answered',
  'message-started',
  'refused',
  'refused-by-key',
  'ended',
] as const;

const span = z.strictObject({ from: z.date(), to: z.date() });

/** A line of the call's history, from which the record, the timeline page and the recording's gaps are made. */
const mark = z.strictObject({
  atMs: z.number(),
  what: z.enum(markKinds),
  agentId: AgentId.exactOptional(),
  queueId: QueueId.exactOptional(),
  offerId: z.string().exactOptional(),
  detail: z.string().exactOptional(),
  /** Only with `far-alerted`: milliseconds since the far side was dialled, by a monotonic clock. */
  afterMs: z.number().exactOptional(),
});

const legStatistics = z.strictObject({
  leg: z.string(),
  packetsReceived: z.number(),
  packetsSent: z.number(),
  packetsLost: z.number(),
  /** Missing in records from before 2026-12-02, whose losses were counted only where both sides sent RTCP. */
  lostBy: z.enum(lossSources).exactOptional(),
  jitterMs: z.number(),
  roundTripMs: maybe(z.number()),
  ssrcs: maybe(z.array(z.number())),
});

const offer = z.strictObject({
  offerId: z.string(),
  agentId: AgentId,
  at: z.date(),
  endedAt: maybe(z.date()),
  outcome: z.string(),
});

const dialledLeg = z.strictObject({
  /** Its row among the attempts, which is the permit. */
  attemptId: z.string(),
  way: z.enum(leaveWays),
  trunkId: TrunkId,
  /** Our number that was shown. */
  from: z.string(),
  numberMasked: z.string(),
  numberHash: z.string(),
  /** The whole number, like the caller's; missing in calls from before 2026-12-01. */
  number: maybe(z.string()),
  /** The agent for whom it was dialled; missing for a flow and a queue. */
  agentId: maybe(z.string()),
  /** The version of the rules that permitted it; missing for an emergency number, for which no rule is checked. */
  rulesVersion: maybe(z.number()),
  emergency: maybe(z.literal(true)),
  /** Why a number on no register was dialled; only people with that right can. */
  freeReason: maybe(z.string()),
  at: z.date(),
  ringingAt: maybe(z.date()),
  answeredAt: maybe(z.date()),
  endedAt: z.date(),
  failure: maybe(z.string()),
  /**
   * The notice that was played to a third party, and when it had been heard to its end. For the call's own leg, it is the notice of the
   * call.
   */
  noticeId: maybe(z.string()),
  noticeEndedAt: maybe(z.date()),
  /** When the person pressed the digit that refuses further calls. */
  refusedAt: maybe(z.date()),
});

/** What the page of an agent was given to say in a call out: a kept text, by the hash of what it says. */
const shownScript = z.strictObject({ scriptId: z.string(), agentId: AgentId, at: z.date() });

const visit = z.strictObject(visitShape);

/** A part of an agent's time in a call; the parts of one handling touch and do not overlap. */
const segment = z.strictObject({
  agentId: AgentId,
  kind: z.enum(segmentKinds),
  fromMs: z.int(),
  toMs: z.int(),
  /** The handling to which it belongs, from 1: an agent's unbroken time with the caller. Missing for a ring. */
  handling: z.int().positive().exactOptional(),
  /** The queue that the caller was in last; missing for a call that was in no queue. */
  queueId: QueueId.exactOptional(),
});

/** A call that has ended, with the whole number, every time stamp, and the history they come from. Its id is that of the call. */
export const callRecord = defineRecord('call', 9, {
  direction: z.enum(['inbound', 'outbound']),
  trunkId: TrunkId,
  /** Test calls are not service: proof and practice calls. */
  class: since(z.enum(['service', 'test']), 'service'),
  sipCallId: SipCallId,
  callerNumber: z.string(),
  callerMasked: z.string(),
  /** Keyed hash of the outside person's number, to look calls up without reading numbers. Missing for a withheld number. */
  callerHash: maybe(z.string()),
  /** Our number: the one that was called, or the one that an outbound call showed. */
  called: z.string(),
  /** Only for a call out: the hash of the called number, the purpose, and the consent that permitted it. */
  calledHash: maybe(z.string()),
  purpose: maybe(z.string()),
  consentId: maybe(z.string()),
  language: z.enum(languages),
  flowVersion: z.number(),
  noticeId: maybe(z.string()),
  choices: z.array(z.string()),
  queueId: maybe(z.string()),
  /** The last agent who talked with the caller. */
  agentId: maybe(z.string()),
  agentIds: z.array(AgentId),
  ledgerNumber: maybe(z.number()),
  invitedAt: z.date(),
  /** Only for a call out: from dialling until the far side rings, or answers without ringing. */
  postDialDelayMs: maybe(z.number()),
  answeredAt: maybe(z.date()),
  noticeStartedAt: maybe(z.date()),
  noticeEndedAt: maybe(z.date()),
  queuedAt: maybe(z.date()),
  agentAnsweredAt: maybe(z.date()),
  endedAt: z.date(),
  offers: z.array(offer),
  /** Who talked with the caller, and when. */
  talks: z.array(z.strictObject({ agentId: AgentId, from: z.date(), to: z.date() })),
  holds: z.array(span),
  /** Declared pauses of the recording. */
  pauses: z.array(span),
  cause: z.enum(releaseCauses),
  by: z.enum(releasedBy),
  /** Only with `by` `supervisor`: who ended the call, and why. */
  decided: maybe(z.strictObject({ supervisorId: UserId, reason: z.string() })),
  /** Status of the final response to the INVITE. */
  sipStatus: z.number(),
  media: z.array(legStatistics),
  /** Legs to outside numbers, in order of time: whom they reached, by which permit, and from which of our numbers. */
  dialled: since(z.array(dialledLeg), []),
  /** Only for a call out: the texts on the screens of its agents, in order of time; none in calls from before 2026-12-01. */
  scripts: since(z.array(shownScript), []),
  /** Visits to queues, in order of time; none in calls from before 2026-11-27. */
  visits: since(z.array(visit), []),
  /** What agents did, in order of time; none in calls from before 2026-11-27. */
  segments: since(z.array(segment), []),
  history: z.array(mark),
});

export type StoredCall = RowOf<typeof callRecord>;
export type CallReads = ReadsOf<typeof callRecord>;
export type Mark = StoredCall['history'][number];
export type Visit = StoredCall['visits'][number];
export type Segment = StoredCall['segments'][number];
export type CallOffer = StoredCall['offers'][number];
export type ShownScript = StoredCall['scripts'][number];
export type DialledRecord = StoredCall['dialled'][number];
/** The quality of a leg's audio, as the relay counted it. */
export type LegStatistics = Omit<StoredCall['media'][number], 'leg'>;
