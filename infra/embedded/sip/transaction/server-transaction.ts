import type { SipRequest, SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import { isReliable, type Flow } from '../transport/flow.js';
import { Driver } from './driver.js';
import { inviteServer, type InviteServerEvent, type InviteServerState } from './invite-server.js';
import type { Timing } from './machine.js';
import { nonInviteServer, type NonInviteServerEvent, type NonInviteServerState } from './non-invite-server.js';

/** What a server transaction needs of the layer that made it. */
export interface ServerTransactionHost {
  readonly timing: Timing;
  /** The way back: the flow it came by, or a new one when that has closed (RFC 3261 section 18.2.2). */
  replyFlow(request: SipRequest, flow: Flow): Flow | undefined;
  terminated(transaction: ServerTransaction): void;
  /** An ACK to our 2xx that came on the INVITE's own branch. */
  acknowledged(ack: SipRequest, flow: Flow, bytes: number): void;
  /** For counting; `response` is missing when it is one sent before. */
  sent(response: SipResponse | undefined, retransmission: boolean): void;
}

/** Told what becomes of the answers given. */
export interface ServerTransactionUser {
  /** No ACK for a final response that is not 2xx, or it could not be sent. */
  onFailed?(): void;
}

interface AckArrival {
  readonly ack: SipRequest;
  readonly flow: Flow;
  readonly bytes: number;
}

/** A request received and the answers to it. */
export class ServerTransaction {
  user: ServerTransactionUser = {};
  private lastSent: Buffer | undefined;
  private back: Flow | undefined;
  private readonly invite: Driver<InviteServerState, InviteServerEvent, SipResponse | AckArrival> | undefined;
  private readonly other: Driver<NonInviteServerState, NonInviteServerEvent, SipResponse> | undefined;

  constructor(
    /** Identifies it in the layer. */
    readonly key: string,
    readonly request: SipRequest,
    readonly flow: Flow,
    /** Size of the request on the wire. */
    readonly bytes: number,
    private readonly host: ServerTransactionHost,
  ) {
    const context = { ...host.timing, reliable: isReliable(flow.protocol) };
    const common = {
      resend: () => {
        this.transmit(this.lastSent);
        this.host.sent(undefined, true);
      },
      ack: () => undefined,
      timedOut: () => this.user.onFailed?.(),
      failed: () => this.user.onFailed?.(),
      terminated: () => {
        this.host.terminated(this);
      },
    };
    const send = (response: SipResponse): void => {
      this.lastSent = serialise(response);
      this.transmit(this.lastSent);
      this.host.sent(response, false);
    };
    if (request.method === 'INVITE') {
      this.invite = new Driver<InviteServerState, InviteServerEvent, SipResponse | AckArrival>(
        { name: 'proceeding', answered: false },
        (state, event) => inviteServer(state, event, context),
        (timer) => ({ type: 'timer', timer }),
        {
          ...common,
          send: (message) => {
            if (message !== undefined && 'kind' in message) send(message);
          },
          deliver: (message) => {
            if ('ack' in message) this.host.acknowledged(message.ack, message.flow, message.bytes);
          },
        },
      );
    } else {
      this.other = new Driver<NonInviteServerState, NonInviteServerEvent, SipResponse>(
        { name: 'trying' },
        (state, event) => nonInviteServer(state, event, context),
        (timer) => ({ type: 'timer', timer }),
        {
          ...common,
          send: (message) => {
            if (message) send(message);
          },
          deliver: () => undefined,
        },
      );
    }
  }

  get method(): string {
    return this.request.method;
  }

  /** Whether a final response can still be given. */
  get unanswered(): boolean {
    const state = this.invite?.state ?? this.other?.state;
    return state === 'proceeding' || state === 'trying';
  }

  /** Whether an answer can still reach its sender. */
  get reachable(): boolean {
    return this.replyTo() !== undefined;
  }

  /** Bytes of the last response sent, 0 before any. */
  get sentBytes(): number {
    return this.lastSent?.length ?? 0;
  }

  /** Answers; a second final response is ignored, save a repeated 2xx to INVITE. */
  respond(response: SipResponse): void {
    this.invite?.feed({ type: 'respond', status: response.status }, response);
    this.other?.feed({ type: 'respond', status: response.status }, response);
  }

  /** The same request again. */
  repeated(): void {
    this.invite?.feed({ type: 'request' });
    this.other?.feed({ type: 'request' });
  }

  acknowledge(ack: SipRequest, flow: Flow, bytes: number): void {
    this.invite?.feed({ type: 'ack' }, { ack, flow, bytes });
  }

  stop(): void {
    this.invite?.stopAll();
    this.other?.stopAll();
  }

  private replyTo(): Flow | undefined {
    if (this.back?.open !== true) this.back = this.host.replyFlow(this.request, this.flow);
    return this.back;
  }

  private transmit(data: Buffer | undefined): void {
    if (data === undefined) return;
    const failed = (): void => {
      this.invite?.feed({ type: 'send-failed' });
      this.other?.feed({ type: 'send-failed' });
    };
    const flow = this.replyTo();
    if (flow) flow.send(data, failed);
    else process.nextTick(failed);
  }
}
