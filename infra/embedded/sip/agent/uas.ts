import { randomInt } from 'node:crypto';
import { afterRequest, dialogAsUas, dialogOfNotify, type Dialog } from '../dialog/dialog.js';
import { acceptsReliable, parseRAck } from '../dialog/reliable.js';
import { MIN_SE_S, grantInterval, intervalTooSmall } from '../dialog/session-timer.js';
import { hasOption, parseCSeq, tagOf } from '../message/grammar.js';
import { newTag, responseTo, type SipRequest, type SipResponse } from '../message/message.js';
import { unsupportedExtension } from '../message/validate.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Flow } from '../transport/flow.js';
import { refuse, type AppResponse, type Decision, type Outcome, type Owner } from './application.js';
import { repeatUntilAck } from './ack-wait.js';
import { chosenTag, composeResponse } from './compose.js';
import { ProxyContext, Relay, type ProxyReport } from './proxy.js';
import { nextMaxForwards, type ProxyOrder } from './proxy-rules.js';
import { OWNER_LOST_RETRY_S, OpenRequests, type Incoming } from './open-requests.js';
import { newTransactionId } from './self-bye.js';
import { learnCapabilities, type SessionTimers } from './session-timers.js';
import { Session, dialogIdOf } from './session.js';
import type { Stack } from './stack.js';

const UNKNOWN_TRANSACTION = 'Response not sent due to unknown transaction';
// Never outside a dialog, where they have no meaning (RFC 3261 section 15, RFC 3311 section 5.2, RFC 3262 section 3).
const ONLY_IN_DIALOG = new Set(['BYE', 'UPDATE', 'PRACK']);

/** The server side: requests from the network, the application's answers, and the 2xx until its ACK. */
export class Uas {
  private readonly open: OpenRequests;
  /** Requests that were passed to the proxy, so that a CANCEL finds them. */
  private readonly proxied = new WeakMap<ServerTransaction, ProxyContext>();
  private readonly relay: Relay;

  constructor(
    private readonly stack: Stack,
    private readonly timers: SessionTimers,
  ) {
    this.relay = new Relay(stack);
    this.open = new OpenRequests(stack);
  }

  close(): void {
    this.open.close();
  }

  /** A new request other than ACK and CANCEL. */
  request(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (this.passesThrough(request)) {
      this.relay.request(transaction);
      return;
    }
    const refusal = unsupportedExtension(request);
    if (refusal) {
      const response = responseTo(request, refusal.status, { reason: refusal.reason, toTag: newTag() });
      for (const [name, value] of refusal.headers ?? []) response.headers.add(name, value);
      transaction.respond(response);
      return;
    }
    if ((request.method === 'INVITE' || request.method === 'UPDATE') && intervalTooSmall(request)) {
      const response = responseTo(request, 422, { toTag: newTag() });
      response.headers.add('Min-SE', String(MIN_SE_S));
      transaction.respond(response);
      return;
    }
    const toTag = tagOf(request.headers.get('to'));
    if (toTag === undefined) this.outside(transaction);
    else this.inside(transaction, toTag);
  }

  /** Answers a request received. */
  respond(transactionId: string, app: AppResponse): Outcome {
    const incoming = this.open.get(transactionId);
    if (!incoming?.transaction.unanswered) return refuse(UNKNOWN_TRANSACTION);
    const { transaction } = incoming;
    incoming.heard = true;
    if (!transaction.reachable) return refuse('transport for response has been shutdown or closed');
    // The application may choose the tag, but only before the peer has seen one.
    if (!incoming.session && !incoming.inDialog) incoming.toTag = chosenTag(app) ?? incoming.toTag;
    const response = composeResponse(app, transaction.request, incoming.toTag, transaction.flow.listener);
    const reliable = app.status > 100 && app.status < 200 && hasOption(response.headers.all('require'), '100rel');
    if (reliable && (!acceptsReliable(transaction.request) || transaction.method !== 'INVITE'))
      return refuse('Remote endpoint does not support 100rel');
    this.trackResponse(incoming, response);
    if (reliable && incoming.session) {
      const { session } = incoming;
      this.stack.reliable.send(session, transaction, response, () => {
        this.abandon(incoming, session);
      });
    } else transaction.respond(response);
    if (app.status >= 200) this.open.settle(incoming);
    if (incoming.session && app.status >= 200 && app.status < 300) incoming.session.claimed = true;
    const { sentBytes: bytes, flow } = transaction;
    return { ok: true, sent: { message: response, bytes, flow, transactionId, dialogId: incoming.session?.id ?? '' } };
  }

