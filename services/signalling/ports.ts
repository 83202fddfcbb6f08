import type { Transport } from './trunk-source.js';
import type { FailureCode } from '../shared/domain/failure.js';
import type { Ending } from '../shared/platform/service.js';
import type { Door, Peer, Source } from './peer.js';
import type { Register } from './registrations.js';
import type { AskWay } from './ways.js';
import type { Trunk } from '../shared/contracts/flow.js';

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
  /** A re-INVITE or UPDATE of the far side with another description: what is returned is the answer. Without it the old one stands. */
  onReoffer(handle: (sdp: string) => Promise<string>): void;
}

export interface SipInvite {
  /** User part of the request URI, unescaped. */
  readonly user: string;
  readonly sipCallId: string;
  readonly door: Door;
  readonly sourceAddress: string;
  readonly sourcePort: number;
  readonly transport: Transport;
  readonly sdp: string;
  header(name: string): string | undefined;
  readonly method: 'INVITE';
  refuse(failure: FailureCode, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Requests within the dialog are taken from `peer` alone. */
  answer(sdp: string, peer: Peer): Promise<SipDialog>;
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
  readonly from: string;
  readonly sdp: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Once: at the first 18x of the far side, or at its answer when it never rang. Counted from the moment the INVITE is handed over. */
  readonly onAlerted?: ((alerted: Alerted) => void) | undefined;
  /** Once: the far side describes sound before it answers (early media, RFC 3960): ringing or announcements of its network. */
  readonly onEarlyMedia?: ((sdp: string) => void) | undefined;
  readonly auth?: { readonly username: string; readonly password: string } | undefined;
  /** When nothing but a 100 has come by `afterMs`, the far side is asked; where it is not there the call is given up as `WayFailed`. */
  readonly silence?: { readonly afterMs: number; readonly isThere: () => Promise<boolean> };
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
  /** Requests within calls that came from somebody else. */
  readonly foreignRequests: number;
}
