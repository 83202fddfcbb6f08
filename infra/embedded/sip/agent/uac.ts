import { afterResponse, confirmedAsUac, dialogAsUac, nextSequence, type Dialog } from '../dialog/dialog.js';
import { orderOf, rseqOf } from '../dialog/reliable.js';
import { parseCSeq, tagOf } from '../message/grammar.js';
import { Headers } from '../message/headers.js';
import { responseTo, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { ClientTransaction } from '../transaction/client-transaction.js';
import type { Flow } from '../transport/flow.js';
import type { Target } from '../transport/transports.js';
import { refuse, type AppRequest, type Outcome, type Owner, type Sent } from './application.js';
import { composeInDialog, composeRequest, givenSequence } from './compose.js';
import { LateAnswers } from './late-answers.js';
import type { OpenWay } from './paths.js';
import { exceedsDatagram, moveContact } from './other-socket.js';
import { endSession, newTransactionId } from './self-bye.js';
import { learnCapabilities, type SessionTimers } from './session-timers.js';
import { Session, ackKey, dialogIdOf, repeatAck } from './session.js';
import type { Stack } from './stack.js';

const KEPT_ACKS = 8;
const NO_DIALOG = 'Server error: unable to find dialog for dialog id provided';
const CANNOT_CREATE = 'Error creating sip transaction for uac request';
const CANCEL_RACE = 'SIP ;cause=200 ;text="ACK-BYE due to cancel race condition"';

/** A request of the application on its way. */
interface Outgoing {
  readonly id: string;
  readonly owner: Owner;
  readonly session: Session | undefined;
  readonly initial: boolean;
  /** Where else it may go when no response comes. */
  others: readonly Target[];
  transaction: ClientTransaction | undefined;
  provisionalSeen: boolean;
  tryingTold: boolean;
  cancel: 'none' | 'held' | 'sent';
  /** Its application is gone: if the call is answered now, it is ended at once. */
  orphaned: boolean;
  /** The headers of a CANCEL that waits. */
  cancelHeaders: Headers;
  /** Ends a cancelled INVITE that gets no final response. */
  cancelTimer: NodeJS.Timeout | undefined;
}

/** The client side: requests of the application, their responses, ACK and CANCEL. */
export class Uac {
  private readonly outgoing = new Map<string, Outgoing>();
  private readonly late: LateAnswers;

  constructor(
    private readonly stack: Stack,
    private readonly timers: SessionTimers,
  ) {
    this.late = new LateAnswers(stack);
  }

  get pendingCount(): number {
    return this.outgoing.size;
  }

  /** Sends a request outside any dialog; `routeUrl` is the next hop when it is not the Request-URI. */
  async send(owner: Owner, app: AppRequest, routeUrl: string | undefined): Promise<Outcome> {
    const path = this.stack.paths.to(routeUrl ?? app.uri);
    if (path.kind === 'none') return refuse(path.reason);
    const opened = this.stack.paths.openWay(path);
    const resolved = opened instanceof Promise ? await opened : opened;
    if (!resolved) return refuse(CANNOT_CREATE);
    const request = composeRequest(app, resolved.flow.listener);
    const { flow, others } = this.fitting(request, routeUrl ?? app.uri, resolved);
    let session: Session | undefined;
    if (app.method === 'INVITE' || app.method === 'SUBSCRIBE') {
      const callId = request.headers.get('call-id') ?? '';
      session = new Session(dialogIdOf(request), app.method, 'uac', owner, flow.listener, callId, tagOf(request.headers.get('from')) ?? '');
      session.flow = flow;
      session.origin = flow;
      if (app.method === 'SUBSCRIBE') session.subscribe = request;
      if (app.body.length > 0) session.localSdp = app.body.toString('latin1');
      this.stack.sessions.add(session);
    }
    if (app.method === 'INVITE') this.stack.records.attempt('application', request);
    return this.start(request, flow, owner, session, others);
  }

  /**
   * The same destination, or for a request that is too large for a datagram the same peer over TCP first (RFC 3261 section 18.1.1), unless
   * the URI asks for UDP. The request's Contact follows.
   */
  private fitting(request: SipRequest, uri: string, way: OpenWay): OpenWay {
    const { flow } = way;
    if (flow.protocol !== 'udp' || !exceedsDatagram(request) || /;transport=udp/i.test(uri)) return way;
    const place = { address: flow.remoteAddress, port: flow.remotePort, serverName: undefined };
    const stream = this.stack.paths.firstOpen([{ protocol: 'tcp', ...place }]);
    if (!stream) return way;
    moveContact(request, flow, stream.flow);
    return { flow: stream.flow, others: [{ protocol: 'udp', ...place }, ...way.others] };
  }

  /** Sends a request inside a dialog. */
  async sendInDialog(owner: Owner, dialogId: string, app: AppRequest): Promise<Outcome> {
    const session = this.stack.sessions.get(dialogId);
    const dialog = session?.dialog;
    if (!session || !dialog) return refuse(NO_DIALOG);
    // When the application of a dialog is away, the next application that sends within the dialog takes it over.
    if (!session.owner.attached && !session.owner.isGone) session.owner = owner;
    session.claimed = true;
    if (app.method === 'ACK') return this.acknowledge(session, app);
    const path = this.stack.paths.inDialog(session, dialog);
    const opened = path.kind === 'none' ? undefined : this.stack.paths.open(path);
    const flow = opened instanceof Promise ? await opened : opened;
    if (!flow) {
      if (app.method === 'BYE') this.stack.sessions.remove(session);
      return refuse(path.kind === 'none' ? path.reason : CANNOT_CREATE);
    }
    // The lookup may have taken a while, and the dialog may have moved or ended meanwhile.
    const current = session.dialog;
    if (!current || session.ended) return refuse(NO_DIALOG);
    const sequence = nextSequence(current, givenSequence(app.fields));
    const request = composeInDialog(app, current, sequence, flow.listener);
    if (app.method === 'PRACK') {
      const last = session.reliable.get(current.remoteTag);
      if (!last) return refuse('no reliable response to acknowledge');
      request.headers.add('RAck', `${String(last.rseq)} ${String(last.cseq)} INVITE`);
    }
    if (app.method === 'INVITE' && app.body.length > 0) session.localSdp = app.body.toString('latin1');
    session.put({ ...current, localSeq: sequence });
    if (app.method === 'BYE' && session.pendingInvite?.pending === true)
      this.stack.transactions.cancel(session.pendingInvite, Headers.empty());
    if (app.method === 'BYE' && session.kind === 'INVITE') this.stack.records.stop('application', 'normal-release', request);
    return this.start(request, flow, owner, session, undefined);
  }

  /** Cancels an INVITE by its transaction id. The CANCEL waits for a provisional response (RFC 3261 section 9.1). */
  cancel(transactionId: string, app: AppRequest): Outcome {
    const outgoing = this.outgoing.get(transactionId);
    const transaction = outgoing?.transaction;
    if (!outgoing || transaction?.method !== 'INVITE' || !transaction.pending) return refuse('unable to cancel unknown transaction id');
    const headers = Headers.empty();
    for (const field of app.fields) {
      if (field.key === 'reason' || field.key.startsWith('x-') || field.key.startsWith('p-')) headers.add(field.name, field.value);
    }
    if (outgoing.cancel === 'none') {
      outgoing.cancelHeaders = headers;
      outgoing.cancel = 'held';
      if (outgoing.provisionalSeen) this.sendCancel(outgoing, transaction);
    }
    const message: SipRequest = {
      kind: 'request',
      method: 'CANCEL',
      uri: transaction.request.uri,
      headers: transaction.request.headers.clone(),
      body: transaction.request.body,
    };
    message.headers.set('CSeq', `${String(parseCSeq(transaction.request.headers.get('cseq'))?.number ?? 1)} CANCEL`);
    return { ok: true, sent: { message, bytes: 0, flow: transaction.flow, transactionId: newTransactionId(), dialogId: '' } };
  }

  /** A 2xx that is repeated after its transaction ended. The stored ACK answers it. */
  strayResponse(response: SipResponse): void {
    if (response.status < 200 || response.status >= 300) return;
    const session = this.stack.sessions.find(response.headers.get('call-id') ?? '', tagOf(response.headers.get('from')) ?? '');
    repeatAck(session?.acks.get(ackKey(response)));
  }

  /** Cancels the calls that a lost application was setting up. A call that is answered nevertheless is ended (see `deliver`). */
  ownerLost(owner: Owner): void {
    for (const outgoing of [...this.outgoing.values()]) {
      if (outgoing.owner !== owner || outgoing.transaction?.method !== 'INVITE' || !outgoing.initial) continue;
      outgoing.orphaned = true;
      if (outgoing.cancel !== 'none') continue;
      outgoing.cancel = 'held';
      if (outgoing.provisionalSeen) this.sendCancel(outgoing, outgoing.transaction);
    }
  }

  /** @param others where else an initial request may go; undefined for one inside a dialog. */
  private start(
    request: SipRequest,
    flow: Flow,
    owner: Owner,
    session: Session | undefined,
    others: readonly Target[] | undefined,
  ): Outcome {
    const outgoing: Outgoing = {
      id: newTransactionId(),
      owner,
      session,
      initial: others !== undefined,
      others: others ?? [],
      transaction: undefined,
      provisionalSeen: false,
      tryingTold: false,
      cancel: 'none',
      orphaned: false,
      cancelHeaders: Headers.empty(),
      cancelTimer: undefined,
    };
    this.outgoing.set(outgoing.id, outgoing);
    const transaction = this.transmit(outgoing, request, flow);
    if (request.method === 'UPDATE' && session && request.body.length > 0) session.pendingUpdate = transaction;
    const sent: Sent = { message: request, bytes: transaction.bytes, flow, transactionId: outgoing.id, dialogId: '' };
    return { ok: true, sent };
  }

  private transmit(outgoing: Outgoing, request: SipRequest, flow: Flow): ClientTransaction {
    const transaction = this.stack.transactions.request(request, flow, {
      onResponse: (response, by, bytes) => {
        this.onResponse(outgoing, response, by, bytes);
      },
      onTimeout: () => {
        if (!this.goesElsewhere(outgoing, request, flow)) this.onLocalFinal(outgoing, request, 408);
      },
      onFailed: () => {
        if (!this.goesElsewhere(outgoing, request, flow)) this.onLocalFinal(outgoing, request, 503);
      },
      afterAnswer: this.late,
    });
    outgoing.transaction = transaction;
    if (request.method === 'INVITE' && outgoing.session) outgoing.session.pendingInvite = transaction;
    return transaction;
  }

  /** Sends a request that failed to the next destination of its name, in a new transaction (RFC 3263 section 4.3). */
  private goesElsewhere(outgoing: Outgoing, request: SipRequest, from: Flow): boolean {
    if (outgoing.provisionalSeen || outgoing.cancel !== 'none' || !this.outgoing.has(outgoing.id)) return false;
    const way = this.stack.paths.firstOpen(outgoing.others);
    if (!way) return false;
    outgoing.others = way.others;
    const next: SipRequest = { ...request, headers: request.headers.clone().removeFirst('via') };
    moveContact(next, from, way.flow);
    if (outgoing.session) {
      outgoing.session.flow = way.flow;
      outgoing.session.origin = way.flow;
    }
    this.transmit(outgoing, next, way.flow);
    return true;
  }

  private onResponse(outgoing: Outgoing, response: SipResponse, flow: Flow, bytes: number): void {
    const { transaction: asked } = outgoing;
    if (response.status === 503 && asked && this.goesElsewhere(outgoing, asked.request, asked.flow)) return;
    outgoing.provisionalSeen = true;
    if (outgoing.cancel === 'held' && outgoing.transaction && response.status < 200) this.sendCancel(outgoing, outgoing.transaction);
    if (response.status === 100) {
      // Hop by hop (RFC 3261 section 8.1.1.7) and without a dialog. The application learns once that the next hop has its INVITE. For an
      // INVITE with credentials it knows that already, and its library would take a 100 for the answer to them.
      const isAnswered =
        outgoing.transaction?.request.headers.get('authorization') ?? outgoing.transaction?.request.headers.get('proxy-authorization');
      if (outgoing.initial && !outgoing.tryingTold && outgoing.session?.kind === 'INVITE' && isAnswered === undefined) {
        outgoing.tryingTold = true;
        this.deliver(outgoing, response, bytes, flow);
      }
      return;
    }
    const final = response.status >= 200;
    const { session } = outgoing;
    const request = outgoing.transaction?.request;
    if (session && request) {
      if (final && session.pendingInvite === outgoing.transaction) session.pendingInvite = undefined;
      if (!this.track(outgoing, session, request, response, flow)) return;
    }
    if (final) this.forget(outgoing);
    if (final && outgoing.initial && session?.kind === 'INVITE') this.record(outgoing, response);
    if (outgoing.orphaned && final && response.status < 300 && session && request) this.late.refuse(session, request, response, flow);
    this.deliver(outgoing, response, bytes, flow);
  }

  /** Updates the session. Returns false when the application must not see this response. */
  private track(outgoing: Outgoing, session: Session, request: SipRequest, response: SipResponse, flow: Flow): boolean {
    const { status } = response;
    const success = status >= 200 && status < 300;
    if (success && request.method === 'INVITE') {
      const key = ackKey(response);
      if (session.acks.has(key)) {
        repeatAck(session.acks.get(key));
        return false;
      }
      session.acks.set(key, undefined);
      if (outgoing.cancel === 'sent') session.byeAfterAck = true;
    }
    const remoteTag = tagOf(response.headers.get('to'));
    if (outgoing.initial) {
      if (status > 100 && status < 300 && remoteTag !== undefined) {
        const known = session.dialogs.get(remoteTag);
        if (success && session.confirmed && session.currentTag !== remoteTag && request.method === 'INVITE') {
          this.late.refuse(session, request, response, flow);
          return false;
        }
        const rseq = rseqOf(response);
        if (rseq !== undefined) {
          const order = orderOf(rseq, session.reliable.get(remoteTag)?.rseq);
          if (order !== 'next') return false;
          session.reliable.set(remoteTag, { rseq, cseq: parseCSeq(response.headers.get('cseq'))?.number ?? 0 });
          // The PRACK of the application is for this fork.
          session.currentTag = remoteTag;
        }
        session.put(known ? (success ? confirmedAsUac(known, request, response) : known) : dialogAsUac(request, response), success);
        session.flow = flow;
        learnCapabilities(session, response);
        if (success) this.timers.settled(session, response, false);
      } else if (status >= 300) this.stack.sessions.remove(session);
      return true;
    }
    const { dialog } = session;
    if (dialog) session.put(afterResponse(dialog, request.method, response));
    if (success) this.timers.settled(session, response, false);
    if (endsDialog(request, status)) this.stack.sessions.remove(session);
    return true;
  }

  private async acknowledge(session: Session, app: AppRequest): Promise<Outcome> {
    const waiting = [...session.acks].filter(([, kept]) => kept === undefined).at(-1)?.[0];
    const { dialog } = session;
    // drachtio-srf acknowledges every final response; for those that are not 2xx the transaction has done so.
    if (waiting === undefined || !dialog) return refuse('ACK for non-success final response is automatically generated by server');
    const path = this.stack.paths.inDialog(session, dialog);
    const opened = path.kind === 'none' ? undefined : this.stack.paths.open(path);
    // Without a name lookup the ACK must leave at once, so that a BYE right behind it leaves after it.
    const flow = opened instanceof Promise ? await opened : opened;
    if (!flow) return refuse(path.kind === 'none' ? path.reason : CANNOT_CREATE);
    const ack = this.stack.transactions.withVia(this.composeAck(session, dialog, Number(waiting.split('|')[0]), app), flow);
    const data = serialise(ack);
    session.acks.set(waiting, { text: data.toString('latin1'), flow });
    // The ACKs of the last few INVITEs are available. In a long call with many refreshes the older ones are not.
    const [oldest] = session.acks.keys();
    if (session.acks.size > KEPT_ACKS && oldest !== undefined) session.acks.delete(oldest);
    flow.send(data);
    if (session.byeAfterAck) endSession(this.stack, session, CANCEL_RACE);
    return { ok: true, sent: { message: ack, bytes: data.length, flow, transactionId: newTransactionId(), dialogId: session.id } };
  }

  private composeAck(session: Session, dialog: Dialog, sequence: number, app: AppRequest | undefined): SipRequest {
    const empty: AppRequest = { kind: 'request', method: 'ACK', uri: '', fields: [], body: Buffer.alloc(0) };
    return composeInDialog(app ?? empty, dialog, sequence, session.listener);
  }

  private record(outgoing: Outgoing, response: SipResponse): void {
    if (response.status < 300) this.stack.records.start('network', 'uac', response);
    else this.stack.records.stop('network', outgoing.cancel === 'sent' ? 'call-canceled' : 'call-rejected', response);
  }

  private sendCancel(outgoing: Outgoing, transaction: ClientTransaction): void {
    outgoing.cancel = 'sent';
    this.stack.transactions.cancel(transaction, outgoing.cancelHeaders);
    // RFC 3261 section 9.1: without a final response within 64*T1 the INVITE has ended all the same.
    outgoing.cancelTimer = setTimeout(() => {
      if (!transaction.pending) return;
      this.onLocalFinal(outgoing, transaction.request, 487);
      this.stack.transactions.abandon(transaction);
    }, 64 * this.stack.transactions.timing.t1Ms);
    outgoing.cancelTimer.unref();
  }

  /** Forgets a request whose outcome is known. Returns false when it was forgotten before. */
  private forget(outgoing: Outgoing): boolean {
    clearTimeout(outgoing.cancelTimer);
    return this.outgoing.delete(outgoing.id);
  }

  private onLocalFinal(outgoing: Outgoing, request: SipRequest, status: 408 | 487 | 503): void {
    if (!this.forget(outgoing)) return;
    const response = responseTo(request, status);
    const { session } = outgoing;
    if (session) {
      if (session.pendingInvite === outgoing.transaction) session.pendingInvite = undefined;
      if (outgoing.initial || endsDialog(request, status)) this.stack.sessions.remove(session);
    }
    // Later, so that a failure inside `start` comes after the reply with the transaction id.
    setImmediate(() => {
      this.deliver(outgoing, response, 0, undefined);
    });
  }

  private deliver(outgoing: Outgoing, response: SipResponse, bytes: number, flow: Flow | undefined): void {
    response.headers.removeFirst('via');
    outgoing.owner.deliver({
      source: 'network',
      message: response,
      bytes,
      flow,
      transactionId: outgoing.id,
      dialogId: outgoing.session?.id ?? '',
      outOfDialog: false,
    });
  }
}

/** Whether a response to a request of ours in a dialog ends that dialog (RFC 3261 section 12.2.1.2, RFC 6665 section 4.4.1). */
function endsDialog(request: SipRequest, status: number): boolean {
  if (status < 200) return false;
  if (request.method === 'BYE') return status !== 401 && status !== 407;
  if (request.method === 'NOTIFY' && /^\s*terminated/i.test(request.headers.get('subscription-state') ?? '')) return true;
  return status === 481 && request.method === 'INVITE';
}