  /** Forwards a request instead of answering it. Returns undefined on success, else the reason of the refusal. */
  proxy(transactionId: string, order: ProxyOrder, report: ProxyReport): string | undefined {
    const incoming = this.open.get(transactionId);
    if (!incoming?.transaction.unanswered) return `Unknown transaction id: ${transactionId}`;
    const { transaction } = incoming;
    this.open.settle(incoming);
    if (nextMaxForwards(transaction.request) === undefined) {
      transaction.respond(responseTo(transaction.request, 483, { toTag: incoming.toTag }));
      return 'Rejected with 483 Too Many Hops';
    }
    this.forward(transaction, order, report);
    return undefined;
  }

  /** CANCEL: answered here, and shown to the application when it cancelled something (RFC 3261 section 9.2). */
  cancel(cancel: ServerTransaction, invite: ServerTransaction | 'settled' | undefined): void {
    const { request } = cancel;
    if (invite === 'settled') {
      cancel.respond(responseTo(request, 200, { toTag: newTag() }));
      return;
    }
    const incoming = invite && this.open.of(invite);
    if (!invite || !this.stack.peers.speaksFor(invite.flow, cancel.flow)) {
      cancel.respond(responseTo(request, 481, { toTag: newTag() }));
      return;
    }
    cancel.respond(responseTo(request, 200, { toTag: incoming?.toTag ?? newTag() }));
    this.proxied.get(invite)?.cancel();
    if (!invite.unanswered || this.proxied.has(invite)) return;
    if (!incoming) {
      // We are still connecting to its application.
      invite.respond(responseTo(invite.request, 487, { toTag: newTag() }));
      return;
    }
    invite.respond(responseTo(invite.request, 487, { toTag: incoming.toTag }));
    const { session } = incoming;
    const dialogId = session?.id ?? '';
    if (!incoming.inDialog) this.stack.records.stop('network', 'call-canceled', request);
    this.open.settle(incoming);
    if (session && !incoming.inDialog) this.stack.sessions.remove(session);
    incoming.owner.deliver({
      source: 'network',
      message: request,
      bytes: cancel.bytes,
      flow: cancel.flow,
      transactionId: incoming.id,
      dialogId,
      outOfDialog: false,
    });
  }

  /** ACK to a 2xx of ours. An ACK that fits nothing is dropped, because it can have no answer. */
  ack(ack: SipRequest, flow: Flow, bytes: number): void {
    const session = this.sessionOf(ack);
    const number = parseCSeq(ack.headers.get('cseq'))?.number;
    const waiting = number === undefined ? undefined : session?.awaitingAck.get(number);
    if (!session && this.passesThrough(ack)) this.relay.ack(ack);
    if (!session || !waiting || number === undefined || !this.stack.peers.speaksFor(session.origin, flow)) return;
    waiting.stop();
    session.awaitingAck.delete(number);
    session.owner.deliver({
      source: 'network',
      message: ack,
      bytes,
      flow,
      transactionId: waiting.transactionId,
      dialogId: session.id,
      outOfDialog: false,
    });
  }

  /** A request of a dialog that is not ours but has us in its route set. */
  private passesThrough(request: SipRequest): boolean {
    return tagOf(request.headers.get('to')) !== undefined && this.relay.concerns(request) && !this.sessionOf(request);
  }

  private outside(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (ONLY_IN_DIALOG.has(request.method)) {
      transaction.respond(responseTo(request, 481, { toTag: newTag() }));
      return;
    }
    if (request.method === 'INVITE') {
      transaction.respond(responseTo(request, 100));
      this.stack.records.attempt('network', request);
    }
    const decision = this.stack.routes.decide(request, transaction.flow);
    if (decision instanceof Promise)
      void decision.then((decided) => {
        this.carryOut(transaction, decided);
      });
    else this.carryOut(transaction, decision);
  }

