import type { LeaveWay } from '../../shared/domain/calls/dial-permit.js';
import type { Flow } from '../../shared/contracts/calls/flow.js';
import type { Overflow } from '../../shared/contracts/queues/overflow.js';
import type { ReleaseCause, releasedBy } from '../../shared/domain/calls/release.js';
import type { TransferTarget } from '../../shared/contracts/calls/hand-over.js';
import type { Introduction } from '../../shared/contracts/calls/hand-over.js';
import type { Mark, Visit } from '../../shared/records/call.js';
import type { AgentId, QueueId, TrunkId, UserId } from '../../shared/domain/ids.js';

export type { Mark } from '../../shared/records/call.js';
export type ReleasedBy = (typeof releasedBy)[number];
export type Language = 'zh-CN' | 'en';

/** What a stage says to the caller, prompt by prompt. No other speech of the call has the same token, so that a late end is recognised. */
export interface Speech {
  readonly token: string;
  readonly prompts: readonly string[];
}

/** The queue whose overflow decides where the caller goes next, because the queue does not take the caller or no longer does. */
export interface Overflowing {
  readonly queueId: QueueId;
  readonly stepId: string | undefined;
  readonly overflow: Overflow;
  readonly cause: ReleaseCause;
}

/**
 * Where a call is.
 *
 *     arriving ─▶ playing ─▶ menu ─▶ queued ◀─▶ offered ─▶ connected ─▶ survey ─▶ closing ─▶ ended
 *                    ▲────────┘         ▲                     │ ▲
 *                    └── (next step)    └── seat lost, ───────┤ └──▶ handed (the target answers, or back to the queue)
 *                                           transfer to queue └──▶ parked (fetched by any seat, or back to the queue)
 *
 * The caller may hang up in each; nothing leaves `ended`.
 */
export type Stage =
  | { readonly kind: 'arriving' }
  /** A prompt is played to its end, then the call continues at the step `then`, or where the queue sends it. */
  | (Speech & { readonly kind: 'playing'; readonly what: 'notice' | 'prompt'; readonly then: string | Overflowing })
  | (Speech & { readonly kind: 'menu'; readonly stepId: string; readonly tries: number; readonly prompt: 'playing' | 'done' })
  | { readonly kind: 'admitting'; readonly queueId: QueueId; readonly stepId: string | undefined }
  | { readonly kind: 'queued'; readonly queueId: QueueId; readonly stepId: string | undefined; readonly announcing: Announcing | undefined }
  | {
      readonly kind: 'offered';
      readonly queueId: QueueId | undefined;
      readonly stepId: string | undefined;
      /** Several when all seats of a queue ring at once. */
      readonly offers: readonly Offer[];
      /** Who answered while the notice is still heard (notice mode `while-ringing`). */
      readonly answeredBy: string | undefined;
    }
  | Connected
  | Handed
  /** A flow or a queue sent the caller to a number outside. */
  | {
      readonly kind: 'dialling';
      readonly legId: string;
      readonly number: string;
      readonly otherwise: string | undefined;
    }
  | { readonly kind: 'outside'; readonly legId: string; readonly number: string }
  /**
   * An outbound call; `rings` once the far side rings, `early` once it sends media before the answer; `notice` is the recording notice that
   * the answered party hears before the agent is joined.
   */
  | {
      readonly kind: 'calling';
      readonly agentId: AgentId;
      readonly legId: string;
      readonly rings?: true;
      readonly early?: true;
      readonly notice?: Speech;
    }
  /** Nobody has the caller, who hears music until somebody fetches the call or its time is up. */
  | { readonly kind: 'parked'; readonly by: string; readonly token: string; readonly mixed: boolean }
  /** `stepId` of the flow that asks for it; none when a queue's overflow does. */
  | (Speech & { readonly kind: 'message'; readonly stepId: string | undefined; readonly maxMs: number; readonly speaking: boolean })
  | (Speech & { readonly kind: 'survey'; readonly question: number; readonly agentId: AgentId | undefined; readonly tries: number })
  | (Speech & { readonly kind: 'closing'; readonly cause: ReleaseCause; readonly by: ReleasedBy })
  | { readonly kind: 'ended'; readonly cause: ReleaseCause; readonly by: ReleasedBy };

