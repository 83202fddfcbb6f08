import { parseNameAddr } from '../message/grammar.js';
import { Headers } from '../message/headers.js';
import { newTag, responseTo, type SipRequest, type SipResponse } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { ClientTransaction } from '../transaction/client-transaction.js';
import type { ServerTransaction } from '../transaction/server-transaction.js';
import type { Flow } from '../transport/flow.js';
import { addressOf, bestResponse, nextMaxForwards, recordRouteOf, redirectTargets, type ProxyOrder } from './proxy-rules.js';
import type { Stack } from './stack.js';

/** What the application learns while its request is forwarded. */
export interface ProxyReport {
  final(response: SipResponse, flow: Flow | undefined, bytes: number): void;
  done(): void;
}

// RFC 3261 section 16.6 step 11: more than three minutes.
const TIMER_C_MS = 185_000;

interface Branch {
  transaction: ClientTransaction | undefined;
  provisionalSeen: boolean;
  cancel: 'none' | 'held' | 'sent';
  ended: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Removes the Route values that point at this server from the top (RFC 3261 section 16.4). */
function popOwnRoutes(stack: Stack, headers: Headers): void {
  for (;;) {
    const top = headers.get('route');
    const address = top === undefined ? undefined : addressOf(parseNameAddr(top)?.uri ?? '');
    if (!address || !stack.transports.isOwnAddress(address.host, address.port)) return;
    headers.removeFirst('route');
  }
}

/** Forwards one request to one or more targets (RFC 3261 section 16). */
export class ProxyContext {
  private readonly branches: Branch[] = [];
  private readonly targets: string[];
  private readonly finals: SipResponse[] = [];
  private answered = false;
  private over = false;

  constructor(
    private readonly stack: Stack,
    private readonly server: ServerTransaction,
    private readonly order: ProxyOrder,
    private readonly report: ProxyReport,
  ) {
    this.targets = [...order.destinations];
  }

  start(): void {
    if (this.order.simultaneous) while (this.targets.length > 0) this.tryNext();
    else this.tryNext();
  }

  /** The caller gave up: every branch is cancelled, and the 487s become its answer. */
  cancel(): void {
    this.targets.length = 0;
    for (const branch of this.branches) this.cancelBranch(branch);
    if (this.branches.every((branch) => branch.ended)) this.finish();
  }

  private tryNext(): void {
    const target = this.targets.shift();
    if (target === undefined) return;
    const branch: Branch = { transaction: undefined, provisionalSeen: false, cancel: 'none', ended: false, timer: undefined };
    this.branches.push(branch);
    const path = this.stack.paths.to(target);
    const opened = path.kind === 'none' ? undefined : this.stack.paths.open(path);
    if (path.kind === 'none') this.ended(branch, responseTo(this.server.request, 500, { toTag: newTag() }), undefined, 0);
    else if (opened instanceof Promise) void opened.then((flow) => this.sendTo(branch, target, flow));
    else this.sendTo(branch, target, opened);
  }

  private sendTo(branch: Branch, target: string, flow: Flow | undefined): void {
    const { request } = this.server;
    if (!flow) {
      this.ended(branch, responseTo(request, 503, { toTag: newTag() }), undefined, 0);
      return;
    }
    const own = addressOf(request.uri);
    const uri = own && this.stack.transports.isOwnAddress(own.host, own.port) ? target : request.uri;
    const headers = request.headers.clone();
    popOwnRoutes(this.stack, headers);
    headers.set('Max-Forwards', String(nextMaxForwards(request) ?? 0));
    if (this.order.remain) {
      const name = request.method === 'REGISTER' ? 'Path' : 'Record-Route';
      // RFC 5658: when the two sides differ, each gets an address that it can reach.
      if (flow.listener !== this.server.flow.listener) headers.prepend(name, recordRouteOf(this.server.flow.listener));
      headers.prepend(name, recordRouteOf(flow.listener));
      if (request.method === 'REGISTER') headers.add('Require', 'path');
    }
    for (const [header, value] of this.order.headers) headers.add(header, value);
    const invite = request.method === 'INVITE';
    const wait = this.order.simultaneous ? undefined : this.order.provisionalTimeoutMs;
    branch.timer = setTimeout(() => {
      if (branch.provisionalSeen && wait !== undefined) return;
      this.cancelBranch(branch);
      if (!this.answered && wait !== undefined) this.tryNext();
    }, wait ?? TIMER_C_MS);
    branch.timer.unref();
    branch.transaction = this.stack.transactions.request(
      { kind: 'request', method: request.method, uri, headers, body: request.body },
      flow,
      {
        onResponse: (response, by, bytes) => {
          this.onResponse(branch, response, by, bytes);
        },
        onTimeout: () => {
          this.ended(branch, responseTo(request, 408, { toTag: newTag() }), undefined, 0);
        },
        onFailed: () => {
          this.ended(branch, responseTo(request, 503, { toTag: newTag() }), undefined, 0);
        },
      },
    );
    if (!invite) clearTimeout(branch.timer);
  }