  private carryOut(transaction: ServerTransaction, decision: Decision): void {
    if (!transaction.unanswered) return;
    if (decision.kind === 'offer') {
      this.open.offer(transaction, decision.owner, undefined, newTag());
      return;
    }
    const { request } = transaction;
    if (decision.kind === 'proxy' && nextMaxForwards(request) !== undefined) {
      this.forward(transaction, decision.order, { final: () => undefined, done: () => undefined });
      return;
    }
    const { status, reason, contacts } = decision.kind === 'answer' ? decision : { status: 483, reason: undefined, contacts: undefined };
    const response = responseTo(request, status, { ...(reason === undefined ? {} : { reason }), toTag: newTag() });
    for (const contact of contacts ?? []) response.headers.add('Contact', `<${contact}>`);
    transaction.respond(response);
    if (request.method === 'INVITE') this.stack.records.stop('application', 'call-rejected', response);
  }

  private forward(transaction: ServerTransaction, order: ProxyOrder, report: ProxyReport): void {
    const context = new ProxyContext(this.stack, transaction, order, report);
    this.proxied.set(transaction, context);
    context.start();
  }

  private inside(transaction: ServerTransaction, toTag: string): void {
    const { request } = transaction;
    const session = this.sessionOf(request);
    const dialog = session?.dialogs.get(tagOf(request.headers.get('from')) ?? '') ?? this.overtaken(session, request);
    if (!session || !dialog) {
      transaction.respond(responseTo(request, 481));
      return;
    }
    // As in drachtio-server: a dialog without an owner refuses everything, and ends on a BYE, whoever sends it.
    if (session.owner.isGone) {
      if (request.method === 'BYE') this.stack.sessions.remove(session);
      transaction.respond(responseTo(request, 481));
      return;
    }
    // Call-ID and tags can be intercepted, so they do not prove that the sender is the peer.
    if (!this.stack.peers.speaksFor(session.origin, transaction.flow)) {
      this.stack.foreign(transaction.flow);
      transaction.respond(responseTo(request, 403));
      return;
    }
    if (!session.owner.attached) {
      this.withoutOwner(transaction, session);
      return;
    }
    const next = afterRequest(dialog, request);
    if (next === 'out-of-order') {
      transaction.respond(responseTo(request, 500));
      return;
    }
    if (request.method === 'INVITE') {
      // RFC 3261 section 14.2: an INVITE of ours in progress is glare, one of theirs an error.
      if (session.pendingInvite?.pending === true) {
        transaction.respond(responseTo(request, 491));
        return;
      }
      if (session.incomingInvite?.unanswered === true) {
        transaction.respond(this.busy(request));
        return;
      }
      transaction.respond(responseTo(request, 100));
      session.incomingInvite = transaction;
    }
    if (request.method === 'PRACK' && !this.stack.reliable.acknowledged(session, parseRAck(request.headers.get('rack')))) {
      transaction.respond(responseTo(request, 481));
      return;
    }
    if (request.method === 'UPDATE' && request.body.length > 0) {
      // RFC 3311 section 5.2: an offer of ours is pending.
      if (session.pendingUpdate?.pending === true || (session.confirmed && session.pendingInvite?.pending === true)) {
        transaction.respond(responseTo(request, 491));
        return;
      }
      // The peer's second offer before the first was answered.
      if (session.incomingUpdate?.unanswered === true) {
        transaction.respond(this.busy(request));
        return;
      }
      session.incomingUpdate = transaction;
    }
    session.put(next);
    session.flow = transaction.flow;
    learnCapabilities(session, request);
    if (request.method === 'BYE') {
      // RFC 3261 section 15.1.2: pending requests of that dialog are answered 487.
      const pending = session.incomingInvite && this.open.of(session.incomingInvite);
      if (pending?.transaction.unanswered === true) {
        pending.transaction.respond(responseTo(pending.transaction.request, 487, { toTag: pending.toTag }));
        this.open.settle(pending);
      }
      this.stack.sessions.remove(session);
      if (session.kind === 'INVITE') this.stack.records.stop('network', 'normal-release', request);
    }
    this.open.offer(transaction, session.owner, session, toTag);
    // RFC 6665 section 4.4.1: the notifier has ended the subscription.
    const over = request.method === 'NOTIFY' && /^\s*terminated/i.test(request.headers.get('subscription-state') ?? '');
    if (over && session.kind === 'SUBSCRIBE') this.stack.sessions.remove(session);
  }

