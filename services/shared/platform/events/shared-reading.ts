import type { Redis } from 'ioredis';
import type { EventName } from '../../events/catalogue.js';
import {
  CONSUMER,
  createGroup,
  decode,
  isAfter,
  nameIn,
  placeOf,
  STREAM,
  type StreamEntry,
  type StreamReply,
  type Taken,
} from './event-stream.js';
import type { Logger } from '../processes/logger.js';

const READ_AT_ONCE = 256;
const READ_BLOCK_MS = 2_000;
const AGAIN_MS = 200;
/** Events handled within this time are repeated after a kill. */
const KEPT_WITHIN_MS = 250;
/** How often the position of a subscriber is stored when it wanted none of the events; after a restart it skips them again. */
const PASSED_KEPT_WITHIN_MS = 5_000;
/** A subscriber that is this far behind reads alone until it has caught up, while the others go on. */
const MOST_WAITING = 2_048;

/** A participant: which events it wants, and how it handles them. `take` calls `done` for each handled entry. */
export interface Reader {
  readonly subscriber: string;
  readonly wants: (name: EventName) => boolean;
  readonly take: (entries: readonly Taken[], done: (id: string) => void) => Promise<void>;
}

interface Member extends Reader {
  running: boolean;
  /** Whether the common reading feeds it; otherwise it is catching up. */
  attached: boolean;
  catchingUp: boolean;
  /** Everything up to this id was given to it. */
  fed: string;
  /** Everything up to this id is handled, or was not wanted. */
  place: string;
  /** The place that was last stored, and when. */
  kept: string;
  keptAtMs: number;
  /** Whether a wanted event has been handled since. */
  handled: boolean;
  readonly waiting: Taken[];
  hand: Taken[];
  readonly done: Set<string>;
  working: Promise<void> | undefined;
}

/**
 * Reads the stream once for all subscribers of a process whose work nobody waits for: each event is fetched once, decoded once if anybody
 * wants it, and given to those who do. The place of each subscriber is kept in its group in Valkey (`XGROUP SETID`), instead of a row for
 * each event in hand. When the process dies, events that were handled but not kept (at most a quarter of a second's) are delivered again,
 * and so are those in hand.
 */
