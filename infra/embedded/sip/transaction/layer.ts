import { formatVia, parseCSeq, parseVia, tagOf, type Via } from '../message/grammar.js';
import type { Headers } from '../message/headers.js';
import { newBranch, responseTo, type SipMessage, type SipRequest, type SipResponse } from '../message/message.js';
import { hostPort, withoutBrackets } from '../message/uri.js';
import { defaultPort, isReliable, type Flow, type Listener } from '../transport/flow.js';
import { isResolved } from '../transport/locate.js';
import type { Transports } from '../transport/transports.js';
import { ClientTransaction, cancelFor, type ClientTransactionHost, type ClientTransactionUser } from './client-transaction.js';
import type { MachineContext, Timing } from './machine.js';
import { ServerTransaction, type ServerTransactionHost } from './server-transaction.js';
import { SettledTransactions, flat, repeatAnswer } from './settled.js';

/** The layer above the transactions. */
export interface TransactionUser {
  /** A new request other than ACK and CANCEL. */
  onRequest(transaction: ServerTransaction): void;
  /** `invite` is the transaction that it refers to, if there is one. A `settled` one has its final response. */
  onCancel(transaction: ServerTransaction, invite: ServerTransaction | 'settled' | undefined): void;
  /** An ACK to a 2xx, or one that fits nothing. */
  onAck(ack: SipRequest, flow: Flow, bytes: number): void;
  /** A response that fits no transaction: a 2xx that is repeated after its transaction has ended. */
  onStrayResponse(response: SipResponse, flow: Flow): void;
  /** For counting. */
  onSent(message: SipMessage | undefined, retransmission: boolean): void;
  onRepeatedRequest(): void;
}

const COOKIE = 'z9hG4bK';

/** The key by which a repeated request, an ACK or a CANCEL finds its transaction (RFC 3261 section 17.2.3). */
export function serverKey(request: SipRequest, via: Via, method: string): string {
  const branch = via.params.get('branch') ?? '';
  if (branch.startsWith(COOKIE) && branch.length > COOKIE.length) return `${branch}|${via.host}:${via.port ?? ''}|${method}`;
  // RFC 2543 senders: no To tag in the key, since the ACK has one that the INVITE did not have.
  const { headers } = request;
  const number = parseCSeq(headers.get('cseq'))?.number ?? '';
  return `${headers.get('call-id') ?? ''}|${tagOf(headers.get('from')) ?? ''}|${number}|${request.uri}|${via.host}:${via.port ?? ''}|${method}`;
}

/** Notes the real source of a request in its top Via (RFC 3261 section 18.2.1, RFC 3581 section 4). */
export function stampVia(headers: Headers, via: Via, flow: Flow): Via {
  const params = new Map(via.params);
  const wantsPort = params.has('rport');
  if (!wantsPort && withoutBrackets(via.host) === flow.remoteAddress) return via;
  params.set('received', flow.remoteAddress);
  if (wantsPort) params.set('rport', String(flow.remotePort));
  const stamped = { ...via, params };
  headers.removeFirst('via').prepend('Via', formatVia(stamped));
  return stamped;
}

/** Matches messages to transactions and creates them (RFC 3261 section 17). */
export class TransactionLayer {
  private readonly servers = new Map<string, ServerTransaction>();
  private readonly clients = new Map<string, ClientTransaction>();
  private readonly byFlow = new Map<Flow, Set<ClientTransaction>>();
  private readonly settled: SettledTransactions;
  /** Call-ID, From tag and CSeq of recent requests, to detect merged ones. */
  private readonly merging = new Set<string>();
  private readonly serverHost: ServerTransactionHost;
  private readonly clientHost: ClientTransactionHost;

