import { z } from 'zod';
import { agentStates, chosenStates, forcedStates } from '../../domain/people/agent-state.js';
import { auditDeeds } from '../../domain/people/audit-deed.js';
import { serviceLevelKeys } from '../../domain/figures/keys.js';
import { rowScopes } from '../../domain/figures/scope-rows.js';
import { interventions, monitoringModes } from '../../domain/calls/listening.js';
import { CallerFacts } from './caller-facts.js';
import { CallSoFar } from './ended-call.js';
import { BoardFigures } from '../queues/figure.js';
import { liveCallStates } from './live-state.js';
import { mediaCommands } from './media-commands.js';
import { Overflow } from '../queues/overflow.js';
import { fencingToken, Offer } from './orders.js';
import { FreeReason, HandOverNote, Introduction, TransferTarget } from './hand-over.js';
import { testCommands } from './test-commands.js';
import { ScopeRow } from '../queues/scope-row.js';
import { ThresholdMark } from '../queues/threshold.js';
import { TrunkState } from '../trunks/trunk-state.js';
import { QueueId, SipCallId } from '../ids.js';

const callId = z.string().min(1).max(64);
const agentId = z.string().min(1).max(64);
const done = z.object({});

/** Who decided over an agent's state, by display name, and why. */
export const Forced = z.object({ by: z.string().max(200), reason: z.string().min(1).max(200) });

export const AgentSnapshot = z.object({
  agentId,
  name: z.string(),
  state: z.enum(agentStates),
  since: z.iso.datetime(),
  reason: z.string().optional(),
  until: z.iso.datetime().optional(),
  callId: callId.optional(),
  queues: z.array(z.string()),
  nextState: z.enum(forcedStates).optional(),
  /** The present state was decided by a supervisor. */
  forced: Forced.optional(),
  /** `nextState` was decided by a supervisor: it takes effect after the call, and the agent cannot choose another one before. */
  nextForced: Forced.optional(),
  /** Wrap-up lasts until this call has its result. */
  undisposedCallId: callId.optional(),
  /** The agent may ask for more time than the wrap-up's clock gives. */
  extendable: z.boolean().optional(),
});
export type AgentSnapshot = z.infer<typeof AgentSnapshot>;

export const QueueSnapshot = z.object({
  queueId: QueueId,
  name: z.record(z.string(), z.string()),
  /** How many are named as members; absent where everybody serves. */
  members: z.int().optional(),
  waiting: z.int(),
  longestWaitMs: z.number(),
  states: z.partialRecord(z.enum(agentStates), z.int()),
  /** Figures of the visits that began since midnight at the site. */
  today: BoardFigures,
  /** Figures of the visits that began in the last 30 minutes. */
  lately: BoardFigures,
  serviceLevel: z.object({ targetPercent: z.number(), thresholdMs: z.number(), formula: z.enum(serviceLevelKeys) }),
  /** What a caller who comes now is told to expect; absent while too little is known. */
  expectedWaitMs: z.number().optional(),
  /** Callers who left and keep their place for a callback; counted in `waiting`. */
  callbacks: z.int().default(0),
  /** Only parts of the system serve this queue (test calls). No caller is sent there, since no person would answer. */
  internal: z.boolean().default(false),
});
export type QueueSnapshot = z.infer<typeof QueueSnapshot>;

/** Who stops a recording: the agent by hand, or a sensitive field of the form. */
export const pausedBy = ['agent', 'field'] as const;

/**
 * What an agent is in a call: `rings` also for a consultation; `in-charge` answers for it; `consulted` talks with the agent in charge while
 * the caller waits; `conference` talks with everybody; a supervisor listens, whispers or barges in.
 */
export const callParts = ['rings', 'in-charge', 'consulted', 'conference', 'listen', 'whisper', 'barge'] as const;
export type CallPart = (typeof callParts)[number];

