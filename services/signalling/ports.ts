import type { Transport } from './trunks/trunk-source.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { Ending } from '../shared/platform/processes/service.js';
import type { Door, Peer, Source } from './peer.js';
import type { Register } from './trunks/registrations.js';
import type { AskWay } from './ways.js';
import type { Trunk } from '../shared/contracts/calls/flow.js';

/** What signalling needs to know of trunks. */
export interface TrunkBook {
  trunks(): readonly Trunk[];
  trunk(id: string): Trunk | undefined;
}

/** Who a seat credential belongs to, while its sign-in is alive. */
export type SeatOwner = (sessionId: string) => Promise<{ readonly agentId: string } | undefined>;

export interface SipDialog {
  /** By which a later process can take the dialog over, as it is now. */
  readonly dialogId: string;
  /** False when the SIP server tells us nothing of what the far side sends, not even its BYE. */
  readonly isHeard: boolean;
  /** Sends BYE; may be called twice. */
  hangUp(): Promise<void>;
  /** Whether the far side still knows the dialog, asked by OPTIONS; true while the SIP server cannot be asked. */
  isThere(): Promise<boolean>;
  /** Who speaks for the sound in a re-INVITE or UPDATE of the far side. Without it the description of before stands. */
  onRenegotiation(renegotiation: Renegotiation): void;
  /** A digit that the far side sent by INFO: 0 to 9, `*` or `#`. */
  onDigit(handle: (digit: string) => void): void;
}

/** Offer and answer within a dialog. */
export interface Renegotiation {
  /** An offer of the far side; resolves with the answer, and is refused with 488 when it fails. */
  readonly answer: (offer: string) => Promise<string>;
  /** Our offer, where a re-INVITE has none. */
  readonly offer: () => string;
  /** The far side's answer to it, from the ACK. */
  readonly answered: (answer: string) => Promise<void>;
}

export interface SipInvite {
  /** User part of the request URI, unescaped. */
  readonly user: string;
  readonly sipCallId: string;
  readonly door: Door;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly transport: Transport;
  /** Empty where the caller leaves the offer to us. */
  readonly sdp: string;
  header(name: string): string | undefined;
  readonly method: 'INVITE';
  refuse(failure: FailureCode, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Requests within the dialog are taken from `peer` alone. */
  answer(sdp: string, peer: Peer): Promise<SipDialog>;
  /** The 200 with our offer, to an INVITE without one; resolves with the answer of the ACK. Fails when the call ends before it comes. */
  offer(sdp: string, peer: Peer): Promise<{ readonly leg: SipDialog; readonly answer: string }>;
  /** CANCEL before the answer, BYE or a missing ACK after it: once. */
  onEnded(handle: () => void): void;
}

/** OPTIONS outside a call: carriers ask by it whether we are there. */
export interface SipRequest {
  accept(headers: Readonly<Record<string, string>>): Promise<void>;
}

/** The far side has been reached: the end of the post-dial delay (ITU-T E.721, post-selection delay). */
export interface Alerted {
  readonly afterMs: number;
  /** False when it answered without having rung. */
  readonly rings: boolean;
}

export interface SipOut {
  readonly trunkId: string;
  readonly uri: string;
  /** Where the INVITE goes first, when that is not the host of `uri`. */
  readonly nextHop?: string;
  /** Headers that say who calls; From among them. */
  readonly identity: Readonly<Record<string, string>>;
  readonly sdp: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** At each INVITE of the call: it has been handed to the SIP server under this Call-ID. */
  readonly onSent?: ((sipCallId: string) => void) | undefined;
  /** Once: at the first 18x of the far side, or at its answer when it never rang. Counted from the moment the INVITE is handed over. */
  readonly onAlerted?: ((alerted: Alerted) => void) | undefined;
  /** Once: the far side describes sound before it answers (early media, RFC 3960): ringing or announcements of its network. */
  readonly onEarlyMedia?: ((sdp: string) => void) | undefined;
  readonly auth?: { readonly username: string; readonly password: string } | undefined;
  /**
   * When nothing but a 100 has come by `afterMs`, the far side is asked; where it is not there the call is given up as `WayFailed`. By `unheardMs`
   * without even a 100 it is given up whatever OPTIONS says.
   */
  readonly silence?: { readonly afterMs: number; readonly unheardMs: number; readonly isThere: () => Promise<boolean> };
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
    /** Whether a request within a dialog is its peer's; any other is refused with 403 and does nothing. */
    mayContinue(peer: Peer, source: Source): boolean;
  }): Promise<void>;
  register: Register;
  ask: AskWay;
  /** Fails with the failure that the far side's status means; as `WayFailed` when it has not taken the call at all. */
  dial(out: SipOut): Promise<SipOutDialog>;
  /**
   * Takes over a dialog of an earlier process, by a re-INVITE where the SIP server keeps it for nobody. Undefined when the SIP server or the far
   * side knows nothing of it any more; `ended` is told once otherwise.
   */
  adopt(dialogId: string, ended: () => void): Promise<SipDialog | undefined>;
  /** `process`: the dialogs stay at the SIP server, for the process that comes after this one. `product`: a BYE in each. */
  stop(ending?: Ending): Promise<void>;
  readonly connected: boolean;
  readonly dialogs: number;
  /** The ids of the dialogs of a trunk; one that is taken over keeps its own. */
  dialogsOf(trunkId: string): readonly string[];
  /** Requests within calls that came from somebody else. */
  readonly foreignRequests: number;
}