  constructor(
    readonly timing: Timing,
    private readonly transports: Transports,
    private readonly user: TransactionUser,
  ) {
    const unreliable = { ...timing, reliable: false };
    const reliable = { ...timing, reliable: true };
    const context = (isReliableFlow: boolean): MachineContext => (isReliableFlow ? reliable : unreliable);
    this.settled = new SettledTransactions(Math.max(64 * timing.t1Ms, timing.t4Ms), (record) => {
      if (record.side === 'server' && record.mergeKey !== undefined) this.merging.delete(record.mergeKey);
    });
    this.clientHost = {
      context,
      ended: (transaction) => {
        this.forget(transaction);
      },
      settled: (transaction, record, forMs) => {
        this.forget(transaction);
        if (forMs > 0) this.settled.add(transaction.key, record, forMs);
      },
      sent: (message, retransmission) => {
        this.user.onSent(message, retransmission);
      },
    };
    this.serverHost = {
      context,
      replyFlow: (request, flow) => this.replyFlow(request, flow),
      terminated: (transaction) => {
        this.servers.delete(transaction.key);
        if (transaction.mergeKey !== undefined) this.merging.delete(transaction.mergeKey);
      },
      settled: (transaction, record, forMs) => {
        this.servers.delete(transaction.key);
        if (forMs > 0) this.settled.add(transaction.key, record, forMs);
        else if (transaction.mergeKey !== undefined) this.merging.delete(transaction.mergeKey);
      },
      acknowledged: (ack, flow, bytes) => {
        this.user.onAck(ack, flow, bytes);
      },
      sent: (message, retransmission) => {
        this.user.onSent(message, retransmission);
      },
    };
  }

  get counts(): { readonly servers: number; readonly clients: number } {
    const { server, client } = this.settled.counts;
    return { servers: this.servers.size + server, clients: this.clients.size + client };
  }

  receiveRequest(request: SipRequest, flow: Flow, bytes: number): void {
    const top = parseVia(request.headers.get('via') ?? '');
    if (!top) return;
    const via = stampVia(request.headers, top, flow);
    const key = serverKey(request, via, request.method === 'ACK' ? 'INVITE' : request.method);
    const existing = this.servers.get(key);
    const settled = existing ? undefined : this.settled.server(key);
    if (request.method === 'ACK') {
      if (existing) existing.acknowledge(request, flow, bytes);
      else if (settled?.passesAck !== false) this.user.onAck(request, flow, bytes);
      return;
    }
    if (existing || settled) {
      this.user.onRepeatedRequest();
      existing?.repeated();
      if (settled && repeatAnswer(settled, request)) this.user.onSent(undefined, true);
      return;
    }
    if (request.method === 'CANCEL') {
      const inviteKey = serverKey(request, via, 'INVITE');
      const invite = this.servers.get(inviteKey) ?? (this.settled.server(inviteKey) ? 'settled' : undefined);
      this.user.onCancel(this.startServer(flat(key), request, flow, bytes, undefined), invite);
      return;
    }
    const mergeKey = mergeKeyOf(request);
    // RFC 3261 section 8.2.2.2: the same request by another path. It owns no merge key, because the first would lose it.
    const merged = mergeKey !== undefined && this.merging.has(mergeKey);
    const transaction = this.startServer(flat(key), request, flow, bytes, merged ? undefined : mergeKey);
    if (merged) transaction.respond(responseTo(request, 482, { reason: 'Loop Detected' }));
    else this.user.onRequest(transaction);
  }

  receiveResponse(response: SipResponse, flow: Flow, bytes: number): void {
    const via = parseVia(response.headers.get('via') ?? '');
    const method = parseCSeq(response.headers.get('cseq'))?.method;
    const key = clientKey(via?.params.get('branch') ?? '', method ?? '');
    const transaction = this.clients.get(key);
    const settled = transaction ? undefined : this.settled.client(key);
    if (transaction) transaction.receive(response, flow, bytes);
    else if (!settled) this.user.onStrayResponse(response, flow);
    else if (response.status >= 300) repeatAnswer(settled);
    else if (response.status >= 200) settled.user?.onResponse(response, flow, bytes);
  }

  /** Adds our Via and sends. The user learns the outcome later, never inside this call, unless the connection is already closed. */
  request(request: SipRequest, flow: Flow, user: ClientTransactionUser): ClientTransaction {
    const branch = newBranch();
    request.headers.prepend('Via', viaFor(flow.listener, branch));
    return this.startClient(clientKey(branch, request.method), request, flow, user);
  }

