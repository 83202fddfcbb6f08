import type { Dialog } from '../dialog/dialog.js';
import { parseCSeq, tagOf } from '../message/grammar.js';
import type { SipRequest, SipResponse } from '../message/message.js';
import type { ClientTransaction } from '../transaction/client-transaction.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Flow, Listener } from '../transport/flow.js';
import type { Owner } from './application.js';

/** The id that drachtio gives a dialog: the same for its whole life, for both directions, and for all forks of one INVITE. */
export function dialogIdOf(initial: SipRequest): string {
  return `${initial.headers.get('call-id') ?? ''};from-tag=${tagOf(initial.headers.get('from')) ?? ''}`;
}

/** An ACK kept to answer a repeated 2xx. It is latin1 text, because a small buffer would retain the 8 KB slab that it shares. */
export interface KeptAck {
  readonly text: string;
  readonly flow: Flow;
}

/** The key of a 2xx to an INVITE of ours, and of its ACK: CSeq number and remote tag. */
export function ackKey(response: SipResponse): string {
  return `${String(parseCSeq(response.headers.get('cseq'))?.number ?? 0)}|${tagOf(response.headers.get('to')) ?? ''}`;
}

/** Sends a kept ACK again; nothing when the application has not acknowledged yet. */
export function repeatAck(kept: KeptAck | undefined): void {
  if (kept?.flow.open === true) kept.flow.send(Buffer.from(kept.text, 'latin1'));
}

/**
 * What the application calls a dialog: one id, and below it the SIP dialog, or several early ones while an INVITE of ours is forked. It
 * owns their state; the rules are in dialog/.
 */
export class Session {
  /** By remote tag. */
  readonly dialogs = new Map<string, Dialog>();
  /** The remote tag of the dialog that requests go to. */
  currentTag: string | undefined;
  confirmed = false;
  /** The connection that the peer last used. */
  flow: Flow | undefined;
  /** The connection that the dialog was made on, which identifies its peer. */
  origin: Flow | undefined;
  /** Our INVITE in progress, to detect glare and to cancel it when the call ends. */
  pendingInvite: ClientTransaction | undefined;
  /** Our initial SUBSCRIBE. A NOTIFY that overtakes its answer belongs to it. */
  subscribe: SipRequest | undefined;
  /** The peer's INVITE in progress. */
  incomingInvite: ServerTransaction | undefined;
  /** 2xx responses received, by remote tag and CSeq; the value is there once the application has acknowledged. */
  readonly acks = new Map<string, KeptAck | undefined>();
  /** Our 2xx waiting for its ACK, by CSeq number. */
  readonly awaitingAck = new Map<number, { stop(): void; readonly transactionId: string }>();
  /** Set when a 2xx overtook our CANCEL: the call is ended as soon as it is acknowledged. */
  byeAfterAck = false;
  /** Methods of the peer's last Allow. */
  peerAllows: readonly string[] = [];
  /**
   * The application's last SDP, to be repeated in a session refresh. It is latin1 text, because the buffer is a slice of everything sent at
   * once.
   */
  localSdp: string | undefined;
  /** Last reliable provisional response received, by remote tag (RFC 3262 section 4). */
  readonly reliable = new Map<string, { readonly rseq: number; readonly cseq: number }>();
  /** Our UPDATE with an offer that is not answered yet. */
  pendingUpdate: ClientTransaction | undefined;
  /** The peer's UPDATE that is not answered yet (RFC 3311 section 5.2). */
  incomingUpdate: ServerTransaction | undefined;
  ended = false;
  /** False from the moment when a successor gets the dialog until it sends something in it. */
  claimed = true;
  /** The next session with the same Call-ID and local tag. The sender of a request may belong to that one. */
  later: Session | undefined;

  constructor(
    readonly id: string,
    readonly kind: 'INVITE' | 'SUBSCRIBE',
    readonly role: 'uac' | 'uas',
    public owner: Owner,
    readonly listener: Listener,
    readonly callId: string,
    readonly localTag: string,
  ) {}

  get dialog(): Dialog | undefined {
    return this.currentTag === undefined ? undefined : this.dialogs.get(this.currentTag);
  }

  /** Stores the next value of a dialog; the first one, and a confirmed one, becomes current. */
  put(dialog: Dialog, confirmed = false): void {
    this.dialogs.set(dialog.remoteTag, dialog);
    if (this.currentTag === undefined || confirmed) this.currentTag = dialog.remoteTag;
    if (confirmed) this.confirmed = true;
  }
}

/** All sessions, found by id (the application) or by Call-ID and local tag (the network). */
export class Sessions {
  /** Called for every session that ends, whoever ended it. */
  onRemoved: (session: Session) => void = () => undefined;
  private readonly byId = new Map<string, Session>();
  private readonly byLocal = new Map<string, Session>();

  get size(): number {
    return this.byId.size;
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.byId.values();
  }

  add(session: Session): void {
    this.byId.set(session.id, session);
    const local = `${session.callId}|${session.localTag}`;
    let last = this.byLocal.get(local);
    while (last?.later) last = last.later;
    if (last) last.later = session;
    else this.byLocal.set(local, session);
  }

  get(id: string): Session | undefined {
    return this.byId.get(id);
  }

  /**
   * RFC 3261 section 12.2.2: Call-ID, To tag and From tag identify the dialog of a request. Of several the oldest is taken, as in
   * drachtio-server.
   */
  find(callId: string, localTag: string): Session | undefined {
    return this.byLocal.get(`${callId}|${localTag}`);
  }

  remove(session: Session): void {
    if (!session.ended) this.onRemoved(session);
    session.ended = true;
    for (const waiting of session.awaitingAck.values()) waiting.stop();
    session.awaitingAck.clear();
    // A digest retry has the same id and tag as the attempt it replaces.
    if (this.byId.get(session.id) === session) this.byId.delete(session.id);
    const local = `${session.callId}|${session.localTag}`;
    const first = this.byLocal.get(local);
    if (first === session) {
      if (session.later) this.byLocal.set(local, session.later);
      else this.byLocal.delete(local);
      return;
    }
    for (let before = first; before; before = before.later) if (before.later === session) before.later = session.later;
  }
}
