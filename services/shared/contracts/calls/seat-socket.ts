import { z } from 'zod';
import { chosenStates } from '../../domain/people/agent-state.js';
import { interventions, listeningReasons, rightOfIntervention } from '../../domain/calls/listening.js';
import type { NamedObject } from '../../domain/people/named-object.js';
import type { Right } from '../../domain/people/rights.js';
import type { BoardChange, BoardPicture } from '../../domain/board.js';
import type { WallRow } from '../queues/wall.js';
import { pausedBy, type AgentSnapshot, type LiveCall } from './commands.js';
import { TransferTarget } from './hand-over.js';
import { FreeReason, HandOverNote, type HandOverOutcome, type Introduction } from './hand-over.js';
import type { AgentId, CallId, QueueId } from '../../domain/ids.js';

const callId = z.string().min(1).max(64);

/**
 * What a signed-in page may send over Socket.IO, each with its payload. Every one passes the authorisation point with the right named in
 * `fromPageRights`, is parsed, and is answered by `Ack`.
 */
export const fromPage = {
  /** The page reports that it is alive; the answer carries the server's clock, and 5 s of silence mean that the network is gone. */
  'page:ping': z.object({ sentAtMs: z.number() }),
  /** The page's media is up (SIP session confirmed and DTLS connected) or down. */
  /** `line`: the Call-ID of the session. Refused with `seat-lost` while the other side does not have that session. */
  'seat:media': z.object({ up: z.boolean(), line: z.string().max(200).optional() }),
  'seat:echo': z.object({ on: z.boolean() }),
  'seat:quality': z.object({
    callId: callId.optional(),
    lossPercent: z.number(),
    jitterMs: z.number(),
    roundTripMs: z.number(),
    mos: z.number().optional(),
  }),
  'agent:set-state': z.object({ state: z.enum(chosenStates), reason: z.string().max(60).optional() }),
  'agent:extend-wrap-up': z.object({ byMs: z.int().positive().max(600_000) }),
  'call:answer': z.object({ callId, offerId: z.string().max(64).optional() }),
  'call:decline': z.object({ callId, reason: z.string().max(100).optional() }),
  'call:hang-up': z.object({ callId }),
  'call:hold': z.object({ callId }),
  'call:resume': z.object({ callId }),
  'call:transfer': z.object({ callId, target: TransferTarget, note: HandOverNote, freeReason: FreeReason }),
  'call:consult': z.object({ callId, target: TransferTarget, note: HandOverNote, freeReason: FreeReason }),
  'call:consult-end': z.object({ callId, how: z.enum(['complete', 'join', 'cancel']) }),
  'call:park': z.object({ callId }),
  'call:fetch': z.object({ callId }),
  'call:drop-party': z.object({ callId, partyId: z.string().max(64) }),
  'call:keys': z.object({ callId, keys: z.string().regex(/^[0-9*#]{1,64}$/) }),
  'call:pause-recording': z.object({ callId, reason: z.string().min(1).max(100), by: z.enum(pausedBy).default('agent') }),
  'call:resume-recording': z.object({ callId, by: z.enum(pausedBy).default('agent') }),
  /**
   * `reason` is needed to begin; a supervisor who is already in the call changes the mode without another one. `note` is needed with
   * `other`.
   */
  'call:monitor': z.object({
    callId,
    mode: z.enum([...interventions, 'stop']),
    reason: z.enum(listeningReasons).optional(),
    note: z.string().trim().max(100).optional(),
  }),
  'call:dial': z.object({ number: z.string().regex(/^\+?[0-9]{1,24}$/), purpose: z.string().max(60) }),
  /** Starts or stops following one call: a fact about it says that there is more to read. */
  'call:follow': z.object({ callId, on: z.boolean() }),
  /** Everything the page needs after a reload. */
  'seat:sync': z.object({}),
  /** Starts or stops following a board: the answer is its picture, and later changes come as events of the same name. */
  'board:queues': z.object({ on: z.boolean() }),
  'board:agents': z.object({ on: z.boolean() }),
  'board:thresholds': z.object({ on: z.boolean() }),
  'board:numbers': z.object({ on: z.boolean() }),
  'board:trunks': z.object({ on: z.boolean() }),
  'board:client-units': z.object({ on: z.boolean() }),
  'board:teams': z.object({ on: z.boolean() }),
  'board:answering': z.object({ on: z.boolean() }),
} as const;
export type FromPage = keyof typeof fromPage;
export type FromPagePayload<N extends FromPage> = z.infer<(typeof fromPage)[N]>;

export const fromPageRights = {
  'page:ping': 'self.use',
  'seat:media': 'seat.use',
  'seat:echo': 'seat.use',
  'seat:quality': 'seat.use',
  'agent:set-state': 'seat.use',
  'agent:extend-wrap-up': 'seat.use',
  'call:answer': 'seat.use',
  'call:decline': 'seat.use',
  'call:hang-up': 'seat.use',
  'call:hold': 'seat.use',
  'call:resume': 'seat.use',
  'call:transfer': 'seat.use',
  'call:consult': 'seat.use',
  'call:consult-end': 'seat.use',
  'call:park': 'seat.use',
  'call:fetch': 'seat.use',
  'call:drop-party': 'seat.use',
  'call:keys': 'seat.use',
  'call:pause-recording': 'seat.use',
  'call:resume-recording': 'seat.use',
  'call:monitor': 'calls.listen',
  'call:dial': 'seat.use',
  'call:follow': 'calls.read',
  'seat:sync': 'seat.use',
  'board:queues': 'queues.watch',
  'board:agents': 'agents.watch',
  'board:thresholds': 'agents.watch',
  'board:numbers': 'agents.watch',
  'board:trunks': 'agents.watch',
  'board:client-units': 'agents.watch',
  'board:teams': 'agents.watch',
  'board:answering': 'agents.watch',
} as const satisfies Record<FromPage, string>;

/** The right that an event needs for what it asks, in addition to the right of its name. */
export const rightAskedBy: { readonly [N in FromPage]?: (payload: FromPagePayload<N>) => Right | undefined } = {
  'call:monitor': ({ mode }) => (mode === 'stop' ? undefined : rightOfIntervention[mode]),
  'call:transfer': ({ freeReason }) => freeDialling(freeReason),
  'call:consult': ({ freeReason }) => freeDialling(freeReason),
};

/** Every right that an event needs. */
export function rightsFor(name: FromPage, payload: FromPagePayload<FromPage>): readonly Right[] {
  const asked = rightAskedBy[name] as ((given: typeof payload) => Right | undefined) | undefined;
  const beside = asked?.(payload);
  return [fromPageRights[name], ...(beside === undefined ? [] : [beside])];
}

/** A reason for a number on no register requires the right, whatever the number is. */
function freeDialling(reason: string | undefined): Right | undefined {
  return reason === undefined ? undefined : 'outbound.free-dial';
}

/**
 * The call or the target that an event names, and that must lie within the sender's reach. Every other event acts on the sender's own seat.
 */
export const namedByEvent: { readonly [N in FromPage]?: (payload: FromPagePayload<N>) => readonly NamedObject[] } = {
  'call:transfer': ({ target }) => targetOf(target),
  'call:consult': ({ target }) => targetOf(target),
  'call:fetch': ({ callId }) => [{ of: 'live-call', id: callId }],
  // A person who leaves a page may always stop following its call.
  'call:follow': ({ callId, on }) => (on ? [{ of: 'call', id: callId, use: 'read' }] : []),
  // A supervisor may leave a call that has moved out of reach.
  'call:monitor': ({ callId, mode }) => (mode === 'stop' ? [] : [{ of: 'live-call', id: callId }]),
};

/** Numbers name no object here: the rules of calling out decide whether one may be dialled. */
function targetOf(target: TransferTarget): readonly NamedObject[] {
  if (target.to === 'queue') return [{ of: 'queue', id: target.queueId, use: 'read' }];
  return target.to === 'seat' ? [{ of: 'agent', id: target.agentId, use: 'read' }] : [];
}

/** The answer to everything a page sends. `code` is a FailureCode; the page has its words in both languages. */
export type Ack<T = unknown> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** The call that rings at the seat. */
export interface OfferedCall {
  readonly callId: CallId;
  readonly offerId: string;
  readonly queueId: QueueId;
  readonly callerMasked: string;
  readonly called: string;
  readonly waitedMs: number;
  readonly ringForMs: number;
  readonly choices: readonly string[];
  readonly autoAnswer: boolean;
  /** Set when a colleague transfers the call or consults about it: who it is, and what they wrote. */
  readonly introduction?: Introduction | undefined;
}

/** A call is over for this seat; `cause` is that of the call, or why the agent left it. */
export interface CallEnd {
  readonly callId: CallId;
  readonly cause: string;
  readonly by: string;
  readonly at: string;
  /** Set when a supervisor ended the call: who it was, by display name, and why. */
  readonly decided?: { readonly by: string; readonly reason: string } | undefined;
  /** Set when a supervisor took the call over: who has it now. */
  readonly takenBy?: AgentId | undefined;
  /** Set when the call has ended; irrelevant while the call continues without this agent. */
  readonly direction?: 'inbound' | 'outbound';
}

/** A blind transfer by this agent, or somebody outside who refused in the agent's call. Without `outcome` the target still rings. */
export interface HandedOver {
  readonly callId: CallId;
  readonly to: TransferTarget['to'];
  /** An agent or a queue; empty for a number outside. */
  readonly target: string;
  readonly outcome?: HandOverOutcome | undefined;
  /** The queue in which the caller waits again. */
  readonly queueId?: QueueId | undefined;
}

/** Why a seat's page must stop, in `seat:superseded`. */
export interface ToPage {
  'call:offered': (call: OfferedCall) => void;
  'call:offer-ended': (end: { callId: CallId; offerId: string; outcome: string }) => void;
  'call:changed': (call: LiveCall) => void;
  'call:ended': (end: CallEnd) => void;
  'call:handed-over': (transfer: HandedOver) => void;
  'agent:changed': (agent: AgentSnapshot) => void;
  'seat:superseded': () => void;
  /** The seat's media session will end soon: the page sets up another one before it gives this one up. */
  'seat:renew': () => void;
  'board:queues': (change: BoardChange) => void;
  'board:agents': (change: BoardChange) => void;
  'board:thresholds': (change: BoardChange) => void;
  'board:numbers': (change: BoardChange) => void;
  'board:trunks': (change: BoardChange) => void;
  'board:client-units': (change: BoardChange) => void;
  'board:teams': (change: BoardChange) => void;
  'board:answering': (change: BoardChange) => void;
  /** Sent only to walls, in their own namespace: first all that the wall shows, then the changes. */
  'wall:picture': (picture: BoardPicture<WallRow>) => void;
  'wall:change': (change: BoardChange) => void;
  /** The wall is no longer shown; the socket is cut after this. */
  'wall:over': () => void;
  /** Any event on which pages refresh: recordings, complaints, surveys, evidence progress, notices. */
  fact: (fact: { name: string; event: unknown }) => void;
}

/** What a page gets for `seat:sync`. */
export interface SeatSync {
  readonly agent: AgentSnapshot | null;
  /** `null`: telephony could not be asked, so what the page knows about its calls stays valid. */
  readonly calls: readonly LiveCall[] | null;
  readonly serverNowMs: number;
}
