import type { Redis } from 'ioredis';
import type { EventName, HurriedEvent, Pace } from '../../events/catalogue.js';
import type { EventHandling } from './event-handling.js';
import { CONSUMER, createGroup, decode, STREAM, type StreamEntry, type StreamReply } from './event-stream.js';
import { beginTurn, TurnOver, turnGroup } from './event-turns.js';
import type { Hurry } from './hurry.js';
import type { Logger } from '../processes/logger.js';
import { createReadPace, noteRead } from './read-pace.js';

const READ_BLOCK_MS = 2_000;
const READ_AT_ONCE = 256;
/** Used when events are handled one after the other: fewer are repeated if the process is killed meanwhile. */
const READ_IN_ORDER_AT_ONCE = 32;
/** Events handled next to a slow one are acknowledged within this time, without waiting for it. */
const ACK_WITHIN_MS = 250;
const AGAIN_MS = 200;

/**
 * A subscriber that reads the stream by itself. Handled events are acknowledged in one write with the next read. When the subscriber starts
 * again, it takes over the events that a dead consumer had in hand or had not yet acknowledged.
 */
export class OwnReading {
  /** The ids of events that are handled and not yet acknowledged. */
  readonly #done: string[] = [];
  readonly #reader: Redis;
  readonly #group: string;
  readonly #pace = createReadPace();
  readonly #calm: () => void;
  readonly #loop: Promise<void>;
  #running = true;

  constructor(
    private readonly deps: {
      readonly subscriber: string;
      /** Where a new group begins: `0` or `$`. */
      readonly first: string;
      /** Set for a subscriber that leads. */
      readonly turn: Pace['turn'];
      readonly wants: (name: EventName) => boolean;
      readonly handling: EventHandling;
      /** Undefined: all events in order, one after the other. */
      readonly gatherMs: number | undefined;
      readonly hurry: readonly HurriedEvent[];
      readonly hurries: Hurry;
      readonly writer: Redis;
      /**
       * A read that was in progress when the connection broke must fail: its answer may be lost, and its events are then requested again,
       * in their order.
       */
      readonly open: () => Redis;
      readonly log: Logger;
    },
  ) {
    this.#group = deps.turn === undefined ? deps.subscriber : turnGroup(deps.subscriber, deps.turn.token);
    this.#reader = deps.open();
    this.#calm = deps.hurries.join(deps.hurry, this.#pace);
    this.#loop = this.#readOn();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#calm();
    this.#reader.disconnect();
    await this.#loop;
    // The wait is bounded: without Valkey, handled events are delivered again.
    await Promise.race([this.#acknowledge(), pause(ACK_WITHIN_MS)]);
  }

  async #readOn(): Promise<void> {
    const { subscriber, log, gatherMs } = this.deps;
    const atOnce = gatherMs === undefined ? READ_IN_ORDER_AT_ONCE : READ_AT_ONCE;
    // First what was delivered but not acknowledged before a restart ('0'), then what is new ('>').
    let from = '0';
    let failing = false;
    while (this.#running) {
      try {
        await this.#pace.allowed();
        if (!this.#running) break;
        const entries = await this.#read(from, atOnce);
        failing = false;
        await this.#take(entries);
        if (entries.length === 0) from = '>';
        if (gatherMs !== undefined && entries.length < atOnce) await pause(gatherMs);
      } catch (error) {
        if (!this.#running) break;
        if (error instanceof Error && error.message.includes('NOGROUP')) await this.#beginAgain();
        else if (!failing) log.warn({ err: error, subscriber }, 'the event reader failed, reading again');
        failing = true;
        from = '0';
        await pause(AGAIN_MS);
      }
    }
  }

  /** The group is gone: the live state has lost it, or a later turn has ended this one. */
  async #beginAgain(): Promise<void> {
    const { subscriber, first, turn, writer } = this.deps;
    if (turn === undefined) return createGroup(writer, subscriber, first).catch(() => undefined);
    const isOver = await beginTurn(writer, { subscriber, token: turn.token, first }).then(
      () => false,
      (error: unknown) => error instanceof TurnOver,
    );
    if (!isOver) return;
    this.#running = false;
    turn.superseded();
  }

  async #take(entries: readonly StreamEntry[]): Promise<void> {
    const { wants, handling, hurry, log } = this.deps;
    const late = setInterval(() => void this.#acknowledge(), ACK_WITHIN_MS);
    const taken = entries.map((entry) => ({ id: entry[0], delivered: decode(entry, wants, log) }));
    for (const { delivered } of taken) noteRead(this.#pace, hurry, delivered);
    await handling
      .take(
        taken,
        (id) => void this.#done.push(id),
        () => this.#running,
      )
      .finally(() => clearInterval(late));
  }

  async #read(from: string, atOnce: number): Promise<readonly StreamEntry[]> {
    const acknowledged = this.#done.splice(0);
    try {
      const both = this.#reader.pipeline();
      if (acknowledged.length > 0) both.xack(STREAM, this.#group, ...acknowledged);
      both.xreadgroup('GROUP', this.#group, CONSUMER, 'COUNT', atOnce, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from);
      const replies = (await both.exec()) ?? [];
      for (const [error] of replies) if (error !== null) throw error;
      return (replies.at(-1)?.[1] as StreamReply)?.[0]?.[1] ?? [];
    } catch (error) {
      this.#done.unshift(...acknowledged);
      throw error;
    }
  }

  /** Acknowledges without waiting for the next read. */
  async #acknowledge(): Promise<void> {
    const { subscriber, writer, log } = this.deps;
    const acknowledged = this.#done.splice(0);
    if (acknowledged.length === 0) return;
    await writer
      .xack(STREAM, this.#group, ...acknowledged)
      .catch((error: unknown) =>
        log.warn({ err: error, subscriber }, 'handled events could not be acknowledged and will be delivered again'),
      );
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
