import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Delivered, EventName } from '../../events/catalogue.js';
import type { Logger } from '../processes/logger.js';

/** A hash; its fields are named by subscriber and event id. */
const KEPT = 'proofline:events:set-aside';
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 300_000;
/** After this many tries the event has failed for two minutes, and somebody must look at it. */
const ALARM_AFTER_TRIES = 8;
/** The most events that one process can number within one millisecond. */
const ORDER_PER_MS = 1_000;

const Entry = z.object({
  subscriber: z.string(),
  id: z.string(),
  /** Grows with each event that is set aside. */
  order: z.number(),
  name: z.string(),
  event: z.unknown(),
  lane: z.string(),
  /** UTC, ISO 8601. */
  since: z.string(),
  /** What the handler failed with: a failure code or the name of an error. */
  failure: z.string(),
});
export type SetAsideEvent = z.infer<typeof Entry>;

/** The waiting events of all subscribers, oldest first. */
export async function eventsSetAside(valkey: Redis): Promise<readonly SetAsideEvent[]> {
  const all = (await valkey.hvals(KEPT)).flatMap((text) => Entry.safeParse(JSON.parse(text)).data ?? []);
  return all.sort((a, b) => a.order - b.order);
}
export const countSetAside = async (valkey: Redis): Promise<number> => valkey.hlen(KEPT);

interface Lane {
  readonly events: { readonly delivered: Delivered; readonly entry: SetAsideEvent }[];
  tries: number;
  waitMs: number;
  dueAtMs: number;
  busy: boolean;
}

/**
 * Events that one subscriber could not handle. Each waits at the head of its lane (a call, an agent's seat), later events of that lane wait
 * behind it, and every other lane continues. They are retried for ever, with pauses that double, and at once when a person asks for it.
 * They are kept in the live state, so they outlive the process.
 */
export class SetAside {
  readonly #lanes = new Map<string, Lane>();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #last = 0;

  constructor(
    private readonly deps: {
      readonly subscriber: string;
      readonly valkey: Redis;
      readonly handle: (delivered: Delivered) => Promise<void>;
      readonly failureOf: (error: unknown) => string;
      /** The event has failed for so long that a person should know. */
      readonly alarm: (event: SetAsideEvent) => void;
      /** Nothing waits any more. */
      readonly emptied: () => void;
      readonly nowMs: () => number;
      readonly log: Logger;
    },
  ) {}

  get lanes(): number {
    return this.#lanes.size;
  }
  holds(lane: string): boolean {
    return this.#lanes.has(lane);
  }

  /** Loads what the previous process left. */
  async load(): Promise<void> {
    const own = (await eventsSetAside(this.deps.valkey)).filter(({ subscriber }) => subscriber === this.deps.subscriber);
    for (const entry of own) {
      const { id, name, event, lane } = entry;
      this.#line(lane).events.push({ delivered: { id, name: name as EventName, event } as Delivered, entry });
    }
    this.#plan();
  }

  /** Resolves when the event is stored. An event that is already there keeps its place. */
  async put(delivered: Delivered, lane: string, error?: unknown): Promise<void> {
    const { subscriber, valkey, failureOf, nowMs, log } = this.deps;
    const { id, name, event } = delivered;
    const line = this.#line(lane);
    if (line.events.some(({ entry }) => entry.id === id)) return;
    const failure = error === undefined ? 'waits behind another' : failureOf(error);
    this.#last = Math.max(this.#last + 1, nowMs() * ORDER_PER_MS);
    const entry: SetAsideEvent = { subscriber, id, order: this.#last, name, event, lane, since: new Date(nowMs()).toISOString(), failure };
    line.events.push({ delivered, entry });
    try {
      await valkey.hset(KEPT, fieldOf(entry), JSON.stringify(entry));
    } catch (failed) {
      // The event was not stored, so it is not set aside: it will be delivered again, and must not look as if it were stored.
      line.events.splice(0, line.events.length, ...line.events.filter((one) => one.entry !== entry));
      if (line.events.length === 0 && this.#lanes.get(lane) === line) this.#lanes.delete(lane);
      throw failed;
    }
    log.error({ subscriber, event: name, eventId: id, failure }, 'an event could not be handled and is set aside');
    this.#plan();
  }

  /** A person has decided about one event, or about all of this subscriber. */
  async decided(decision: 'replay' | 'discard', id: string | undefined): Promise<void> {
    for (const [key, line] of [...this.#lanes]) {
      const meant = line.events.filter(({ entry }) => id === undefined || entry.id === id);
      if (meant.length === 0) continue;
      if (decision === 'discard') for (const { entry } of meant) await this.#remove(key, line, entry);
      line.dueAtMs = 0;
    }
    this.#plan();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #line(key: string): Lane {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const line: Lane = { events: [], tries: 0, waitMs: FIRST_RETRY_MS, dueAtMs: this.deps.nowMs() + FIRST_RETRY_MS, busy: false };
    this.#lanes.set(key, line);
    return line;
  }

  async #remove(key: string, line: Lane, entry: SetAsideEvent): Promise<void> {
    line.events.splice(0, line.events.length, ...line.events.filter((one) => one.entry !== entry));
    await this.deps.valkey.hdel(KEPT, fieldOf(entry));
    if (line.events.length > 0 || this.#lanes.get(key) !== line) return;
    this.#lanes.delete(key);
    if (this.#lanes.size === 0) this.deps.emptied();
  }

  #plan(): void {
    clearTimeout(this.#timer);
    const due = [...this.#lanes.values()].filter(({ busy }) => !busy).map(({ dueAtMs }) => dueAtMs);
    if (this.#stopped || due.length === 0) return;
    this.#timer = setTimeout(() => void this.#round(), Math.max(0, Math.min(...due) - this.deps.nowMs()));
  }

  async #round(): Promise<void> {
    const nowMs = this.deps.nowMs();
    const due = [...this.#lanes].filter(([, { busy, dueAtMs }]) => !busy && dueAtMs <= nowMs);
    await Promise.all(due.map(([key, line]) => this.#drain(key, line)));
    this.#plan();
  }

  /** Handles the head of a lane and the events behind it, until one fails. */
  async #drain(key: string, line: Lane): Promise<void> {
    line.busy = true;
    try {
      for (let head = line.events[0]; head !== undefined && !this.#stopped; head = line.events[0]) {
        await this.deps.handle(head.delivered);
        line.tries = 0;
        line.waitMs = FIRST_RETRY_MS;
        await this.#remove(key, line, head.entry);
        const { subscriber, log } = this.deps;
        log.info({ subscriber, event: head.entry.name, eventId: head.entry.id }, 'an event that was set aside has been handled');
      }
    } catch (error) {
      line.tries += 1;
      line.waitMs = Math.min(2 * line.waitMs, LONGEST_RETRY_MS);
      line.dueAtMs = this.deps.nowMs() + line.waitMs;
      const head = line.events[0];
      if (head !== undefined && line.tries === ALARM_AFTER_TRIES) this.deps.alarm({ ...head.entry, failure: this.deps.failureOf(error) });
    } finally {
      line.busy = false;
    }
  }
}

const fieldOf = ({ subscriber, id }: Pick<SetAsideEvent, 'subscriber' | 'id'>): string => `${subscriber} ${id}`;