  private onResponse(branch: Branch, response: SipResponse, flow: Flow, bytes: number): void {
    branch.provisionalSeen = true;
    if (branch.cancel === 'held') this.cancelBranch(branch);
    if (response.status === 100) return;
    // Our own Via comes off (RFC 3261 section 16.7 step 3).
    response.headers.removeFirst('via');
    if (response.status < 200) {
      if (!this.answered) this.server.respond(response);
      return;
    }
    if (response.status >= 300) {
      this.ended(branch, response, flow, bytes);
      return;
    }
    // Every 2xx to INVITE is forwarded at once, also that of a later fork (step 10).
    const first = !branch.ended;
    this.answered = true;
    this.server.respond(response);
    if (!first) return;
    this.end(branch);
    if (this.server.method === 'INVITE' && !this.order.relayed) this.stack.records.start('network', 'proxy-uac', response);
    if (this.order.fullResponse) this.report.final(response, flow, bytes);
    this.targets.length = 0;
    for (const other of this.branches) this.cancelBranch(other);
    this.finish();
  }

  private ended(branch: Branch, response: SipResponse, flow: Flow | undefined, bytes: number): void {
    if (branch.ended) return;
    this.end(branch);
    if (this.order.fullResponse && !this.over) this.report.final(response, flow, bytes);
    if (this.order.followRedirects && response.status >= 300 && response.status < 400) this.targets.unshift(...redirectTargets(response));
    else this.finals.push(response);
    // RFC 3261 section 16.7 step 5: a 6xx ends all branches.
    if (response.status >= 600) {
      this.targets.length = 0;
      for (const other of this.branches) this.cancelBranch(other);
    }
    if (this.order.simultaneous) while (this.targets.length > 0) this.tryNext();
    else if (this.targets.length > 0 && !this.answered) this.tryNext();
    if (this.branches.every((other) => other.ended) && this.targets.length === 0) this.finish();
  }

  private end(branch: Branch): void {
    branch.ended = true;
    clearTimeout(branch.timer);
  }

  /** Cancels now, or after a provisional response (RFC 3261 section 9.1). Only INVITE can be cancelled (section 16.10). */
  private cancelBranch(branch: Branch): void {
    if (branch.ended || branch.cancel === 'sent' || this.server.method !== 'INVITE') return;
    branch.cancel = 'held';
    if (!branch.provisionalSeen || branch.transaction?.pending !== true) return;
    branch.cancel = 'sent';
    this.stack.transactions.cancel(branch.transaction, Headers.empty());
  }

  private finish(): void {
    if (this.over) return;
    this.over = true;
    if (!this.answered) {
      const { request } = this.server;
      this.server.respond(bestResponse(this.finals) ?? responseTo(request, 487, { toTag: newTag() }));
    }
    this.report.done();
  }
}

/**
 * Forwards requests of dialogs in which this server only recorded its route, without any application (RFC 3261 section 16; the target is
 * the next Route or the Request-URI).
 */
export class Relay {
  constructor(private readonly stack: Stack) {}

  /** Whether the top Route is ours: the request should then pass through here. */
  concerns(request: SipRequest): boolean {
    const top = request.headers.get('route');
    const address = top === undefined ? undefined : addressOf(parseNameAddr(top)?.uri ?? '');
    return address !== undefined && this.stack.transports.isOwnAddress(address.host, address.port);
  }

  request(server: ServerTransaction): void {
    const { request } = server;
    if (nextMaxForwards(request) === undefined) {
      server.respond(responseTo(request, 483));
      return;
    }
    const order: ProxyOrder = {
      destinations: [this.nextHop(request)],
      remain: false,
      fullResponse: false,
      followRedirects: false,
      simultaneous: true,
      provisionalTimeoutMs: undefined,
      headers: [],
      relayed: true,
    };
    new ProxyContext(this.stack, server, order, { final: () => undefined, done: () => undefined }).start();
  }

  /** An ACK for a 2xx has no transaction and no answer. */
  ack(ack: SipRequest): void {
    const remaining = nextMaxForwards(ack);
    const path = this.stack.paths.to(this.nextHop(ack));
    if (remaining === undefined || path.kind === 'none') return;
    const headers = ack.headers.clone();
    popOwnRoutes(this.stack, headers);
    headers.set('Max-Forwards', String(remaining));
    void Promise.resolve(this.stack.paths.open(path)).then((flow) => {
      if (flow) flow.send(serialise(this.stack.transactions.withVia({ ...ack, headers }, flow)));
    });
  }

  private nextHop(request: SipRequest): string {
    const headers = request.headers.clone();
    popOwnRoutes(this.stack, headers);
    const next = headers.get('route');
    return (next === undefined ? undefined : parseNameAddr(next)?.uri) ?? request.uri;
  }
}
