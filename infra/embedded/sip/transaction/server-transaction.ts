import { Headers } from '../message/headers.js';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import { isReliable, type Flow } from '../transport/flow.js';
import { Driver, type Executor } from './driver.js';
import { inviteServer, type InviteServerEvent, type InviteServerState } from './invite-server.js';
import type { MachineContext } from './machine.js';
import { plainAnswer, type PlainAnswer, type SettledServer } from './settled.js';
import { nonInviteServer, type NonInviteServerEvent, type NonInviteServerState } from './non-invite-server.js';

/** What a server transaction needs from its layer. */
export interface ServerTransactionHost {
  /** Timing for a reliable and for an unreliable transport. */
  context(reliable: boolean): MachineContext;
  /** The way back: the flow it came by, or a new one when that has closed (RFC 3261 section 18.2.2). */
  replyFlow(request: SipRequest, flow: Flow): Flow | undefined;
  terminated(transaction: ServerTransaction): void;
  /** The transaction has ended, but repeated messages must still be handled. The record replaces it for that time. */
  settled(transaction: ServerTransaction, record: SettledServer, forMs: number): void;
  /** An ACK to our 2xx that came on the INVITE's own branch. */
  acknowledged(ack: SipRequest, flow: Flow, bytes: number): void;
  /** For counting; `response` is missing when it is one sent before. */
  sent(response: SipResponse | undefined, retransmission: boolean): void;
}

/** Learns what happens to the responses. */
export interface ServerTransactionUser {
  /** No ACK for a final response that is not 2xx, or the response could not be sent. */
  onFailed?(): void;
}

interface AckArrival {
  readonly ack: SipRequest;
  readonly flow: Flow;
  readonly bytes: number;
}

type Passed = SipResponse | AckArrival;

const NOBODY: ServerTransactionUser = {};

/** A request received and the answers to it. */
export class ServerTransaction implements Executor<Passed> {
  user: ServerTransactionUser = NOBODY;
  readonly method: string;
  private kept: SipRequest;
  /** Text in latin1 once it is only kept for repetition, because a small buffer would retain the 8 KB slab that it shares. */
  private lastSent: Buffer | string | undefined;
  private plain: PlainAnswer | undefined;
  private back: Flow | undefined;
  private readonly driver:
    | Driver<InviteServerState, InviteServerEvent, Passed>
    | Driver<NonInviteServerState, NonInviteServerEvent, Passed>;

  constructor(
    /** Identifies it in the layer. */
    readonly key: string,
    request: SipRequest,
    readonly flow: Flow,
    /** Size of the request on the wire. */
    readonly bytes: number,
    /** The key of a merged request; undefined when none is possible. */
    readonly mergeKey: string | undefined,
    private readonly host: ServerTransactionHost,
  ) {
    this.method = request.method;
    this.kept = request;
    const context = host.context(isReliable(flow.protocol));
    this.driver =
      request.method === 'INVITE'
        ? new Driver<InviteServerState, InviteServerEvent, Passed>({ name: 'proceeding', answered: false }, inviteServer, context, this)
        : new Driver<NonInviteServerState, NonInviteServerEvent, Passed>({ name: 'trying' }, nonInviteServer, context, this);
  }

  /** The request. After a final response only the parts that the way back needs. */
  get request(): SipRequest {
    return this.kept;
  }

  /** Whether a final response can still be given. */
  get unanswered(): boolean {
    return this.driver.state === 'proceeding' || this.driver.state === 'trying';
  }

  /** Whether a response can still reach the sender. */
  get reachable(): boolean {
    return this.replyTo() !== undefined;
  }

  /** Bytes of the last response sent, 0 before any. */
  get sentBytes(): number {
    return this.lastSent?.length ?? 0;
  }

  /** Responds. A second final response is ignored, except for a repeated 2xx to INVITE. */
  respond(response: SipResponse): void {
    this.driver.feed({ type: 'respond', status: response.status }, response);
    if (this.method === 'INVITE' && this.driver.state === 'completed') this.release();
  }

  /** The same request again. */
  repeated(): void {
    this.driver.feed({ type: 'request' });
  }

  acknowledge(ack: SipRequest, flow: Flow, bytes: number): void {
    if (this.method === 'INVITE')
      (this.driver as Driver<InviteServerState, InviteServerEvent, Passed>).feed({ type: 'ack' }, { ack, flow, bytes });
  }

  stop(): void {
    this.driver.stopAll();
  }

  send(message: Passed | undefined): void {
    if (!message || !('kind' in message)) return;
    const data = serialise(message);
    this.lastSent = data;
    // The request of an INVITE may be released before its answer is settled.
    this.plain = message.status >= 200 && this.method !== 'INVITE' ? plainAnswer(this.kept, message) : undefined;
    this.transmit(data);
    this.host.sent(message, false);
  }

  resend(): void {
    this.transmit(typeof this.lastSent === 'string' ? Buffer.from(this.lastSent, 'latin1') : this.lastSent);
    this.host.sent(undefined, true);
  }

  ack(): void {}

  deliver(message: Passed): void {
    if ('ack' in message) this.host.acknowledged(message.ack, message.flow, message.bytes);
  }

  timedOut(): void {
    this.user.onFailed?.();
  }

  failed(): void {
    this.user.onFailed?.();
  }

  settled(forMs: number): void {
    const driver = this.driver as Driver<InviteServerState, InviteServerEvent, Passed>;
    const repeats = driver.wouldDo({ type: 'request' }).includes('resend');
    const record: SettledServer = {
      side: 'server',
      answer: repeats ? (this.plain ?? textOf(this.lastSent)) : undefined,
      flow: repeats ? this.replyTo() : undefined,
      passesAck: this.method === 'INVITE' && driver.wouldDo({ type: 'ack' }).includes('deliver'),
      mergeKey: this.mergeKey,
    };
    this.host.settled(this, record, forMs);
  }

  terminated(): void {
    this.host.terminated(this);
  }

  /** The transaction waits for an ACK that may never come, so its request is released. */
  private release(): void {
    this.replyTo();
    // Copied: a substring would retain the whole request that it was cut from.
    const via = Buffer.from(this.kept.headers.get('via') ?? '').toString();
    this.lastSent = textOf(this.lastSent);
    this.kept = { kind: 'request', method: this.method, uri: '', headers: Headers.empty().add('Via', via), body: NO_BODY };
    this.user = NOBODY;
  }

  private replyTo(): Flow | undefined {
    if (this.back?.open !== true) this.back = this.host.replyFlow(this.kept, this.flow);
    return this.back;
  }

  private transmit(data: Buffer | undefined): void {
    if (data === undefined) return;
    const failed = (): void => {
      this.driver.feed({ type: 'send-failed' });
    };
    const flow = this.replyTo();
    if (flow) flow.send(data, failed);
    else process.nextTick(failed);
  }
}

function textOf(sent: Buffer | string | undefined): string | undefined {
  return typeof sent === 'object' ? sent.toString('latin1') : sent;
}