/** A live call, as pages show it. The number is masked. */
export const LiveCall = z.object({
  callId,
  state: z.enum(liveCallStates),
  direction: z.enum(['inbound', 'outbound']),
  callerMasked: z.string(),
  called: z.string(),
  since: z.iso.datetime(),
  queueId: QueueId.optional(),
  agentId: agentId.optional(),
  offerId: z.string().optional(),
  /** Only for an offer: the seat answers it automatically. */
  autoAnswer: z.boolean().optional(),
  held: z.boolean().default(false),
  heldSince: z.iso.datetime().optional(),
  /** Supervisors who listen, whisper or have barged in; agents in the call do not see those that are secret. */
  listeners: z.array(z.object({ agentId, mode: z.enum(monitoringModes) })).optional(),
  recording: z.enum(['on', 'paused', 'off']).default('on'),
  /** While the caller is parked: when the queue takes the call back. `agentId` is who parked it. */
  parkedUntil: z.iso.datetime().optional(),
  /** While the recording is paused. */
  pause: z.object({ by: z.enum(pausedBy), reason: z.string(), since: z.iso.datetime() }).optional(),
  parties: z
    .array(z.object({ id: z.string(), kind: z.enum(['caller', 'agent', 'number']), label: z.string(), muted: z.boolean() }))
    .default([]),
  callerSsrc: z.number().optional(),
  /** What the agent who asks is in it; none when nobody in particular asks. */
  part: z.enum(callParts).optional(),
  /** Set when a colleague transfers the call or asks about it. */
  introduction: Introduction.optional(),
  /** Whom the agent in charge consults; `target` is an agent, a queue or a masked number, whose person may be hearing the notice. */
  asks: z
    .object({
      to: z.enum(['seat', 'queue', 'number']),
      target: z.string(),
      hearsNotice: z.literal(true).optional(),
      /** The carrier has not even said that it has the call. */
      carrierSilent: z.literal(true).optional(),
    })
    .optional(),
  /** Only for a call out. */
  purpose: z.string().optional(),
  /** Only for a call out: for 4 s the carrier has not even said that it has the call. */
  carrierSilent: z.literal(true).optional(),
});
export type LiveCall = z.infer<typeof LiveCall>;

/**
 * Questions and orders between roles, answered within their time or failed. Each belongs to one role (`owner`); facts that need no
 * answer are events (events/catalogue.ts).
 */
