import { responseTo } from '../message/message.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Owner } from './application.js';
import { newTransactionId } from './self-bye.js';
import type { Session } from './session.js';
import type { Stack } from './stack.js';

/** Seconds until a peer may repeat a request that nobody is there to answer. */
export const OWNER_LOST_RETRY_S = 5;

/** A request the application has to answer. */
export interface Incoming {
  readonly id: string;
  readonly transaction: ServerTransaction;
  readonly owner: Owner;
  session: Session | undefined;
  /** Set for a request inside a dialog, whose responses create none. */
  readonly inDialog: boolean;
  toTag: string;
  readonly offeredAtMs: number;
  /** Whether the application has said anything yet. */
  heard: boolean;
}

/** Requests that were offered to applications and have not been answered. */
export class OpenRequests {
  private readonly byId = new Map<string, Incoming>();
  private readonly byTransaction = new Map<ServerTransaction, Incoming>();
  private readonly sweep: NodeJS.Timeout;

  constructor(private readonly stack: Stack) {
    this.sweep = setInterval(() => {
      this.refuseForgotten();
    }, stack.transactions.timing.t1Ms * 8);
    this.sweep.unref();
  }

  get(id: string): Incoming | undefined {
    return this.byId.get(id);
  }

  of(transaction: ServerTransaction): Incoming | undefined {
    return this.byTransaction.get(transaction);
  }

  close(): void {
    clearInterval(this.sweep);
  }

  offer(transaction: ServerTransaction, owner: Owner, session: Session | undefined, toTag: string): void {
    const incoming: Incoming = {
      id: newTransactionId(),
      transaction,
      owner,
      session,
      inDialog: session !== undefined,
      toTag,
      offeredAtMs: performance.now(),
      heard: false,
    };
    this.byId.set(incoming.id, incoming);
    this.byTransaction.set(transaction, incoming);
    transaction.user = {
      onFailed: () => {
        this.settle(incoming);
      },
    };
    owner.deliver({
      source: 'network',
      message: transaction.request,
      bytes: transaction.bytes,
      flow: transaction.flow,
      transactionId: incoming.id,
      dialogId: session?.id ?? '',
      outOfDialog: session === undefined,
    });
  }

  settle(incoming: Incoming): void {
    this.byId.delete(incoming.id);
    this.byTransaction.delete(incoming.transaction);
    if (incoming.session?.incomingInvite === incoming.transaction) incoming.session.incomingInvite = undefined;
    if (incoming.session?.incomingUpdate === incoming.transaction) incoming.session.incomingUpdate = undefined;
  }

  /** Answers everything that a lost application left unanswered. Its successor does not know these requests. */
  ownerLost(owner: Owner): void {
    for (const incoming of [...this.byId.values()]) {
      if (incoming.owner !== owner || !incoming.transaction.unanswered) continue;
      const { request } = incoming.transaction;
      const response = responseTo(request, incoming.inDialog ? 500 : 503, { toTag: incoming.toTag });
      response.headers.add('Retry-After', String(OWNER_LOST_RETRY_S));
      incoming.transaction.respond(response);
      this.settle(incoming);
      if (incoming.session && !incoming.inDialog) this.stack.sessions.remove(incoming.session);
    }
  }

  /**
   * Answers 500 where the application has said nothing: to an INVITE in 128*T1 (64 s), to others before their sender gives up by itself
   * (RFC 3261 section 17.1.2.2, timer F). Without this a handler that throws would leave transactions here for ever.
   */
  private refuseForgotten(): void {
    const now = performance.now();
    const { t1Ms } = this.stack.transactions.timing;
    for (const incoming of [...this.byId.values()]) {
      const { transaction } = incoming;
      const patienceMs = transaction.method === 'INVITE' ? 128 * t1Ms : 52 * t1Ms;
      if (incoming.heard || now - incoming.offeredAtMs < patienceMs) continue;
      this.stack.log('warn', 'application did not answer', { method: transaction.method });
      transaction.respond(responseTo(transaction.request, 500, { toTag: incoming.toTag }));
      this.settle(incoming);
    }
  }
}