  /** A NOTIFY may overtake the answer to our SUBSCRIBE, and each fork sends one. It creates the dialog (RFC 6665 section 4.1.2.4). */
  private overtaken(session: Session | undefined, request: SipRequest): Dialog | undefined {
    if (request.method !== 'NOTIFY' || session?.kind !== 'SUBSCRIBE' || !session.subscribe) return undefined;
    return dialogOfNotify(session.subscribe, request);
  }

  /**
   * The application is away and may come back, so the peer is asked to try again. A BYE is accepted, because nobody repeats it; the
   * application learns of it when it is back.
   */
  private withoutOwner(transaction: ServerTransaction, session: Session): void {
    const { request } = transaction;
    if (request.method !== 'BYE') {
      const response = responseTo(request, 500);
      response.headers.add('Retry-After', String(OWNER_LOST_RETRY_S));
      transaction.respond(response);
      return;
    }
    transaction.respond(responseTo(request, 200));
    this.stack.sessions.remove(session);
    const { bytes, flow } = transaction;
    session.owner.deliver({
      source: 'application',
      message: request,
      bytes,
      flow,
      transactionId: 'unsolicited',
      dialogId: session.id,
      outOfDialog: false,
    });
  }

  /** Its application is gone: requests that it left unanswered are answered here. */
  ownerLost(owner: Owner): void {
    this.open.ownerLost(owner);
  }

  /** RFC 3261 section 14.2 and RFC 3311 section 5.2: try again after zero to ten seconds. */
  private busy(request: SipRequest): SipResponse {
    const response = responseTo(request, 500);
    response.headers.add('Retry-After', String(randomInt(0, 11)));
    return response;
  }

  /** No PRACK arrived within 64*T1: the INVITE is refused with a 5xx (RFC 3262 section 3). */
  private abandon(incoming: Incoming, session: Session): void {
    if (!incoming.transaction.unanswered) return;
    incoming.transaction.respond(responseTo(incoming.transaction.request, 504, { reason: 'PRACK Timeout', toTag: incoming.toTag }));
    this.open.settle(incoming);
    this.stack.sessions.remove(session);
  }

  /** Creates and confirms sessions as responses go out. */
  private trackResponse(incoming: Incoming, response: SipResponse): void {
    const { transaction } = incoming;
    const { request } = transaction;
    const { status } = response;
    const success = status >= 200 && status < 300;
    if (success && (request.method === 'INVITE' || request.method === 'UPDATE')) grantInterval(request, response);
    if (!incoming.inDialog && (request.method === 'INVITE' || request.method === 'SUBSCRIBE') && status > 100) {
      if (status < 300) {
        const session = (incoming.session ??= this.newSession(incoming));
        const known = session.dialog;
        const dialog = dialogAsUas(request, response);
        session.put(known ? { ...known, localContact: dialog.localContact } : dialog, success);
        if (!known) learnCapabilities(session, request);
      } else if (incoming.session) this.stack.sessions.remove(incoming.session);
    }
    if (success && incoming.session) {
      if (request.method === 'INVITE' && response.body.length > 0) incoming.session.localSdp = response.body.toString('latin1');
      this.timers.settled(incoming.session, response, true);
    }
    if (status >= 200 && !incoming.inDialog && request.method === 'INVITE') {
      if (success) this.stack.records.start('application', 'uas', response);
      else this.stack.records.stop('application', 'call-rejected', response);
    }
    if (status >= 200 && !incoming.inDialog && incoming.session) this.stack.reliable.stop(incoming.session);
    if (success && request.method === 'INVITE' && incoming.session) {
      repeatUntilAck(this.stack, incoming.session, transaction, response, incoming.inDialog ? newTransactionId() : incoming.id);
    }
  }

  private newSession(incoming: Incoming): Session {
    const { request, flow } = incoming.transaction;
    const kind = request.method === 'SUBSCRIBE' ? 'SUBSCRIBE' : 'INVITE';
    const callId = request.headers.get('call-id') ?? '';
    const session = new Session(dialogIdOf(request), kind, 'uas', incoming.owner, flow.listener, callId, incoming.toTag);
    session.flow = flow;
    session.origin = flow;
    this.stack.sessions.add(session);
    return session;
  }

  private sessionOf(request: SipRequest): Session | undefined {
    return this.stack.sessions.find(request.headers.get('call-id') ?? '', tagOf(request.headers.get('to')) ?? '');
  }
}