export const commands = {
  /** Routing asks telephony to ring a seat. Refused with `wrong-state` when the caller has left meanwhile, `seat-lost` when no media is up. */
  'call.offer': {
    owner: 'telephony',
    input: z.object({ ...Offer.shape, fencingToken }),
    output: done,
  },
  'call.answer': { owner: 'telephony', input: z.object({ callId, agentId, offerId: z.string().optional() }), output: LiveCall },
  'call.decline': { owner: 'telephony', input: z.object({ callId, agentId, reason: z.string().max(100).optional() }), output: done },
  'call.hang-up': { owner: 'telephony', input: z.object({ callId, agentId }), output: done },
  /** A supervisor ends the call on both sides. Refused with `emergency-call` while somebody of the emergency services is in it. */
  'call.end': { owner: 'telephony', input: z.object({ callId, supervisorId: agentId, ...Forced.shape }), output: done },
  'call.hold': { owner: 'telephony', input: z.object({ callId, agentId }), output: done },
  'call.resume': { owner: 'telephony', input: z.object({ callId, agentId }), output: LiveCall },
  /** Frees the agent at once; what became of it is `call.transfer-ended`. */
  'call.transfer': {
    owner: 'telephony',
    input: z.object({ callId, agentId, target: TransferTarget, note: HandOverNote, freeReason: FreeReason }),
    output: done,
  },
  /** The caller hears music while the agent talks to the target; ended by `complete`, `join` (conference) or `cancel`. */
  'call.consult': {
    owner: 'telephony',
    input: z.object({ callId, agentId, target: TransferTarget, note: HandOverNote, freeReason: FreeReason }),
    output: done,
  },
  'call.consult-end': {
    owner: 'telephony',
    input: z.object({ callId, agentId, how: z.enum(['complete', 'join', 'cancel']) }),
    output: LiveCall,
  },
  /** Puts the caller on music and frees the agent; any seat may fetch the call, and after three minutes the queue takes it back. */
  'call.park': { owner: 'telephony', input: z.object({ callId, agentId }), output: done },
  'call.fetch': { owner: 'telephony', input: z.object({ callId, agentId }), output: LiveCall },
  /** The page of an agent of a call out was given this text to say: it goes into the record of the call. */
  'call.script-shown': { owner: 'telephony', input: z.object({ callId, agentId, scriptId: z.string().max(64) }), output: done },
  'call.drop-party': { owner: 'telephony', input: z.object({ callId, agentId, partyId: z.string() }), output: done },
  'call.send-keys': { owner: 'telephony', input: z.object({ callId, agentId, keys: z.string().regex(/^[0-9*#]{1,64}$/) }), output: done },
  /** `by` a sensitive field that has the focus: never undoes a pause by hand, and is over by itself after two minutes. */
  'call.pause-recording': {
    owner: 'telephony',
    input: z.object({ callId, agentId, reason: z.string().min(1).max(100), by: z.enum(pausedBy).default('agent') }),
    output: done,
  },
  'call.resume-recording': {
    owner: 'telephony',
    input: z.object({ callId, agentId, by: z.enum(pausedBy).default('agent') }),
    output: done,
  },
  /** A supervisor gets into a live call; those in it are not shown one who is `secret`. `changes`: begins nothing, for another mode alone. */
  'call.monitor': {
    owner: 'telephony',
    input: z.object({
      callId,
      agentId,
      mode: z.enum([...interventions, 'stop']),
      secret: z.boolean().optional(),
      changes: z.boolean().optional(),
    }),
    output: done,
  },
  /** An outbound call by an agent, from a number that the trunk permits. */
  'call.dial': {
    owner: 'telephony',
    input: z.object({
      agentId,
      number: z.string().regex(/^\+?[0-9]{1,24}$/),
      from: z.string().optional(),
      purpose: z.string().max(60),
      /** A row of a campaign's list, with what the agent has read: the call has the id of the reservation, and belongs to the queue. */
      campaign: z.object({ campaignId: z.string(), callId, queueId: QueueId, scriptId: z.string().optional() }).optional(),
    }),
    output: z.object({ callId }),
  },
  /** The caller has waited as long as the queue lets anybody wait. Refused with `wrong-state` when the call waits no longer, or rings. */
  'call.overflow': { owner: 'telephony', input: z.object({ callId, overflow: Overflow, fencingToken }), output: done },
  /**
   * Calls the caller of an ended call back from the agent's seat, showing the number that was called. Fails like `call.dial`, and with
   * `not-found` when the record of the call is not there (yet).
   */
  'call.call-back': {
    owner: 'telephony',
    /** `automatic`: routing dials because the turn has come, nobody has pressed a key for it. */
    input: z.object({ callId, agentId, automatic: z.boolean().default(false), fencingToken }),
    output: z.object({ callId }),
  },
  /** Under which hash of the caller's number a live call's earlier contacts are found, none of a withheld number; what a contact says of it. */
  'call.caller-hash': {
    owner: 'telephony',
    input: z.object({ callId }),
    output: CallerFacts,
  },
  /** The whole number of a live call's caller, for a complaint that is opened before the record is written. Never shown, never in an event. */
  'call.caller': {
    owner: 'telephony',
    input: z.object({ callId }),
    output: z.object({
      number: z.string(),
      at: z.iso.datetime(),
      agentId: agentId.optional(),
      clientUnit: z.string().optional(),
      queueId: QueueId.optional(),
    }),
  },
  /** What the record of a live call would say if it ended now; the number masked. */
  'call.so-far': { owner: 'telephony', input: z.object({ callId }), output: CallSoFar },
  /** With a token: what an earlier leader ordered from now on is refused, and what it ordered before is in the answer. */
  'calls.live': { owner: 'telephony', input: z.object({ agentId: agentId.optional(), fencingToken }), output: z.array(LiveCall) },
  /** The seat's own voice comes back to it: the device check. */
  'seat.echo': { owner: 'telephony', input: z.object({ agentId, on: z.boolean() }), output: done },
  /** A page reports whether its media is running. Refused with `seat-lost` while telephony does not have that session: send it again. */
  'seat.media': {
    owner: 'telephony',
    input: z.object({ agentId, sessionId: z.string(), sipCallId: SipCallId.optional(), up: z.boolean() }),
    output: done,
  },
  'seat.end': {
    owner: 'telephony',
    input: z.object({ agentId, sessionId: z.string(), reason: z.enum(['signed-out', 'superseded']) }),
    output: done,
  },
  /** Numbers, flows, trunks, lists and prompts, which telephony keeps in memory, were edited. Answered when what was stored is in force. */
  'telephony.read-again': {
    owner: 'telephony',
    input: z.object({}),
    output: done,
  },
  /** How the carriers' addresses are, and how many calls each trunk carries, at the telephony process that answers. */
  'trunks.state': { owner: 'telephony', input: z.object({}), output: z.array(TrunkState) },
  'telephony.status': { owner: 'telephony', input: z.object({}), output: z.record(z.string(), z.unknown()) },

  'agent.sign-in': { owner: 'routing', input: z.object({ agentId, name: z.string(), sessionId: z.string() }), output: AgentSnapshot },
  /** With a session only when the seat is still that session's: another browser may have taken it over. */
  'agent.sign-out': { owner: 'routing', input: z.object({ agentId, sessionId: z.string().optional() }), output: done },
  /** During a call it is kept as the next state. */
  'agent.set-state': {
    owner: 'routing',
    input: z.object({ agentId, state: z.enum(chosenStates), reason: z.string().max(60).optional() }),
    output: AgentSnapshot,
  },
  /** The same by a supervisor, also out of a wrap-up whose result is owed. */
  'agent.force-state': {
    owner: 'routing',
    input: z.object({ agentId, state: z.enum(forcedStates), ...Forced.shape }),
    output: AgentSnapshot,
  },
  /**
   * Takes the first free agent of a queue, or this one when it is free, out of the line for a call out that has yet to be dialled under
   * `callId`; nobody when none is free. The agent is ready again after `holdForMs` without a call. Callers who wait come first: whoever is free
   * is one whom nobody waits for.
   */
  'agent.reserve': {
    owner: 'routing',
    input: z.object({ queueId: QueueId, callId, agentId: agentId.optional(), holdForMs: z.int().positive() }),
    output: z.object({ agentId: agentId.optional(), since: z.iso.datetime() }),
  },
  /** The reserved agent is not needed, or did not answer and is away then. Changes nothing when the agent has gone on. */
  'agent.release': {
    owner: 'routing',
    input: z.object({ agentId, callId, outcome: z.enum(['withdrawn', 'no-answer', 'seat-lost', 'refused']) }),
    output: done,
  },
  'agent.extend-wrap-up': { owner: 'routing', input: z.object({ agentId, byMs: z.int().positive() }), output: AgentSnapshot },
  'agents.list': { owner: 'routing', input: z.object({ agentId: agentId.optional() }), output: z.array(AgentSnapshot) },
  'queues.list': { owner: 'routing', input: z.object({}), output: z.array(QueueSnapshot) },
  /** The live figures of every number, trunk, client unit, team or agent that has some. */
  'figures.list': { owner: 'routing', input: z.object({ of: z.enum(rowScopes) }), output: z.array(ScopeRow) },
  'thresholds.list': { owner: 'routing', input: z.object({}), output: z.array(ThresholdMark) },
  /** Whether a call may enter, before the caller is told anything. */
  'queue.admit': {
    owner: 'routing',
    input: z.object({ queueId: QueueId, callId }),
    output: z.object({
      admitted: z.boolean(),
      reason: z.enum(['ok', 'queue-full', 'no-agent', 'unknown-queue']),
      position: z.int(),
      expectedWaitMs: z.number().optional(),
      /** Where the queue sends callers whom it does not take. */
      overflow: Overflow.optional(),
    }),
  },
  'queue.position': {
    owner: 'routing',
    input: z.object({ callId }),
    output: z.object({ position: z.int(), expectedWaitMs: z.number().optional() }),
  },

  /** Takes back the promise to call the caller of this ended call back; false when it is being dialled, or is over. */
  'callback.cancel': { owner: 'routing', input: z.object({ callId }), output: z.object({ cancelled: z.boolean() }) },
  /** The callback that a client unit owes to a person who keeps a place in line, by the keyed hash of the number; null when it owes none. */
  'callback.of': {
    owner: 'routing',
    input: z.object({ callerHash: z.string(), clientUnit: z.string().optional() }),
    output: z.object({ callId, queueId: QueueId }).nullable(),
  },
  ...mediaCommands,
  ...testCommands,

  'evidence.make-pack': {
    owner: 'cases',
    input: z.object({
      kind: z.enum(['licence', 'renewal', 'change', 'inspection', 'annual']),
      caseId: z.string().max(40).optional(),
      from: z.string(),
      to: z.string(),
      requestedBy: z.string(),
      language: z.enum(['zh-CN', 'en']).default('zh-CN'),
      /** With drawn recordings; the reason why they leave the archive goes into the audit log. */
      drawn: z
        .object({
          asked: z.int().min(1),
          seed: z.string().min(1),
          seedFrom: z.enum(['inspector', 'outside', 'day-sheet', 'system']),
          reason: z.string(),
        })
        .optional(),
    }),
    output: z.object({ jobId: z.string() }),
  },
  /** A caller for people who learn: calls the number over the trunk and says again what the agent says. Refused with `wrong-state` while one runs. */
  'practice.call': {
    owner: 'cases',
    input: z.object({ number: z.string().max(20) }),
    output: z.object({ status: z.int(), callId: callId.optional() }),
  },
  /** Fetches a recording as a person's browser does, over the console's own address, with a session that lasts for it. */
  'proof.play': {
    owner: 'api',
    input: z.object({ callId }),
    output: z.object({ status: z.int(), sizeBytes: z.int(), sha256: z.string() }),
  },
  /** The signed sheet of a proof call: for paper, and as the statement with its Ed25519 signature. */
  'proof.sheet': {
    owner: 'cases',
    input: z.object({ proofId: z.string().max(64), language: z.enum(['zh-CN', 'en']) }),
    output: z.object({ pdfBase64: z.string(), statement: z.string(), signature: z.string(), publicKey: z.string() }),
  },
  'evidence.probe-now': { owner: 'cases', input: z.object({}), output: z.object({ rows: z.int() }) },
  /** The newest row of the audit chain, for the sealed sheet of a day. */
  'audit.head': { owner: 'api', input: z.object({}), output: z.object({ number: z.int(), hash: z.string() }).partial() },
  'audit.append': {
    owner: 'api',
    input: z.object({
      who: z.string(),
      what: z.enum(auditDeeds),
      object: z.string().optional(),
      from: z.string().optional(),
      success: z.boolean(),
      reason: z.string().optional(),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
      once: z.literal(true).optional(),
    }),
    output: done,
  },
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<N extends CommandName> = z.input<(typeof commands)[N]['input']>;
export type CommandArguments<N extends CommandName> = z.infer<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = z.infer<(typeof commands)[N]['output']>;
export type CommandHandlers = { [N in CommandName]?: (input: CommandArguments<N>) => Promise<CommandOutput<N>> };

/** How one role asks another. Fails with the owner's own failure code, `timed-out`, or `service-unavailable` when no owner listens. */
export interface CommandBus {
  send<N extends CommandName>(name: N, input: CommandInput<N>, options?: { readonly timeoutMs?: number }): Promise<CommandOutput<N>>;
  /** Serves the given commands in this process until the returned function is called. */
  serve(handlers: CommandHandlers): Promise<() => Promise<void>>;
}
