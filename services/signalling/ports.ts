import type { Transport } from './trunks/trunk-source.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { Ending } from '../shared/platform/processes/service.js';
import type { Door, Peer, Source } from './peer.js';
import type { Register } from './trunks/registrations.js';
import type { AskWay } from './ways.js';
import type { Trunk } from '../shared/contracts/calls/flow.js';
import type { AgentId, SipCallId, TrunkId } from '../shared/domain/ids.js';

/** What signalling needs to know about trunks. */
export interface TrunkBook {
  trunks(): readonly Trunk[];
  trunk(id: string): Trunk | undefined;
}

/** The owner of a seat credential, while its sign-in is alive. */
export type SeatOwner = (sessionId: string) => Promise<{ readonly agentId: AgentId } | undefined>;

export interface SipDialog {
  /** The handle by which a later process can take the dialog over, in its current state. */
  readonly dialogId: string;
  /** False when the SIP server does not report requests of the far end, not even its BYE. */
  readonly isHeard: boolean;
  /** Sends a BYE. May be called twice. `bySupervisor`: its Reason header says that a supervisor ended the call (RFC 3326). */
  hangUp(how?: { readonly bySupervisor: boolean }): Promise<void>;
  /** Whether the far end still knows the dialog, asked by OPTIONS; true while the SIP server cannot be asked. */
  isThere(): Promise<boolean>;
  /** Sets the part that negotiates media in a re-INVITE or UPDATE of the far end. Without it the last description stays. */
  onRenegotiation(renegotiation: Renegotiation): void;
  /** A digit that the far end sent by INFO: 0 to 9, `*` or `#`. */
  onDigit(handle: (digit: string) => void): void;
  /** Sends a digit by INFO (`application/dtmf-relay`). Fails when the far end does not take it. */
  sendDigit(digit: string): Promise<void>;
}

/** Offer and answer within a dialog. */
export interface Renegotiation {
  /** An offer of the far end. Resolves with the answer. When it fails, the offer is refused with 488. */
  readonly answer: (offer: string) => Promise<string>;
  /** Our offer, for a re-INVITE without one. */
  readonly offer: () => string;
  /** The far end's answer to our offer, from the ACK. */
  readonly answered: (answer: string) => Promise<void>;
}

export interface SipInvite {
  /** The user part of the request URI, unescaped. */
  readonly user: string;
  readonly sipCallId: SipCallId;
  readonly door: Door;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly transport: Transport;
  /** Empty when the caller leaves the offer to us. */
  readonly sdp: string;
  header(name: string): string | undefined;
  readonly method: 'INVITE';
  refuse(failure: FailureCode, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Accepts requests within the dialog only from `peer`. */
  answer(sdp: string, peer: Peer): Promise<SipDialog>;
  /** Sends the 200 with our offer, for an INVITE without one. Resolves with the answer in the ACK. Fails when the call ends before that. */
  offer(sdp: string, peer: Peer): Promise<{ readonly leg: SipDialog; readonly answer: string }>;
  /** Called once: for a CANCEL before the answer, or for a BYE or a missing ACK after it. */
  onEnded(handle: () => void): void;
}

/** OPTIONS outside a call. Carriers use it to ask whether we are up. */
export interface SipRequest {
  accept(headers: Readonly<Record<string, string>>): Promise<void>;
}

/** The far end was reached: the end of the post-dial delay (ITU-T E.721, post-selection delay). */
export interface Alerted {
  readonly afterMs: number;
  /** False when it answered without ringing. */
  readonly rings: boolean;
}

export interface SipOut {
  readonly trunkId: TrunkId;
  readonly uri: string;
  /** The first destination of the INVITE, if it is not the host of `uri`. */
  readonly nextHop?: string;
  /** Headers that identify the caller, including From. */
  readonly identity: Readonly<Record<string, string>>;
  readonly sdp: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called for each INVITE of the call when the SIP server has it, with its Call-ID. */
  readonly onSent?: ((sipCallId: SipCallId) => void) | undefined;
  /** Called when the call ends and nothing at all was heard from the far end, not even a 100. */
  readonly onUnheard?: (() => void) | undefined;
  /** Called when the far end answered after the call had left it for another address or trunk. It was ended at once. */
  readonly onAnsweredLate?: (() => void) | undefined;
  /**
   * Called once: at the first 18x of the far end, or at its answer when it never rang. The time counts from the moment when the SIP server
   * got the INVITE.
   */
  readonly onAlerted?: ((alerted: Alerted) => void) | undefined;
  /**
   * Called once: the far end describes media before it answers (early media, RFC 3960), such as ringing or announcements of its network.
   */
  readonly onEarlyMedia?: ((sdp: string) => void) | undefined;
  readonly auth?: { readonly username: string; readonly password: string } | undefined;
  /**
   * When nothing but a 100 has arrived by `afterMs`, the far end is asked by OPTIONS; if it is not there, the call is given up as
   * `WayFailed`. A next hop that says 100 and has not said it by `unheardMs` is given up, whatever OPTIONS says.
   */
  readonly silence?: {
    readonly afterMs: number;
    readonly unheardMs: number;
    readonly isThere: () => Promise<boolean>;
    /** No other way is left: only a next hop of which nothing at all was heard is given up, by `giveUpMs` if it answers no OPTIONS either. */
    readonly lastWay?: { readonly giveUpMs: number };
  };
  /** Whether the next hop has said 100 to an earlier INVITE. */
  readonly saysTrying?: (() => boolean) | undefined;
  /** Called when the next hop says 100. */
  readonly onTrying?: (() => void) | undefined;
  /** Not even a 100 has come, and the call waits all the same; or, after that, something has come. */
  readonly onSilence?: ((isSilent: boolean) => void) | undefined;
}

export interface SipOutDialog extends SipDialog {
  readonly sdp: string;
  onEnded(handle: () => void): void;
}

/** The SIP stack, as this slice uses it. */
export interface SipStack {
  start(handlers: {
    invite(invite: SipInvite): Promise<void>;
    options(request: SipRequest): Promise<void>;
    /** Whether a request within a dialog comes from its peer. Any other request is refused with 403 and does nothing. */
    mayContinue(peer: Peer, source: Source): boolean;
  }): Promise<void>;
  register: Register;
  ask: AskWay;
  /** Fails with the failure that the far end's status stands for, or as `WayFailed` when the far end has not taken the call at all. */
  dial(out: SipOut): Promise<SipOutDialog>;
  /**
   * Takes over a dialog of an earlier process, by a re-INVITE when the SIP server keeps it for nobody. Undefined when the SIP server or the
   * far end no longer knows it; otherwise `ended` is called once.
   */
  adopt(dialogId: string, ended: () => void): Promise<SipDialog | undefined>;
  /** `process`: the dialogs stay at the SIP server for the next process. `product`: sends a BYE in each. */
  stop(ending?: Ending): Promise<void>;
  readonly connected: boolean;
  readonly dialogs: number;
  /** The ids of the dialogs of a trunk. A dialog that is taken over keeps its id. */
  dialogsOf(trunkId: TrunkId): readonly string[];
  /** Requests within calls that came from somebody other than the peer. */
  readonly foreignRequests: number;
}
