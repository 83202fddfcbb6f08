import type { Log } from '../log.js';
import { tagOf } from '../message/grammar.js';
import { newTag, responseTo, type SipMessage, type SipRequest, type SipResponse } from '../message/message.js';
import { parseMessage } from '../message/parse.js';
import { serialise } from '../message/serialise.js';
import { refusalOf, responseDefect, type Refusal } from '../message/validate.js';
import { TransactionLayer, type TransactionUser } from '../transaction/layer.js';
import type { Timing } from '../transaction/machine.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Flow, TransportSink } from '../transport/flow.js';
import type { Names } from '../transport/names.js';
import { Transports, type TransportOptions } from '../transport/transports.js';
import type { Admission } from './admission.js';
import type { CallRecords, Routes } from './application.js';
import { LostFlows } from './lost-flow.js';
import { Paths } from './paths.js';
import type { Peers } from './peers.js';
import { ReliableResponses } from './reliable-responses.js';
import { SessionTimers } from './session-timers.js';
import { Sessions } from './session.js';
import type { Stack } from './stack.js';
import { Uac } from './uac.js';
import { Uas } from './uas.js';

/** What the agent counts; the names are those of its metrics. */
export interface Counts {
  requestReceived(method: string): void;
  requestSent(method: string): void;
  responseSent(status: number): void;
  repeated(direction: 'sent' | 'received'): void;
  dropped(reason: 'garbage' | 'bad-response' | 'flood' | 'scanner' | 'spammer' | 'foreign' | 'bad-via' | 'certificate'): void;
}

/** What the agent consists of besides its sockets. */
export interface UserAgentParts {
  readonly timing: Timing;
  readonly routes: Routes;
  readonly names: Names;
  readonly records: CallRecords;
  readonly admission: Admission;
  readonly peers: Peers;
  readonly counts: Counts;
  readonly log: Log;
  /** How long dialogs of a closed WebSocket stay. */
  readonly webSocketGraceMs: number;
}

// The cost of an invalid message, against the allowance of its sender.
const MALFORMED_COST = 5;

/** The SIP side of the server: everything between the sockets and the application's clients. */
export class UserAgent implements TransactionUser {
  private closing = false;

  private constructor(
    readonly stack: Stack,
    private readonly timers: SessionTimers,
    private readonly lostFlows: LostFlows,
    private readonly admission: Admission,
    private readonly counts: Counts,
    readonly uas: Uas,
    readonly uac: Uac,
  ) {}

  /** Binds the contacts; rejects with the system's error when one is taken. */
  static async listen(options: TransportOptions, parts: UserAgentParts): Promise<UserAgent> {
    const { timing, routes, names, records, admission, peers, counts, log } = parts;
    // The transports need a receiver for their reports before the agent that receives them can exist.
    let agent: UserAgent | undefined = undefined as UserAgent | undefined;
    const sink: TransportSink = {
      message: (data, flow) => agent?.receive(data, flow),
      broken: (flow, reason) => {
        log('info', 'stream closed', { reason, protocol: flow.protocol, address: flow.remoteAddress });
      },
      closed: (flow) => agent?.flowClosed(flow),
      admits: (address) => admission.admits(address),
      opened: (address) => admission.opened(address),
      connectionClosed: (address) => {
        admission.closed(address);
      },
      uncertified: (address, reason) => {
        counts.dropped('certificate');
        log('warn', 'peer over TLS refused', { reason, address });
      },
    };
    const transports = await Transports.listen(options, sink);
    const user: TransactionUser = {
      onRequest: (transaction) => agent?.onRequest(transaction),
      onCancel: (transaction, invite) => agent?.onCancel(transaction, invite),
      onAck: (ack, flow, bytes) => agent?.onAck(ack, flow, bytes),
      onStrayResponse: (response) => agent?.onStrayResponse(response),
      onSent: (message, again) => agent?.onSent(message, again),
      onRepeatedRequest: () => agent?.onRepeatedRequest(),
    };
    const stack: Stack = {
      transactions: new TransactionLayer(timing, transports, user),
      transports,
      sessions: new Sessions(),
      paths: new Paths(transports, names, peers),
      peers,
      foreign: (flow) => {
        counts.dropped('foreign');
        log('warn', 'request in a dialog of somebody else', { address: flow.remoteAddress, protocol: flow.protocol });
      },
      routes,
      records,
      reliable: new ReliableResponses(timing),
      log,
    };
    const timers = new SessionTimers(stack);
    stack.sessions.onRemoved = (session) => {
      timers.stop(session);
      stack.reliable.stop(session);
    };
    agent = new UserAgent(
      stack,
      timers,
      new LostFlows(stack, parts.webSocketGraceMs),
      admission,
      counts,
      new Uas(stack, timers),
      new Uac(stack, timers),
    );
    return agent;
  }

  onRequest(transaction: ServerTransaction): void {
    this.counts.requestReceived(transaction.method);
    this.uas.request(transaction);
  }

