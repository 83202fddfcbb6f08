import type { Delivery, Owner, Routes } from '../agent/application.js';
import { serialise } from '../message/serialise.js';
import { frame } from './frame.js';
import { deliveryLeader } from './leader.js';

/** Where a client's frames go. */
export interface ClientConnection {
  write(data: Buffer): void;
  close(): void;
}

/** An application: what it asked for, and its connection while it has one. */
export class Client implements Owner {
  readonly verbs = new Set<string>();
  connection: ClientConnection | undefined;

  constructor(readonly tags: readonly string[]) {}

  get attached(): boolean {
    return this.connection !== undefined;
  }

  deliver(delivery: Delivery): void {
    this.send(deliveryLeader(delivery, Date.now()), serialise(delivery.message));
  }

  send(leader: string, message?: Buffer): void {
    this.connection?.write(frame(leader, message));
  }
}

/** All clients, and whose turn it is for each verb. */
export class Clients implements Routes {
  private readonly clients = new Set<Client>();
  private readonly turns = new Map<string, number>();

  get size(): number {
    return this.clients.size;
  }

  [Symbol.iterator](): IterableIterator<Client> {
    return this.clients.values();
  }

  add(client: Client): void {
    this.clients.add(client);
  }

  remove(client: Client): void {
    this.clients.delete(client);
  }

  ownerFor(method: string): Owner | undefined {
    return this.next(method.toLowerCase());
  }

  /** Round robin among the attached clients that asked for a verb; each has one share however often it asked. */
  next(verb: string): Client | undefined {
    const willing = [...this.clients].filter((client) => client.attached && client.verbs.has(verb));
    if (willing.length === 0) return undefined;
    const turn = (this.turns.get(verb) ?? -1) + 1;
    this.turns.set(verb, turn);
    return willing[turn % willing.length];
  }
}