export class SharedReading {
  readonly #members = new Set<Member>();
  #reader: Redis | undefined;
  #at = '0-0';
  #keeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly deps: {
      readonly writer: Redis;
      /** A separate connection: a read that waits holds up everything behind it. */
      readonly open: () => Redis;
      readonly gatherMs: number;
      readonly nowMs: () => number;
      readonly log: Logger;
    },
  ) {}

  /**
   * Starts at the place of the subscriber's group. Resolves when the subscriber takes part; the returned function ends that, and stores its
   * place.
   */
  async join(reader: Reader): Promise<() => Promise<void>> {
    const { writer, nowMs } = this.deps;
    const place = await placeOf(writer, reader.subscriber);
    const member: Member = {
      ...reader,
      running: true,
      attached: false,
      catchingUp: false,
      fed: place,
      place,
      kept: place,
      keptAtMs: nowMs(),
      handled: false,
      waiting: [],
      hand: [],
      done: new Set(),
      working: undefined,
    };
    this.#members.add(member);
    if (this.#reader === undefined) {
      this.#at = place;
      void this.#read((this.#reader = this.deps.open()));
    }
    member.working = this.#takeUp(member).finally(() => {
      member.working = undefined;
      void this.#catchUp(member);
    });
    return () => this.#leave(member);
  }

  async #leave(member: Member): Promise<void> {
    member.running = false;
    this.#members.delete(member);
    if (this.#members.size === 0) {
      this.#reader?.disconnect();
      this.#reader = undefined;
      clearTimeout(this.#keeping);
      this.#keeping = undefined;
    }
    await member.working;
    // The wait is bounded: while Valkey is away, handled events are delivered again later.
    await Promise.race([this.#keep(member), pause(KEPT_WITHIN_MS)]);
  }

  async #read(reader: Redis): Promise<void> {
    while (this.#reader === reader) {
      try {
        const reply = (await reader.xread('COUNT', READ_AT_ONCE, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, this.#at)) as StreamReply;
        const entries = reply?.[0]?.[1] ?? [];
        this.#at = entries.at(-1)?.[0] ?? this.#at;
        const fed = this.#decoder();
        for (const member of this.#members) if (member.attached) this.#feed(member, entries, fed);
        if (entries.length < READ_AT_ONCE) await pause(this.deps.gatherMs);
      } catch {
        if (this.#reader === reader) await pause(AGAIN_MS);
      }
    }
  }

  /** Decodes an entry once, however many want it. */
  #decoder(): (entry: StreamEntry) => Taken {
    const known = new Map<string, Taken>();
    return (entry) => {
      const taken = known.get(entry[0]) ?? { id: entry[0], delivered: decode(entry, () => true, this.deps.log) };
      known.set(taken.id, taken);
      return taken;
    };
  }

  #feed(member: Member, entries: readonly StreamEntry[], takenOf: (entry: StreamEntry) => Taken): void {
    for (const entry of entries) {
      if (!isAfter(entry[0], member.fed)) continue;
      member.fed = entry[0];
      const name = nameIn(entry);
      if (name !== undefined && member.wants(name)) member.waiting.push(takenOf(entry));
    }
    if (member.waiting.length > MOST_WAITING) {
      member.attached = false;
      void this.#catchUp(member);
    }
    this.#work(member);
    this.#keepSoon();
  }

  #work(member: Member): void {
    member.working ??= this.#handle(member).finally(() => {
      member.working = undefined;
      this.#keepSoon();
    });
  }

  async #handle(member: Member): Promise<void> {
    while (member.running && (member.hand.length > 0 || member.waiting.length > 0)) {
      if (member.hand.length === 0) member.hand = member.waiting.splice(0, READ_AT_ONCE);
      try {
        await member.take([...member.hand], (id) => void member.done.add(id));
      } catch (error) {
        this.deps.log.warn({ err: error, subscriber: member.subscriber }, 'events could not be read, trying again');
        await pause(AGAIN_MS);
      }
      this.#advance(member);
    }
  }

  /** Moves the place forward to the first event that is not handled. */
  #advance(member: Member): void {
    for (let first = member.hand[0]; first !== undefined && member.done.delete(first.id); first = member.hand[0]) {
      member.place = first.id;
      member.handled = true;
      member.hand.shift();
    }
    if (member.hand.length === 0 && member.waiting.length === 0) member.place = member.fed;
  }

  /** Handles the events that a process of an earlier release had in hand when it ended. */
  async #takeUp(member: Member): Promise<void> {
    const { writer, log } = this.deps;
    while (member.running) {
      try {
        const reply = (await writer.xreadgroup(
          'GROUP',
          member.subscriber,
          CONSUMER,
          'COUNT',
          READ_AT_ONCE,
          'STREAMS',
          STREAM,
          '0',
        )) as StreamReply;
        const entries = reply?.[0]?.[1] ?? [];
        if (entries.length === 0) return;
        const done: string[] = [];
        await member.take(
          entries.map((entry) => ({ id: entry[0], delivered: decode(entry, member.wants, log) })),
          (id) => void done.push(id),
        );
        if (done.length > 0) await writer.xack(STREAM, member.subscriber, ...done);
      } catch (error) {
        // A live state that has lost everything has nothing in hand; the group is created again when a place is next stored.
        if (isGroupGone(error)) return;
        log.warn({ err: error, subscriber: member.subscriber }, 'unfinished events could not be resumed, trying again');
        await pause(AGAIN_MS);
      }
    }
  }

  /** Reads on its own until it has reached the common reading. */
  async #catchUp(member: Member): Promise<void> {
    if (member.catchingUp) return;
    member.catchingUp = true;
    while (member.running && !member.attached) {
      try {
        if (member.waiting.length > 0) {
          this.#work(member);
          await member.working;
          continue;
        }
        const at = this.#at;
        const entries = (await this.deps.writer.xrange(STREAM, `(${member.fed}`, '+', 'COUNT', READ_AT_ONCE)) as StreamEntry[];
        this.#feed(member, entries, this.#decoder());
        if (entries.length === READ_AT_ONCE) continue;
        // The answer contained everything up to that id, as far as it is still in the stream.
        if (isAfter(at, member.fed)) member.fed = at;
        // What the common reading finds after this is also new to this subscriber.
        member.attached = !isAfter(this.#at, member.fed);
      } catch {
        await pause(AGAIN_MS);
      }
    }
    member.catchingUp = false;
  }

  #keepSoon(): void {
    if (this.#members.size === 0) return;
    this.#keeping ??= setTimeout(() => {
      this.#keeping = undefined;
      for (const member of this.#members) this.#advance(member);
      const due = [...this.#members].filter((member) => {
        if (member.place === member.kept) return false;
        return member.handled || this.deps.nowMs() - member.keptAtMs >= PASSED_KEPT_WITHIN_MS;
      });
      void Promise.all(due.map((member) => this.#keep(member)));
    }, KEPT_WITHIN_MS);
  }

  async #keep(member: Member): Promise<void> {
    this.#advance(member);
    const { writer, nowMs, log } = this.deps;
    const { subscriber, place } = member;
    if (place === member.kept) return;
    member.handled = false;
    member.keptAtMs = nowMs();
    const was = member.kept;
    member.kept = place;
    try {
      await writer.xgroup('SETID', STREAM, subscriber, place).catch(async (error: unknown) => {
        // A live state that has lost everything gets the group again, with its place.
        if (!isGroupGone(error)) throw error;
        await createGroup(writer, subscriber, place);
      });
    } catch (error) {
      member.kept = was;
      member.handled = true;
      log.warn({ err: error, subscriber }, 'the position in the event stream could not be stored: events may be handled twice');
      this.#keepSoon();
    }
  }
}

const isGroupGone = (error: unknown): boolean => error instanceof Error && /NOGROUP|requires the key/.test(error.message);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