/** Without prompts until routing has said the place in the queue. */
export interface Announcing {
  readonly token: string;
  readonly prompts: readonly string[] | undefined;
}

export interface Offer {
  readonly offerId: string;
  readonly agentId: AgentId;
  readonly ringForMs: number;
  readonly autoAnswer: boolean;
}

/** A blind transfer: nobody has the caller, who hears music until the target answers. `by` is free and is informed of the outcome. */
export interface Handed {
  readonly kind: 'handed';
  readonly by: string;
  readonly target:
    | { readonly to: 'seat'; readonly offer: Offer }
    | { readonly to: 'number'; readonly legId: string; readonly number: string };
}

export interface Connected {
  readonly kind: 'connected';
  /** The agent in charge of the call. */
  readonly agentId: AgentId;
  readonly held: boolean;
  /** The seat has vanished and may come back. */
  readonly away: boolean;
  readonly consult: Consult | undefined;
  /** Others in the conversation: conference parties and supervisors. */
  readonly parties: readonly Party[];
  /** Once a call is in the mixer it stays there: a browser does not play an SSRC that comes back. */
  readonly mixed: boolean;
}

/** Who stopped the recording and why: the agent by hand, or a sensitive field of the form that has the focus. */
export interface RecordingPause {
  readonly by: 'agent' | 'field';
  readonly agentId: AgentId;
  readonly reason: string;
  readonly sinceMs: number;
  readonly token: string;
}

export interface Consult {
  readonly target: TransferTarget;
  /** `ringing` even while the consultation waits in a queue. */
  readonly state: 'ringing' | 'talking';
  readonly party: PartyId | undefined;
  readonly offer: Offer | undefined;
  /** What the agent has written for the consulted person. */
  readonly note?: string | undefined;
  /** The seat of the agent who is consulted has vanished and may come back. */
  readonly away?: boolean;
}

/** `caller`, `agent:<agentId>` or `number:<legId>`. */
export type PartyId = string;
export const CALLER: PartyId = 'caller';
export const agentParty = (agentId: AgentId): PartyId => `agent:${agentId}`;
export const numberParty = (legId: string): PartyId => `number:${legId}`;

export interface Party {
  readonly id: PartyId;
  /** `listen` hears all and is heard by nobody, `whisper` is heard by the agent alone. */
  readonly role: 'talk' | 'listen' | 'whisper';
  /** The seat of one who talks has vanished and may come back. */
  readonly away?: boolean;
  /** A supervisor who barged in: not yet one of the call's agents. */
  readonly barged?: boolean;
  /** The rule of the site hides from the parties that this supervisor listens or whispers. */
  readonly secret?: boolean;
}

/** Where the audio of a leg is; what the recorder subscribes to. */
export interface AnchorPlace {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
  /** Where the relay receives the two sides, once both are described. */
  readonly ports?: { readonly caller: number; readonly far: number; readonly farAddress?: string | undefined } | undefined;
}

/** A leg to a number outside, from its dialling to its end. */
export interface DialledLeg {
  readonly legId: string;
  /** The id of its row in `outbound_attempts`. */
  readonly attemptId: string;
  readonly way: LeaveWay;
  /** The trunk over which it was last dialled. */
  readonly trunkId: TrunkId;
  readonly from: string;
  readonly numberMasked: string;
  readonly numberHash: string;
  /** The full number: it never leaves the record. */
  readonly number?: string;
  readonly longestMs: number;
  /** The agent who had it dialled; missing for a flow or a queue. */
  readonly agentId?: AgentId;
  /** The version of the outbound rules that allowed it. */
  readonly rulesVersion?: number;
  /** Why somebody with the right to dial freely dialled a number that is on no register. */
  readonly freeReason?: string;
  /** A leg to police, fire brigade or ambulance, which is joined at once. */
  readonly emergency?: true;
  readonly atMs: number;
  /** Its carrier has not said a word, not even a 100, and the leg waits for it. */
  readonly silent?: true | undefined;
  readonly ringingAtMs?: number;
  readonly answeredAtMs?: number;
  readonly endedAtMs?: number;
  /** Why it was not answered, or that we ended it. */
  readonly failure?: string;
  /**
   * What is being played to a third party: the notice before it is joined, or the confirmation of its refusal. Nobody is joined to the leg
   * meanwhile.
   */
  readonly speech?: Speech & { readonly what: 'notice' | 'farewell' };
  /** The notice that was played to a third party, and when it ended. */
  readonly noticeId?: string;
  readonly noticeEndedAtMs?: number;
  /** When the person pressed the digit that refuses further calls. */
  readonly refusedAtMs?: number;
}

