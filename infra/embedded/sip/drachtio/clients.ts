import type { Decision, Delivery, Owner, Routes } from '../agent/application.js';
import type { SipRequest } from '../message/message.js';
import { serialise } from '../message/serialise.js';
import type { Flow } from '../transport/flow.js';
import { frame } from './frame.js';
import { deliveryLeader } from './leader.js';

/** Where a client's frames go. */
export interface ClientConnection {
  write(data: Buffer): void;
  close(): void;
}

/** An application: its requests, and its connection while it has one. Its dialogs outlive a lost connection. */
export class Client implements Owner {
  readonly verbs = new Set<string>();
  connection: ClientConnection | undefined;
  /** Messages from the time without a connection, to be delivered when it is back: calls that ended meanwhile. */
  private missed: Delivery[] = [];

  constructor(
    readonly tags: readonly string[],
    private readonly strict = false,
  ) {}

  get attached(): boolean {
    return this.connection !== undefined;
  }

  get isGone(): boolean {
    return this.strict && !this.attached;
  }

  deliver(delivery: Delivery): void {
    if (this.connection) this.send(deliveryLeader(delivery, Date.now()), serialise(delivery.message));
    else if (delivery.transactionId === 'unsolicited') this.missed.push(delivery);
  }

  send(leader: string, message?: Buffer): void {
    this.connection?.write(frame(leader, message));
  }

  /** Returns what happened while there was no connection, and only once. */
  takeMissed(): readonly Delivery[] {
    const { missed } = this;
    this.missed = [];
    return missed;
  }
}

function sameTags(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && a.length === b.length && a.every((tag) => b.includes(tag));
}

/** What happens to the calls of a client whose connection is lost. */
export interface ClientLoss {
  /** At once: pending requests are answered and cancelled, because nobody can finish them. */
  detached(client: Client): void;
  /** The client is back, or another one takes its place. Every dialog of `from` now belongs to `to`. */
  handedOver(from: Client, to: Client): void;
  /** No client came in time. */
  expired(client: Client): void;
}

/** The request is offered, or answered when there is nobody to offer it to. */
export function offered(client: Client | undefined, otherwise: 480 | 503): Decision {
  return client ? { kind: 'offer', owner: client } : { kind: 'answer', status: otherwise };
}

/** All clients, the rotation for each verb, and the wait for lost clients. */
export class Clients implements Routes {
  loss: ClientLoss | undefined;
  private readonly attached = new Set<Client>();
  /** Clients that we connected to for a single request. They take no part in the distribution of other requests. */
  private readonly dedicated = new Set<Client>();
  /** Connects to an application for a new request, if applications are reached that way. */
  connectFor: (() => Promise<Client | undefined>) | undefined;
  /** Decides about every new request, if a request handler is configured. */
  handler: ((request: SipRequest, flow: Flow) => Promise<Decision>) | undefined;
  /** OPTIONS from a sender whose User-Agent contains this text are answered 200 here; undefined means none. */
  answersOptionsOf: string | undefined;
  private readonly lost = new Map<Client, NodeJS.Timeout>();
  private readonly turns = new Map<string, number>();

  /** `strict`: as in drachtio-server, dialogs of a client whose connection is lost never get an owner again. */
  constructor(
    readonly keepForMs: number,
    private readonly strict = false,
  ) {}

  /** Whether the dialogs of a lost client wait for its successor. */
  get keepsDialogs(): boolean {
    return !this.strict;
  }

  get counts(): { readonly attached: number; readonly lost: number } {
    return { attached: this.attached.size, lost: this.lost.size };
  }

  [Symbol.iterator](): IterableIterator<Client> {
    return this.attached.values();
  }

  /** A client has authenticated. */
  attach(tags: readonly string[], connection: ClientConnection, dedicated: boolean): Client {
    const client = new Client(tags, this.strict);
    client.connection = connection;
    (dedicated ? this.dedicated : this.attached).add(client);
    return client;
  }

  /** Passes the dialogs of every lost client with exactly these tags to `client`. Returns whether there was one. */
  resume(client: Client, tags: readonly string[]): boolean {
    let found = false;
    for (const [former, timer] of [...this.lost]) {
      if (!sameTags(former.tags, tags)) continue;
      found = true;
      clearTimeout(timer);
      this.lost.delete(former);
      this.handOver(former, client);
    }
    return found;
  }

  detach(client: Client): void {
    if (!this.attached.delete(client) && !this.dedicated.delete(client)) return;
    client.connection = undefined;
    this.loss?.detached(client);
    if (this.strict) return;
    // A rolling start: the successor connected before the predecessor left.
    const successor = [...this.attached].find((other) => sameTags(other.tags, client.tags));
    if (successor) {
      this.handOver(client, successor);
      return;
    }
    const timer = setTimeout(() => {
      this.lost.delete(client);
      this.loss?.expired(client);
    }, this.keepForMs);
    timer.unref();
    this.lost.set(client, timer);
  }

  close(): void {
    for (const timer of this.lost.values()) clearTimeout(timer);
    this.lost.clear();
  }

  decide(request: SipRequest, flow: Flow): Decision | Promise<Decision> {
    const { answersOptionsOf } = this;
    const automatic = request.method === 'OPTIONS' && answersOptionsOf !== undefined;
    if (automatic && request.headers.get('user-agent')?.includes(answersOptionsOf) === true) return { kind: 'answer', status: 200 };
    if (this.handler) return this.handler(request, flow);
    if (this.connectFor) return this.connectFor().then((client) => offered(client, 480));
    return offered(this.next(request.method.toLowerCase()), 503);
  }

  /**
   * Round robin among the attached clients that asked for a verb. Each has one share, however often it asked. With a tag: only clients that
   * have it.
   */
  next(verb: string, tag?: string): Client | undefined {
    const willing = [...this.attached].filter((client) => client.verbs.has(verb) && (tag === undefined || client.tags.includes(tag)));
    if (willing.length === 0) return undefined;
    const turn = (this.turns.get(verb) ?? -1) + 1;
    this.turns.set(verb, turn);
    return willing[turn % willing.length];
  }

  private handOver(from: Client, to: Client): void {
    this.loss?.handedOver(from, to);
    for (const delivery of from.takeMissed()) to.deliver(delivery);
  }
}
