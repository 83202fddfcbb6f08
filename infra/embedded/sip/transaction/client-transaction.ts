import { Headers } from '../message/headers.js';
import { NO_BODY, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import { isReliable, type Flow } from '../transport/flow.js';
import { Driver, type Executor } from './driver.js';
import { inviteClient, type InviteClientEvent, type InviteClientState } from './invite-client.js';
import type { MachineContext } from './machine.js';
import { nonInviteClient, type NonInviteClientEvent, type NonInviteClientState } from './non-invite-client.js';
import type { ResponseUser, SettledClient } from './settled.js';

/** Receives the responses. Nothing follows a final response other than 2xx to INVITE, a timeout or a failure. */
export interface ClientTransactionUser extends ResponseUser {
  /** RFC 3261 section 8.1.3.1: to be treated as a 408. */
  onTimeout(): void;
  /** RFC 3261 section 8.1.3.1: to be treated as a 503. */
  onFailed(): void;
  /**
   * Receives further 2xx to an INVITE (repeated ones, and those of other forks) after the first; by default this user. It is kept for 32 s,
   * so one object for all calls retains no call.
   */
  readonly afterAnswer?: ResponseUser;
}

export interface ClientTransactionHost {
  /** Timing for a reliable and for an unreliable transport. */
  context(reliable: boolean): MachineContext;
  ended(transaction: ClientTransaction): void;
  /** The transaction has ended, but repeated messages must still be handled. The record replaces it for that time. */
  settled(transaction: ClientTransaction, record: SettledClient, forMs: number): void;
  sent(request: SipRequest, retransmission: boolean): void;
}

interface Arrival {
  readonly response: SipResponse;
  readonly flow: Flow;
  readonly bytes: number;
}

/** A request sent and what comes back for it. */
export class ClientTransaction implements Executor<Arrival> {
  readonly bytes: number;
  private data: Buffer | undefined;
  private ackData: Buffer | undefined;
  private readonly driver:
    | Driver<InviteClientState, InviteClientEvent, Arrival>
    | Driver<NonInviteClientState, NonInviteClientEvent, Arrival>;

  constructor(
    readonly key: string,
    /** With our Via on top. */
    readonly request: SipRequest,
    readonly flow: Flow,
    private readonly user: ClientTransactionUser,
    private readonly host: ClientTransactionHost,
  ) {
    this.data = serialise(request);
    this.bytes = this.data.length;
    const context = host.context(isReliable(flow.protocol));
    this.driver =
      request.method === 'INVITE'
        ? new Driver<InviteClientState, InviteClientEvent, Arrival>({ name: 'idle' }, inviteClient, context, this)
        : new Driver<NonInviteClientState, NonInviteClientEvent, Arrival>({ name: 'idle' }, nonInviteClient, context, this);
  }

  get method(): string {
    return this.request.method;
  }

  /** Whether no final response has come yet. */
  get pending(): boolean {
    const { state } = this.driver;
    return state === 'idle' || state === 'calling' || state === 'trying' || state === 'proceeding';
  }

  start(): void {
    this.driver.feed({ type: 'start' });
  }

  receive(response: SipResponse, flow: Flow, bytes: number): void {
    this.driver.feed({ type: 'response', status: response.status }, { response, flow, bytes });
    // After a final response only the ACK is repeated.
    if (response.status >= 200) this.data = undefined;
  }

  /** The connection that it was sent on has closed. */
  flowClosed(): void {
    this.driver.feed({ type: 'send-failed' });
  }

  stop(): void {
    this.driver.stopAll();
  }

  send(): void {
    this.transmit();
    this.host.sent(this.request, false);
  }

  resend(): void {
    this.transmit();
    this.host.sent(this.request, true);
  }

  ack({ response }: Arrival): void {
    this.ackData ??= serialise(ackFor(this.request, response));
    this.flow.send(this.ackData);
  }

  deliver({ response, flow, bytes }: Arrival): void {
    this.user.onResponse(response, flow, bytes);
  }

  timedOut(): void {
    this.user.onTimeout();
  }

  failed(): void {
    this.user.onFailed();
  }

  settled(forMs: number): void {
    const driver = this.driver as Driver<InviteClientState, InviteClientEvent, Arrival>;
    const acknowledges = driver.wouldDo({ type: 'response', status: 300 }).includes('ack');
    const record: SettledClient = {
      side: 'client',
      answer: acknowledges ? this.ackData?.toString('latin1') : undefined,
      flow: acknowledges ? this.flow : undefined,
      user: driver.wouldDo({ type: 'response', status: 200 }).includes('deliver') ? (this.user.afterAnswer ?? this.user) : undefined,
    };
    this.host.settled(this, record, forMs);
  }

  terminated(): void {
    this.host.ended(this);
  }

  private transmit(): void {
    if (!this.data) return;
    this.flow.send(this.data, () => {
      this.flowClosed();
    });
  }
}

function copy(request: SipRequest, keys: readonly string[]): Headers {
  const headers = Headers.empty();
  const via = request.headers.get('via');
  if (via !== undefined) headers.add('Via', via);
  for (const field of request.headers) if (keys.includes(field.key)) headers.add(field.name, field.value);
  return headers;
}

/** ACK for a final response that is not 2xx (RFC 3261 section 17.1.1.3): same branch, To of the response. */
export function ackFor(request: SipRequest, response: SipResponse): SipRequest {
  const headers = copy(request, ['from', 'call-id', 'route']);
  headers.add('To', response.headers.get('to') ?? request.headers.get('to') ?? '');
  headers.add('CSeq', `${(request.headers.get('cseq') ?? '').split(' ')[0] ?? ''} ACK`);
  headers.add('Max-Forwards', '70');
  return { kind: 'request', method: 'ACK', uri: request.uri, headers, body: NO_BODY };
}

/** CANCEL for a request sent (RFC 3261 section 9.1): its Request-URI, Via, From, To, Call-ID, CSeq number and Route. */
export function cancelFor(request: SipRequest, extra: Headers): SipRequest {
  const headers = copy(request, ['from', 'to', 'call-id', 'route']);
  headers.add('CSeq', `${(request.headers.get('cseq') ?? '').split(' ')[0] ?? ''} CANCEL`);
  headers.add('Max-Forwards', '70');
  for (const field of extra) if (!headers.has(field.key)) headers.add(field.name, field.value);
  return { kind: 'request', method: 'CANCEL', uri: request.uri, headers, body: NO_BODY };
}