/** A text that the page of an agent was given: the id is the hash of what it says. */
export interface ShownText {
  readonly scriptId: string;
  readonly agentId: AgentId;
  readonly atMs: number;
}

/** An open visit to a queue, with what the caller was entitled to when it began. */
export interface OpenVisit extends Pick<Visit, 'place' | 'queueId' | 'returned' | 'priority' | 'skills'> {
  readonly sinceMs: number;
}

/** The supervisor who ended the call, with the display name that the agent reads. */
export interface EndedBy {
  readonly supervisorId: UserId;
  readonly name: string;
  readonly reason: string;
}

export interface Call {
  readonly id: string;
  readonly direction: 'inbound' | 'outbound';
  /** What an outbound call is for, and whose consent it rests on. */
  readonly outbound?: { readonly purpose: string; readonly consentId: string; readonly emergency?: true };
  readonly trunkId: TrunkId;
  /** A proof or practice call, which came in by the door of test calls. */
  readonly class?: 'test' | undefined;
  /** The full number: it never leaves the record. */
  readonly callerNumber: string;
  readonly callerMasked: string;
  readonly called: string;
  readonly language: Language;
  readonly flow: Flow;
  readonly flowVersion: number;
  /** Decided at arrival: false sends the caller down the closed path. */
  readonly open: boolean;
  readonly stage: Stage;
  readonly notice: 'pending' | 'playing' | 'done';
  readonly answered: boolean;
  readonly ledgerNumber: number | undefined;
  readonly media: AnchorPlace | undefined;
  readonly choices: readonly string[];
  /** The queue that the caller is or was last in. */
  readonly queueId: QueueId | undefined;
  /** Since when the caller has been waiting; it decides the place in line. */
  readonly waitingSinceMs: number | undefined;
  /** The open visit to a queue. */
  readonly visit?: OpenVisit | undefined;
  /** Finished visits to queues, in order of time. */
  readonly visits?: readonly Visit[];
  /** Waiting time in finished visits; conversations are not counted. */
  readonly waitedMs?: number;
  /** The queue step from which the caller came into the queue: its priority, skills, announcements and longest wait go with the call. */
  readonly queueStepId?: string | undefined;
  /** For a caller on the VIP list: added to the priority that the flow gives. */
  readonly callerPriority?: number;
  /** Who transferred the caller, for the card of the next agent who is rung; cleared when somebody answers. */
  readonly introduction?: Introduction | undefined;
  /** Agents who declined or missed the call in this queue. */
  readonly avoid: readonly string[];
  readonly recording: 'on' | 'paused' | 'off';
  /** Set while the recording is paused. */
  readonly pause?: RecordingPause | undefined;
  /** The last agent who talked with the caller. */
  readonly lastAgentId: string | undefined;
  /** Every leg outside that was dialled in this call, in order of time. */
  readonly dialled?: readonly DialledLeg[];
  /** Only in a call out: what its agents were given to say, in order of time. */
  readonly scripts?: readonly ShownText[];
  /** The caller's number is withheld, foreign, or from a trunk that does not vouch for it: it is never called back automatically. */
  readonly callbackBarred?: boolean;
  /** Set once a supervisor has ended the call; the caller may still hear the goodbye. */
  readonly endedBy?: EndedBy | undefined;
  readonly history: readonly Mark[];
  /** Makes tokens of prompts and timers unique within the call, so that a late one is recognised. */
  readonly turn: number;
}