  onCancel(transaction: ServerTransaction, invite: ServerTransaction | 'settled' | undefined): void {
    this.uas.cancel(transaction, invite);
  }

  onAck(ack: SipRequest, flow: Flow, bytes: number): void {
    this.uas.ack(ack, flow, bytes);
  }

  onStrayResponse(response: SipResponse): void {
    this.uac.strayResponse(response);
  }

  onSent(message: SipMessage | undefined, retransmission: boolean): void {
    if (retransmission) this.counts.repeated('sent');
    else if (message?.kind === 'request') this.counts.requestSent(message.method);
    else if (message) this.counts.responseSent(message.status);
  }

  onRepeatedRequest(): void {
    this.counts.repeated('received');
  }

  async close(): Promise<void> {
    this.closing = true;
    for (const session of [...this.stack.sessions]) this.stack.sessions.remove(session);
    this.uas.close();
    this.lostFlows.close();
    this.timers.close();
    this.stack.reliable.close();
    this.stack.peers.close();
    this.stack.transactions.close();
    await this.stack.transports.close();
  }

  private receive(data: Buffer, flow: Flow): void {
    const parsed = parseMessage(data);
    if (parsed.kind === 'garbage') {
      this.counts.dropped('garbage');
      this.admission.request(flow.remoteAddress, MALFORMED_COST);
      this.stack.log('debug', 'dropped', { reason: parsed.reason, address: flow.remoteAddress });
      return;
    }
    if (parsed.kind === 'malformed') {
      if (this.admission.request(flow.remoteAddress, MALFORMED_COST))
        this.refuseMalformed(parsed.message, parsed.status, parsed.reason, flow);
      return;
    }
    const { message, declaredLength } = parsed;
    if (message.kind === 'request' && !cameAsItSays(message, flow)) {
      this.counts.dropped('bad-via');
      this.stack.log('debug', 'dropped', { reason: 'Via names another transport', address: flow.remoteAddress });
      return;
    }
    if (message.kind === 'response') {
      const defect = responseDefect(message);
      if (defect === undefined) this.stack.transactions.receiveResponse(message, flow, data.length);
      else this.counts.dropped('bad-response');
      return;
    }
    const refusal = this.servesSpammer(message, flow) ?? (this.serves(message, flow) ? refusalOf(message, declaredLength) : 'silence');
    if (refusal === 'silence') return;
    if (refusal) this.refuseMalformed(message, refusal.status, refusal.reason, flow);
    else this.stack.transactions.receiveRequest(message, flow, data.length);
  }

  /** 603 for a sender on the site's own list, within the limits of its address; undefined for all others. */
  private servesSpammer({ method, headers }: SipRequest, { remoteAddress, listener }: Flow): Refusal | 'silence' | undefined {
    if (listener.door !== undefined || !this.admission.isSpammer(headers.get('user-agent'))) return undefined;
    this.counts.dropped('spammer');
    return method !== 'ACK' && this.admission.request(remoteAddress) ? { status: 603, reason: 'Decline' } : 'silence';
  }

  /** Whether a request deserves an answer. A request that starts something is dropped silently when its source has used its allowance. */
  private serves(request: SipRequest, flow: Flow): boolean {
    const { remoteAddress } = flow;
    // A connection through a door is limited elsewhere, client by client: by the seat door, or by the secret of test calls.
    if (flow.listener.door !== undefined) return true;
    if (this.admission.isScanner(remoteAddress, request.headers.get('user-agent'))) {
      this.stack.log('info', 'scanner blocked', { address: remoteAddress });
      this.counts.dropped('scanner');
      flow.close();
      return false;
    }
    const starts = request.method !== 'ACK' && request.method !== 'CANCEL' && tagOf(request.headers.get('to')) === undefined;
    if (starts && !this.admission.request(remoteAddress)) {
      this.counts.dropped('flood');
      return false;
    }
    return true;
  }

  /** A bare response without a transaction, because the request was too broken for one. An ACK gets none (RFC 3261 section 8.2). */
  private refuseMalformed(message: SipMessage, status: number, reason: string, flow: Flow): void {
    if (message.kind === 'response' || message.method === 'ACK') return;
    flow.send(serialise(responseTo(message, status, { reason, toTag: newTag() })));
  }

  private flowClosed(flow: Flow): void {
    if (this.closing) return;
    this.stack.transactions.flowClosed(flow);
    this.lostFlows.closed(flow);
  }
}

/** Whether the transport in the top Via is the one that the request arrived by (RFC 3261 section 18.1.1). Sofia drops other requests. */
function cameAsItSays({ headers }: SipRequest, { protocol }: Flow): boolean {
  const transport = /^\s*SIP\s*\/\s*2\.0\s*\/\s*([A-Za-z]+)/i.exec(headers.get('via') ?? '')?.[1];
  // Validation refuses an unreadable Via, with its reason.
  return transport === undefined || transport.toLowerCase() === protocol;
}
