import { z } from 'zod';
import { agentStates } from '../domain/people/agent-state.js';
import { alarmCodes } from '../domain/alarm.js';
import { leaveWays } from '../domain/calls/dial-permit.js';
import { visitShape } from '../contracts/calls/visit.js';
import { handOverOutcomes, Introduction } from '../contracts/calls/hand-over.js';
import { SeatOccupation } from '../contracts/calls/seat-occupation.js';
import { LineQuality } from '../contracts/calls/line-quality.js';
import { monitoringModes } from '../domain/calls/listening.js';
import { releaseCauses, releasedBy } from '../domain/calls/release.js';
import { ComplaintId, QueueId, TrunkId } from '../contracts/ids.js';
import { ToldLeg } from '../contracts/calls/told-leg.js';
import { ToldTransfer } from '../contracts/calls/told-transfer.js';

const at = z.iso.datetime();
const callId = z.string().min(1);
const agentId = z.string().min(1);
const queueId = z.string().min(1);
/** A supervisor's decision, by display name. */
const decided = z.object({ by: z.string().max(200), reason: z.string().min(1).max(200) });

/**
 * Facts between the services, past tense, published to Valkey Streams at least once and in order. Numbers in them are masked; who may see
 * the whole number asks the call record.
 */
export const events = {
  /** A trunk INVITE was accepted for treatment (before the 200). `callerMasked` and `called` are what screens show. */
  'call.arrived': z.object({ callId, at, trunkId: TrunkId, callerMasked: z.string(), called: z.string() }),
  /** 200 sent: from here every second must be accounted for. `media` is what the recorder subscribes to. */
  'call.answered': z.object({
    callId,
    at,
    ledgerNumber: z.int().positive(),
    media: z.object({
      relay: z.string(),
      mediaCallId: z.string(),
      callerTag: z.string(),
      farTag: z.string(),
      /** Where the relay receives the two sides. */
      ports: z.object({ caller: z.int(), far: z.int(), farAddress: z.string().optional() }).optional(),
    }),
  }),
  'call.queued': z.object({
    callId,
    at,
    queueId,
    callerMasked: z.string(),
    called: z.string(),
    language: z.string(),
    priority: z.int(),
    /** When the caller first entered a queue; a returned call keeps its place by it. */
    waitingSince: at,
    /** When this visit to the queue began; `at`, unless the fact is told again. */
    enteredAt: at.optional(),
    /** Set for a caller's visit; an agent who waits for a colleague has none. */
    visitId: z.string().optional(),
    trunkId: TrunkId.default(''),
    direction: z.enum(['inbound', 'outbound']).default('inbound'),
    class: z.enum(['service', 'test']).default('service'),
    /** In earlier visits to queues; conversations are not counted. */
    waitedBeforeMs: z.number().nonnegative().default(0),
    /** An agent of this queue has already answered this call, or an agent waits here for a colleague: no new caller of the queue. */
    returned: z.boolean().default(false),
    skills: z.record(z.string(), z.int()).default({}),
    /** Keyed hash of the caller's number, under which the agent of the last call is remembered; none when the number is withheld. */
    callerHash: z.string().optional(),
    preferredAgentId: agentId.optional(),
    /** Menu choices in order, as the seat shows them. */
    choices: z.array(z.string()).default([]),
    /** Agents who already declined or missed this call. */
    avoid: z.array(agentId).default([]),
  }),
  /** The caller left a queue without being connected: hung up, overflowed or timed out. */
  'call.dequeued': z.object({ callId, at, queueId, reason: z.enum(['abandoned', 'timeout', 'overflow', 'callback', 'ended']) }),
  /** A caller's visit to a queue is over, however it ended: the fact that figures of queues are made of. */
  'call.visit-ended': z.object({
    callId,
    at,
    visitId: z.string(),
    ...visitShape,
    trunkId: TrunkId,
    called: z.string(),
    direction: z.enum(['inbound', 'outbound']),
    class: z.enum(['service', 'test']),
  }),
  'call.offered': z.object({
    callId,
    at,
    offerId: z.string(),
    agentId,
    queueId,
    callerMasked: z.string(),
    called: z.string(),
    waitedMs: z.number(),
    ringForMs: z.int(),
    choices: z.array(z.string()),
    autoAnswer: z.boolean().default(false),
    /** A colleague asks about the call, or sends it on. */
    introduction: Introduction.optional(),
  }),
  'call.offer-ended': z.object({
    callId,
    at,
    offerId: z.string(),
    agentId,
    outcome: z.enum(['answered', 'declined', 'no-answer', 'seat-lost', 'withdrawn']),
    reason: z.string().optional(),
  }),
  /** An agent's seat calls out: the agent is taken from now on, though nobody has answered yet. */
  'call.dialled': z.object({ callId, at, agentId }),
  'call.connected': z.object({ callId, at, agentId, queueId: queueId.optional(), callerSsrc: z.number().optional() }),
  /** Parties, recording or mute changed: pages ask for the call again. */
  'call.changed': z.object({ callId, at, agentId }),
  'call.held': z.object({ callId, at, agentId }),
  'call.resumed': z.object({ callId, at, agentId }),
  /** An agent left the conversation while the call continues (transfer, conference, seat lost). */
  'call.agent-left': z.object({
    callId,
    at,
    agentId,
    reason: z.enum(['transferred', 'parked', 'left-conference', 'seat-lost', 'consult-ended', 'hung-up', 'ended-by-supervisor']),
    /** With `ended-by-supervisor`: who ended the call, and why. With `transferred`: the supervisor who took it over. */
    ...{ decided: decided.optional(), takenBy: agentId.optional() },
  }),
  /** A supervisor has listened to a call in one mode, which has ended; `next` is the mode that follows. `listenedAgentId`: who answered for the call. */
  'call.listened': z.object({
    callId,
    at,
    agentId,
    listenedAgentId: agentId,
    mode: z.enum(monitoringModes),
    beganAt: at,
    seconds: z.int().nonnegative(),
    next: z.enum(monitoringModes).optional(),
  }),
  /** Somebody who was listened to is to be notified now that it has ended. */
  'listening.noted': z.object({ at, agentId }),
  /** A listening has left the scope of whoever listened, and has been ended: the page of that person says so. */
  'listening.cut': z.object({ at, agentId, callId }),
  /** The mixer is away: a supervisor does not hear the call until it is back. */
  'listening.interrupted': z.object({ at, agentId, callId }),
  /** A request for help of an agent is new, has its reason, is answered or is over: pages ask again. */
  'help.changed': z.object({ at, helpId: z.string(), agentId }),
  /** A message between supervisors and agents was written; those it is for ask for it. `id`: of the agent or the queue. */
  /** `readers`: the members of a team at that moment; others follow from `to` and `id`. */
  'chat.sent': z.object({
    at,
    messageId: z.string(),
    to: z.enum(['agent', 'queue', 'team']),
    id: z.string(),
    readers: z.array(agentId).optional(),
  }),
  /** An agent has read messages. */
  'chat.read': z.object({ at, agentId, by: z.enum(['agent', 'supervisor']).default('agent') }),
  /** A note was added to a live call: its agents, and everybody who has its page open, read its notes again. */
  'call.noted': z.object({ callId, at, agentIds: z.array(agentId) }),
  'call.transferred': z.object({ callId, at, fromAgentId: agentId, to: z.enum(['seat', 'queue', 'number']), target: z.string() }),
  /** What became of a transfer; `queueId` where the caller waits again. */
  'call.transfer-ended': z.object({
    callId,
    at,
    fromAgentId: agentId,
    to: z.enum(['seat', 'queue', 'number']),
    target: z.string(),
    outcome: z.enum(handOverOutcomes),
    queueId: QueueId.optional(),
  }),
  /** A caller chose to be called back instead of waiting; `waitingSince` keeps the place. */
  'call.callback-asked': z.object({
    callId,
    at,
    queueId,
    language: z.string(),
    waitingSince: at,
    /** Keyed hash of the caller's number: a person is called back once. None when the number is withheld. */
    callerHash: z.string().optional(),
    /** The client unit whose number was called: it owes the callback. */
    clientUnit: z.string().optional(),
    priority: z.int().default(0),
    skills: z.record(z.string(), z.int()).default({}),
    choices: z.array(z.string()).default([]),
  }),
  /** A person who kept a place in line for a callback has been reached, in the outbound call `outboundId`. */
  'callback.reached': z.object({
    callId,
    at,
    callerHash: z.string(),
    clientUnit: z.string().optional(),
    outboundId: callId,
    agentId,
  }),
  'call.survey-started': z.object({
    callId,
    at,
    agentId: agentId.optional(),
    queueId: queueId.optional(),
    /** The service number: whose call it was. */
    called: z.string().optional(),
    language: z.string(),
  }),
  'call.survey-answered': z.object({ callId, at, question: z.string(), key: z.string() }),
  /** The person whom we called, or a third party outside (then with its permit and way), pressed the digit that refuses further calls. */
  'call.refused-by-key': z.object({
    callId,
    at,
    callerHash: z.string(),
    callerMasked: z.string(),
    agentId: agentId.optional(),
    attemptId: z.string().optional(),
    way: z.enum(leaveWays).optional(),
    /** For whom the number of ours works. */
    clientUnit: z.string().optional(),
  }),
  'call.ended': z.object({
    callId,
    at,
    cause: z.enum(releaseCauses),
    by: z.enum(releasedBy),
    /** With `supervisor`: who ended the call, and why. */
    decided: decided.optional(),
    agentId: agentId.optional(),
    queueId: queueId.optional(),
    answered: z.boolean(),
    /** For a call out, `caller` in `by` means the person whom we called. */
    direction: z.enum(['inbound', 'outbound']).default('inbound'),
    /** The legs to numbers outside, in time; none of a test call. */
    legs: z.array(ToldLeg).optional(),
    /** The handlings that ended by a transfer of their agent, of a call of service that came in; only when there was one. */
    transfers: z.array(ToldTransfer).optional(),
    /** With `transfers`: the service number, and the trunk over which the caller came. */
    called: z.string().optional(),
    trunkId: TrunkId.optional(),
  }),

  'seat.online': z.object({ agentId, sessionId: z.string(), at, device: z.string().optional(), address: z.string().optional() }),
  'seat.media': z.object({ agentId, sessionId: z.string(), at, up: z.boolean() }),
  /** The seat's session will not last, though it still carries media: its page creates another one before it drops this one. */
  'seat.renewal-asked': z.object({ agentId, sessionId: z.string(), at }),
  /** What a seat is taken by, absent when it is free; a report with a lower revision than one before is old. */
  'seat.occupied': z.object({ agentId, at, revision: z.int().positive(), by: SeatOccupation.optional() }),
  'seat.offline': z.object({ agentId, sessionId: z.string(), at, reason: z.enum(['signed-out', 'superseded', 'lost', 'timeout']) }),
  'seat.quality': z.object({
    agentId,
    at,
    callId: callId.optional(),
    lossPercent: z.number(),
    jitterMs: z.number(),
    roundTripMs: z.number(),
    mos: z.number().optional(),
  }),
  /** One event for all conversations of a process: at hundreds of calls an event a side would be most of the events there are. */
  'calls.measured': z.object({ at, sides: z.array(LineQuality) }),
  /** A mixer process is new: it has no rooms. */
  'mixer.started': z.object({ at }),
  'agent.state-changed': z.object({
    agentId,
    at,
    from: z.enum(agentStates),
    to: z.enum(agentStates),
    reason: z.string().optional(),
    callId: callId.optional(),
    /** When the state ends by itself (wrap-up clock), if it does. */
    until: at.optional(),
  }),
  /** An agent gave a contact its result, by the codes of the way through the queue's results. */
  'contact.disposed': z.object({ callId, agentId, at, disposition: z.array(z.string()) }),
  'routing.decided': z.object({ callId, at, queueId, agentId: agentId.optional(), decisionId: z.string(), waitedMs: z.number() }),

  'recording.started': z.object({ callId, at, ledgerNumber: z.int() }),
  'recording.paused': z.object({ callId, at, reason: z.string() }),
  'recording.resumed': z.object({ callId, at }),
  'recording.archived': z.object({
    callId,
    at,
    ledgerNumber: z.int(),
    objectKey: z.string(),
    sha256: z.string().length(64),
    durationMs: z.number(),
    sizeBytes: z.int(),
    /** The call's record was there already, and the recording is found by what it says. */
    hasFacets: z.boolean(),
  }),
  'recording.failed': z.object({ callId, at, ledgerNumber: z.int(), reason: z.string() }),

  'complaint.opened': z.object({
    complaintId: ComplaintId,
    at,
    number: z.string(),
    callId: callId.optional(),
    kind: z.string(),
    dueAt: at,
  }),
  'complaint.changed': z.object({ complaintId: ComplaintId, at, state: z.string() }),
  'complaint.due': z.object({ complaintId: ComplaintId, at, clock: z.string() }),
  /** Lines of an import have become cases: `done` of `total`. */
  'complaint.import-progress': z.object({ importId: z.string(), at, done: z.int(), total: z.int() }),
  /** A message waits for the sender. */
  'message.queued': z.object({ messageId: z.string(), at, way: z.string() }),
  /** A provider took a message, or it has failed for good. `topicId` is the row of whoever asked for it. */
  'message.settled': z.object({
    messageId: z.string(),
    at,
    way: z.string(),
    state: z.enum(['sent', 'failed']),
    topic: z.string(),
    topicId: z.string(),
    reason: z.string().optional(),
  }),
  'survey.recorded': z.object({
    surveyId: z.string(),
    at,
    callId,
    score: z.int().optional(),
    solved: z.boolean().optional(),
    queueId: queueId.optional(),
    agentId: agentId.optional(),
  }),
  /** A call-back after a low score was taken or finished. */
  'survey.task-changed': z.object({ at }),
  /** One stage of a proof call that is being made, for whoever watches it. */
  'proof.stage': z.object({ at, name: z.string(), ok: z.boolean(), ms: z.number(), detail: z.string() }),
  'evidence.progress': z.object({ jobId: z.string(), at, step: z.string(), done: z.int(), total: z.int(), failed: z.string().optional() }),
  'evidence.pack-sealed': z.object({ packId: z.string(), at, kind: z.string(), sha256: z.string() }),
  /**
   * A part has found something that needs a person. `subject` distinguishes incidents of one code; without it the alarm concerns the code as
   * a whole.
   */
  'notice.raised': z.object({
    at,
    code: z.enum(alarmCodes),
    subject: z.string().max(200).default(''),
    /** Whose it is: people with a scope get those of their own part. Without it, it is of the whole site. */
    scope: z.object({ queueId: queueId.optional(), clientUnit: z.string().optional(), teamId: z.string().optional() }).default({}),
    /** User ids of those whom it concerns in person, whatever their scope. */
    people: z.array(z.string().max(200)).max(50).default([]),
    text: z.object({ en: z.string(), 'zh-CN': z.string() }),
  }),
  /** The condition of an alarm has ended. */
  'notice.cleared': z.object({ at, code: z.enum(alarmCodes), subject: z.string().max(200).default('') }),
  /** An alarm is new, or was seen, cleared, escalated: pages that show alarms ask again. */
  'notice.changed': z.object({ at, alarmId: z.string(), code: z.enum(alarmCodes), state: z.enum(['open', 'seen', 'cleared']) }),
  /** A person has decided about an event that could not be handled (without `id`: about all of them). Each subscriber hears it by itself. */
  'event.set-aside-decided': z.object({ at, id: z.string().optional(), decision: z.enum(['replay', 'discard']) }),
  /** Something that services cache was edited: they read it again. */
  'config.changed': z.object({
    at,
    what: z.enum(['queues', 'agents', 'thresholds']),
  }),
} as const;

