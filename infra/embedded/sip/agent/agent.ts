import type { Log } from '../log.js';
import { newTag, responseTo, type SipMessage, type SipRequest, type SipResponse } from '../message/message.js';
import { parseMessage } from '../message/parse.js';
import { serialise } from '../message/serialise.js';
import { refusalOf, responseDefect } from '../message/validate.js';
import { TransactionLayer, type TransactionUser } from '../transaction/layer.js';
import type { Timing } from '../transaction/machine.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Flow, TransportSink } from '../transport/flow.js';
import { Transports, type TransportOptions } from '../transport/transports.js';
import type { Routes } from './application.js';
import { ContactMemory } from './contacts.js';
import { LostFlows } from './lost-flow.js';
import { Paths } from './paths.js';
import { ReliableResponses } from './reliable-responses.js';
import { SessionTimers } from './session-timers.js';
import { Sessions } from './session.js';
import type { Stack } from './stack.js';
import { Uac } from './uac.js';
import { Uas } from './uas.js';

/** The SIP side of the server: everything between the sockets and the application's clients. */
export class UserAgent implements TransactionUser {
  private closing = false;

  private constructor(
    readonly stack: Stack,
    private readonly timers: SessionTimers,
    private readonly lostFlows: LostFlows,
    readonly uas: Uas,
    readonly uac: Uac,
  ) {}

  static async listen(
    options: TransportOptions & { readonly webSocketGraceMs: number },
    timing: Timing,
    routes: Routes,
    log: Log,
  ): Promise<UserAgent> {
    // The transports need somewhere to report to before the agent that takes the reports can exist.
    let agent: UserAgent | undefined = undefined as UserAgent | undefined;
    const sink: TransportSink = {
      message: (data, flow) => agent?.receive(data, flow),
      broken: (flow, reason) => {
        log('info', 'stream closed', { reason, protocol: flow.protocol, address: flow.remoteAddress });
      },
      closed: (flow) => agent?.flowClosed(flow),
      admits: () => true,
    };
    const transports = await Transports.listen(options, sink);
    const user: TransactionUser = {
      onRequest: (transaction) => agent?.onRequest(transaction),
      onCancel: (transaction, invite) => agent?.onCancel(transaction, invite),
      onAck: (ack, flow, bytes) => agent?.onAck(ack, flow, bytes),
      onStrayResponse: (response) => agent?.onStrayResponse(response),
      onSent: (message, again) => agent?.onSent(message, again),
      onRepeatedRequest: (request) => agent?.onRepeatedRequest(request),
    };
    const contacts = new ContactMemory();
    const stack: Stack = {
      transactions: new TransactionLayer(timing, transports, user),
      transports,
      sessions: new Sessions(),
      contacts,
      paths: new Paths(transports, contacts),
      routes,
      reliable: new ReliableResponses(timing),
      log,
    };
    const timers = new SessionTimers(stack);
    stack.sessions.onRemoved = (session) => {
      timers.stop(session);
      stack.reliable.stop(session);
    };
    agent = new UserAgent(stack, timers, new LostFlows(stack, options.webSocketGraceMs), new Uas(stack, timers), new Uac(stack, timers));
    return agent;
  }

  onRequest(transaction: ServerTransaction): void {
    this.uas.request(transaction);
  }

  onCancel(transaction: ServerTransaction, invite: ServerTransaction | undefined): void {
    this.uas.cancel(transaction, invite);
  }

  onAck(ack: SipRequest, flow: Flow, bytes: number): void {
    this.uas.ack(ack, flow, bytes);
  }

  onStrayResponse(response: SipResponse): void {
    this.uac.strayResponse(response);
  }

  onSent(_message: SipMessage | undefined, _retransmission: boolean): void {}

  onRepeatedRequest(_request: SipRequest): void {}

  async close(): Promise<void> {
    this.closing = true;
    for (const session of [...this.stack.sessions]) this.stack.sessions.remove(session);
    this.lostFlows.close();
    this.timers.close();
    this.stack.reliable.close();
    this.stack.transactions.close();
    await this.stack.transports.close();
  }

  private receive(data: Buffer, flow: Flow): void {
    const parsed = parseMessage(data);
    if (parsed.kind === 'garbage') {
      this.stack.log('debug', 'dropped', { reason: parsed.reason, address: flow.remoteAddress });
      return;
    }
    if (parsed.kind === 'malformed') {
      this.refuseMalformed(parsed.message, parsed.status, parsed.reason, flow);
      return;
    }
    const { message, declaredLength } = parsed;
    if (message.kind === 'response') {
      const defect = responseDefect(message);
      if (defect === undefined) this.stack.transactions.receiveResponse(message, flow, data.length);
      else this.stack.log('debug', 'response dropped', { reason: defect, address: flow.remoteAddress });
      return;
    }
    const refusal = refusalOf(message, declaredLength);
    if (refusal) this.refuseMalformed(message, refusal.status, refusal.reason, flow);
    else this.stack.transactions.receiveRequest(message, flow, data.length);
  }

  /** A bare answer without a transaction: the request was too broken to have one. An ACK gets none (RFC 3261 section 8.2). */
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