  /** Cancels an INVITE that has had a provisional response. Responses to the CANCEL itself are ignored (RFC 3261 section 9.1). */
  cancel(invite: ClientTransaction, extra: Headers): ClientTransaction {
    const request = cancelFor(invite.request, extra);
    const branch = parseVia(request.headers.get('via') ?? '')?.params.get('branch') ?? '';
    const ignore = { onResponse: () => undefined, onTimeout: () => undefined, onFailed: () => undefined };
    return this.startClient(clientKey(branch, 'CANCEL'), request, invite.flow, ignore);
  }

  /** Ends a transaction whose outcome is known without a response. */
  abandon(transaction: ClientTransaction): void {
    transaction.stop();
    this.clientHost.ended(transaction);
  }

  /** Gives an ACK for a 2xx its Via: it is outside any transaction (RFC 3261 section 13.2.2.4) and the caller sends it. */
  withVia(request: SipRequest, flow: Flow): SipRequest {
    request.headers.prepend('Via', viaFor(flow.listener, newBranch()));
    return request;
  }

  flowClosed(flow: Flow): void {
    const transactions = this.byFlow.get(flow);
    this.byFlow.delete(flow);
    for (const transaction of transactions ?? []) transaction.flowClosed();
  }

  close(): void {
    for (const transaction of this.servers.values()) transaction.stop();
    for (const transaction of this.clients.values()) transaction.stop();
    this.settled.close();
    this.servers.clear();
    this.clients.clear();
    this.merging.clear();
    this.byFlow.clear();
  }

  private startServer(key: string, request: SipRequest, flow: Flow, bytes: number, mergeKey: string | undefined): ServerTransaction {
    const transaction = new ServerTransaction(key, request, flow, bytes, mergeKey, this.serverHost);
    this.servers.set(key, transaction);
    if (mergeKey !== undefined) this.merging.add(mergeKey);
    return transaction;
  }

  private forget(transaction: ClientTransaction): void {
    this.clients.delete(transaction.key);
    const onFlow = this.byFlow.get(transaction.flow);
    onFlow?.delete(transaction);
    if (onFlow?.size === 0) this.byFlow.delete(transaction.flow);
  }

  private startClient(key: string, request: SipRequest, flow: Flow, user: ClientTransactionUser): ClientTransaction {
    const transaction = new ClientTransaction(key, request, flow, user, this.clientHost);
    this.clients.set(key, transaction);
    if (flow.protocol !== 'udp') {
      const onFlow = this.byFlow.get(flow) ?? new Set();
      onFlow.add(transaction);
      this.byFlow.set(flow, onFlow);
    }
    transaction.start();
    return transaction;
  }

  /** RFC 3261 section 18.2.2 and RFC 3581 section 4: how a response travels. */
  private replyFlow(request: SipRequest, flow: Flow): Flow | undefined {
    const via = parseVia(request.headers.get('via') ?? '');
    if (isReliable(flow.protocol)) {
      if (flow.open) return flow;
      // We cannot connect to a browser.
      if (!via || flow.protocol === 'ws' || flow.protocol === 'wss') return undefined;
      const port = via.port ?? defaultPort(flow.protocol);
      return this.transports.flowTo({ protocol: flow.protocol, address: flow.remoteAddress, port, serverName: undefined });
    }
    if (!via || via.params.has('rport')) return flow;
    const maddr = via.params.get('maddr');
    const address = maddr === undefined ? flow.remoteAddress : withoutBrackets(maddr);
    const target = { protocol: 'udp', address, port: via.port ?? 5060, serverName: undefined } as const;
    return isResolved(target) ? this.transports.flowTo(target) : flow;
  }
}

function clientKey(branch: string, method: string): string {
  return `${branch}|${method}`;
}

/** Our Via: the address for responses, with rport so that they arrive when we are behind NAT. */
export function viaFor(listener: Listener, branch: string): string {
  return `SIP/2.0/${listener.protocol.toUpperCase()} ${hostPort(listener.host, listener.port)};rport;branch=${branch}`;
}

/** Only requests outside dialogs can be merged; `undefined` for the others. */
function mergeKeyOf(request: SipRequest): string | undefined {
  if (request.method === 'CANCEL' || tagOf(request.headers.get('to')) !== undefined) return undefined;
  const { headers } = request;
  return flat(`${headers.get('call-id') ?? ''}|${tagOf(headers.get('from')) ?? ''}|${headers.get('cseq') ?? ''}`);
}
