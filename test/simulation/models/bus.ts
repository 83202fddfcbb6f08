import {
  events,
  type Delivered,
  type EventBus,
  type EventInput,
  type EventName,
  type Handlers,
} from '../../../services/shared/events/catalogue.js';
import type { World } from '../world.js';
import { channel, type Process } from '../scheduler.js';

interface Entry {
  /** The event's own id: an event that is published again keeps it. */
  readonly id: string;
  readonly name: EventName;
  readonly text: string;
  /** As its readers get it. It is read once and frozen to the depth, so that no reader can change what another one sees. */
  delivered: Delivered | undefined;
}

interface Subscriber {
  readonly waiting: Entry[];
  /** Handled in the last moments: a killed reader may not have acknowledged them, and they come again. */
  handled: { readonly entry: Entry; readonly atMs: number }[];
  reader: { readonly process: Process; readonly handlers: Handlers; readonly known: Set<string>; running: boolean } | undefined;
}

const ACKNOWLEDGED_MS = 250;
/**
 * The product retries what was set aside for ever (services/shared/platform/events/set-aside.ts); this many tries outlast any outage here.
 */
const TRIES = 16;
const BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 6_400;

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    for (const each of Object.values(Object.freeze(value))) frozen(each);
  return value;
}

/**
 * The event stream: at least once, in order, recognised by the event's id. While it is away nothing goes in or out; what was published then
 * waits with its publisher.
 */
export class Bus {
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #followers = new Set<{
    readonly process: Process;
    readonly tell: (delivered: Delivered) => void;
    readonly only: readonly EventName[] | undefined;
    readonly send: ReturnType<typeof channel>;
  }>();
  #unsent: (() => void)[] = [];
  readonly #published = new Set<string>();
  #number = 0;
  away = false;
  /** Events that failed in every attempt to handle them. */
  readonly setAside: { readonly subscriber: string; readonly name: EventName }[] = [];
  /** Judges see each event once, as it was published. */
  readonly witnesses: ((name: EventName, event: Record<string, unknown>) => void)[] = [];

  constructor(private readonly world: World) {}

  back(): void {
    this.away = false;
    for (const send of this.#unsent.splice(0)) send();
    for (const subscriber of this.#subscribers.values()) this.#pump(subscriber);
  }

  #append(name: EventName, text: string, given: string | undefined): void {
    this.#number += 1;
    const id = given ?? `${this.#number}-0`;
    const seen = JSON.parse(text) as Record<string, unknown>;
    const { at: _at, ...more } = seen;
    this.world.note('bus', this.#published.has(id) ? `${name} again` : name, more);
    if (!this.#published.has(id)) for (const witness of this.witnesses) witness(name, seen);
    this.#published.add(id);
    const entry: Entry = { id, name, text, delivered: undefined };
    for (const subscriber of this.#subscribers.values()) {
      subscriber.waiting.push(entry);
      this.#pump(subscriber);
    }
    for (const { process, tell, only, send } of this.#followers)
      if (only?.includes(name) ?? true)
        send(this.world.latency(), () => {
          if (process.alive) tell(this.#delivered(entry));
        });
  }

  #delivered(entry: Entry): Delivered {
    const { id, name, text } = entry;
    entry.delivered ??= frozen({ id, name, event: events[name].parse(JSON.parse(text)) }) as Delivered;
    return entry.delivered;
  }

  #pump(subscriber: Subscriber): void {
    const { reader } = subscriber;
    if (reader === undefined || reader.running || !reader.process.alive || this.away || subscriber.waiting.length === 0) return;
    reader.running = true;
    this.world.scheduler.after(this.world.latency(), () => void this.#read(subscriber, reader));
  }

  async #read(subscriber: Subscriber, reader: NonNullable<Subscriber['reader']>): Promise<void> {
    const { process, handlers, known } = reader;
    while (process.alive && !this.away && subscriber.reader === reader) {
      const entry = subscriber.waiting[0];
      if (entry === undefined) break;
      if (entry.name in handlers && !known.has(entry.id)) await this.#handle(subscriber, process, handlers, entry);
      known.add(entry.id);
      if (!process.alive || subscriber.reader !== reader) return;
      subscriber.waiting.shift();
      const nowMs = this.world.scheduler.nowMs;
      subscriber.handled = [...subscriber.handled.filter(({ atMs }) => nowMs - atMs < ACKNOWLEDGED_MS), { entry, atMs: nowMs }];
    }
    reader.running = false;
    this.#pump(subscriber);
  }

  async #handle(subscriber: Subscriber, process: Process, handlers: Handlers, entry: Entry): Promise<void> {
    const { id, name, event } = this.#delivered(entry);
    const handler = handlers[name] as (event: unknown, id: string) => Promise<void> | void;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      try {
        await handler(event, id);
        return;
      } catch (error) {
        this.world.note(process.name, 'event handler failed', { event: name, error: String(error) });
        await process.later(Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** attempt), () => undefined);
      }
    }
    const [who = ''] = [...this.#subscribers].find(([, each]) => each === subscriber) ?? [];
    this.setAside.push({ subscriber: who, name });
  }

  /** The bus as one process holds it. */
  of(process: Process): EventBus {
    const send = channel(this.world.scheduler);
    return {
      publish: <N extends EventName>(name: N, event: EventInput<N>, id?: string) =>
        new Promise<void>((resolve) => {
          const text = JSON.stringify(events[name].parse(event));
          const go = (): void =>
            send(this.world.latency(), () => {
              if (this.away) {
                this.#unsent.push(go);
                return;
              }
              // A process that was killed may have sent it or not.
              if (!process.alive && this.world.random.chance(0.5)) return;
              this.#append(name, text, id);
              if (process.alive) resolve();
            });
          if (process.alive) go();
        }),
      subscribe: async (name, handlers) => {
        const known = this.#subscribers.get(name);
        const subscriber: Subscriber = known ?? { waiting: [], handled: [], reader: undefined };
        if (known === undefined) this.#subscribers.set(name, subscriber);
        const nowMs = this.world.scheduler.nowMs;
        const again = subscriber.handled.filter(({ atMs }) => nowMs - atMs < ACKNOWLEDGED_MS).map(({ entry }) => entry);
        subscriber.handled = [];
        subscriber.waiting.unshift(...again);
        subscriber.reader = { process, handlers, known: new Set(), running: false };
        this.#pump(subscriber);
        return async () => {
          if (subscriber.reader?.process === process) subscriber.reader = undefined;
        };
      },
      follow: async (tell, { only } = {}) => {
        const follower = { process, tell, only, send: channel(this.world.scheduler) };
        this.#followers.add(follower);
        return async () => void this.#followers.delete(follower);
      },
    };
  }

  forget(process: Process): void {
    for (const follower of [...this.#followers]) if (follower.process === process) this.#followers.delete(follower);
  }
}