/** Facts that no part of the product acts on: they are published for programs of the site that read the streams. */
export const outwardEvents = [
  'recording.started',
  'recording.paused',
  'recording.resumed',
  'routing.decided',
] as const satisfies readonly (keyof typeof events)[];

export type EventName = keyof typeof events;
export type EventOf<N extends EventName> = z.infer<(typeof events)[N]>;
/** What a publisher passes: defaults may be left out. */
export type EventInput<N extends EventName> = z.input<(typeof events)[N]>;
/** An event as it is delivered; `id` is its publisher's, the same when it comes again: handlers are idempotent by it. */
export type Delivered<N extends EventName = EventName> = {
  [K in N]: { readonly id: string; readonly name: K; readonly event: EventOf<K> };
}[N];

export type Handlers = { [N in EventName]?: (event: EventOf<N>, id: string) => Promise<void> | void };

/** A person waits for what is done at these: whoever asks for it is notified of each beside the stream. */
export const hurriedEvents = ['call.queued', 'call.offered', 'call.connected'] as const satisfies readonly EventName[];
export type HurriedEvent = (typeof hurriedEvents)[number];

export interface Pace {
  /** At these the stream is read at once, however often this reader has asked lately. */
  readonly hurry?: readonly HurriedEvent[];
  /** Nobody waits for what is done at once: what comes within this time is read together, and only that of one call or seat in its order. */
  readonly gatherMs?: number;
  /** Lets a new subscriber also hear what was published before it joined, as far back as the stream goes. */
  readonly fromBeginning?: boolean;
  /** With `gatherMs`, of a subscriber that one process has at a time: it shares one reading of the stream with the others of its process. */
  readonly oneProcess?: boolean;
  /**
   * Of a subscriber that leads (`Leadership`): it continues where the previous turn stopped, and from then on no earlier turn is given an
   * event or acknowledges one. `superseded`: a later turn has begun.
   */
  readonly turn?: { readonly token: number; readonly superseded: () => void };
}
/** The pace of work that nobody waits for, in a role of which one process works. */
export const unhurried: Pace = { gatherMs: 100, oneProcess: true };

/** How the services meet. */
export interface EventBus {
  /** `id`: of an event that may have gone out before; a subscriber that has handled it knows it again. Otherwise it gets one. */
  publish<N extends EventName>(name: N, event: EventInput<N>, id?: string): Promise<void>;
  /** At least once, in order, from where `subscriber` (a durable cursor, shared by all processes that use the name) stands. */
  subscribe(subscriber: string, handlers: Handlers, pace?: Pace): Promise<() => Promise<void>>;
  /** Every event from now on, or `only` those named, to every process that follows: for screens, not for work that must be done. */
  follow(tell: (delivered: Delivered) => void, options?: Pace & { readonly only?: readonly EventName[] }): Promise<() => Promise<void>>;
}
