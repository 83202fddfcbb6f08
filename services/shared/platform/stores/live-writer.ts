import { setTimeout as pause } from 'node:timers/promises';
import type { ChainableCommander, Redis } from 'ioredis';
import { hurriedEvents } from '../../events/catalogue.js';
import { hurryChannel, STREAM } from '../events/event-stream.js';
import type { Logger } from '../processes/logger.js';
import { hasReplicas, openValkey } from '../events/valkey-client.js';

/** About a week of a busy centre. The stream is not an archive; the stores are. */
const KEPT_EVENTS = 1_000_000;
/** Adds all events of one turn together, so that readers wake up once. */
const ADD_ALL = `for i = 1, #ARGV, 3 do
  redis.call('xadd', KEYS[1], 'MAXLEN', '~', '${KEPT_EVENTS}', '*', 'name', ARGV[i], 'body', ARGV[i + 1], 'id', ARGV[i + 2])
end`;
/**
 * Where there are replicas, a publisher waits until one of them has its event, at most `REPLICA_WITHIN_MS`: a promoted replica without the
 * event would never deliver it.
 */
const REPLICAS_ASKED = 1;
const REPLICA_WITHIN_MS = 100;
/** How long to wait before a refused write is sent again. */
const AGAIN_MS = 200;
const MOST_EVENTS_AT_ONCE = 256;
/** The client's error for the rest of a write when the connection broke after a part of the answer. */
const ABORTED = 'Command aborted due to connection close';

/** Errors of a server that is becoming, or ceasing to be, the primary: the same write is taken a moment later. */
const PASSING: readonly string[] = [ABORTED, 'NOREPLICAS', 'READONLY', 'LOADING', 'MASTERDOWN', 'UNBLOCKED'];

/** An event on its way to the stream. */
interface Told {
  readonly name: string;
  readonly body: string;
  /** The publisher's id, which identifies a duplicate. */
  readonly id: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** State: a field of a hash and its new value; null removes it. */
type Fields = Map<string, string | null>;

/**
 * Writes the state and the events of a process over one connection. Everything from one turn of the event loop, and everything that arrives
 * while a write is under way, becomes one write. Of each field of the state only the newest value is sent, and it is sent before the events
 * that were passed in after it. While the live state is down everything waits here, with one value for each field, so that a long outage
 * needs no more memory than the live state itself.
 */
export class LiveWriter {
  /** The connection, for other commands of the bus. */
  readonly valkey: Redis;
  readonly #asksReplicas: boolean;
  readonly #log: Logger;
  readonly #mayWrite: () => void;
  readonly #state = new Map<string, Fields>();
  #told: Told[] = [];
  #sending: Promise<void> | undefined;
  #isDue = false;
  #awaited: (() => void)[] = [];
  #isOpen = true;
  /** Whether no replica took the last write. */
  #isAlone = false;
  #isRefused = false;

  /** `mayWrite`: does not return when this process may write no more. */
  constructor({ url, mayWrite = () => undefined, log }: { readonly url: string; readonly mayWrite?: () => void; readonly log: Logger }) {
    this.#log = log;
    this.#mayWrite = mayWrite;
    this.valkey = openValkey(url, { maxRetriesPerRequest: null });
    this.#asksReplicas = hasReplicas(url);
    this.valkey.on('ready', () => this.#soon());
  }

  keep(hash: string, field: string, text: string): void {
    this.#set(hash, field, text);
  }

  forget(hash: string, field: string): void {
    this.#set(hash, field, null);
  }

  /** Resolves when the event is in the stream and, where there are replicas, one of them has been asked for it. */
  add(name: string, body: string, id: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#told.push({ name, body, id, resolve, reject });
      this.#soon();
    });
  }

  /** Resolves when everything that was passed in has been written, which takes longer while the live state is down. */
  async written(): Promise<void> {
    if (!this.#isOpen || (!this.#hasWork && this.#sending === undefined)) return;
    await new Promise<void>((resolve) => this.#awaited.push(resolve));
  }

  close(): void {
    this.#isOpen = false;
    this.valkey.disconnect();
    for (const { reject } of this.#told.splice(0)) reject(new Error('the connection to the live state was closed'));
    for (const resolve of this.#awaited.splice(0)) resolve();
  }

  #set(hash: string, field: string, text: string | null): void {
    const fields = this.#state.get(hash) ?? new Map<string, string | null>();
    this.#state.set(hash, fields.set(field, text));
    this.#soon();
  }

  get #hasWork(): boolean {
    return this.#told.length > 0 || this.#state.size > 0;
  }

  #soon(): void {
    if (this.#isDue || this.#sending !== undefined) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      if (this.#sending !== undefined || !this.#isOpen || !this.#hasWork || this.valkey.status !== 'ready') return;
      this.#sending = this.#send().finally(() => {
        this.#sending = undefined;
        if (this.#hasWork) this.#soon();
        else for (const resolve of this.#awaited.splice(0)) resolve();
      });
    });
  }

  async #send(): Promise<void> {
    this.#mayWrite();
    const state = new Map(this.#state);
    this.#state.clear();
    const told = this.#told.splice(0, MOST_EVENTS_AT_ONCE);
    const pipeline = this.valkey.pipeline();
    const hashes = [...state].flatMap(([hash, fields]) => putState(pipeline, hash, fields));
    if (told.length > 0) this.#putEvents(pipeline, told);
    // No answer at all: the connection was closed before.
    const answers = (await pipeline.exec().catch(() => null)) ?? [];
    this.#takeBack(hashes.filter((_hash, index) => answers[index]?.[0] !== null));
    if (told.length > 0) {
      try {
        await this.#settled(told, answers.slice(hashes.length));
        for (const { resolve } of told) resolve();
      } catch (error) {
        for (const { reject } of told) reject(error);
      }
    }
    // Otherwise a server that is up and refuses (no replica, no memory) would be asked again without a pause.
    if (this.#isRefused && this.valkey.status === 'ready') await pause(AGAIN_MS);
  }

  /** Refused values go out with the next write, unless a newer one exists by then. */
  #takeBack(refused: readonly { readonly hash: string; readonly fields: Fields }[]): void {
    for (const { hash, fields } of refused)
      this.#state.set(hash, new Map([...fields, ...(this.#state.get(hash) ?? new Map<string, string | null>())]));
    if (refused.length > 0 && !this.#isRefused)
      this.#log.warn({}, 'the live state did not accept a write; it is repeated with the next one');
    this.#isRefused = refused.length > 0;
  }

  #putEvents(pipeline: ChainableCommander, told: readonly Told[]): void {
    const [first] = told;
    if (told.length === 1 && first !== undefined && !this.#asksReplicas)
      pipeline.xadd(STREAM, 'MAXLEN', '~', KEPT_EVENTS, '*', 'name', first.name, 'body', first.body, 'id', first.id);
    else pipeline.eval(ADD_ALL, 1, STREAM, ...told.flatMap(({ name, body, id }) => [name, body, id]));
    if (this.#asksReplicas) pipeline.wait(REPLICAS_ASKED, REPLICA_WITHIN_MS);
    // After the events, so that notified readers find them.
    for (const { name, id } of told) if (isHurried(name)) pipeline.publish(hurryChannel(name), id);
  }

  /** Repeats the write until a primary has the events and a replica has been asked to take them. Duplicates are recognised by their id. */
  async #settled(told: readonly Told[], answered: readonly (readonly [Error | null, unknown])[]): Promise<void> {
    for (let answers = answered; ;) {
      const [added, copied] = answers;
      const failure = added === undefined ? new Error(ABORTED) : (added[0] ?? copied?.[0] ?? undefined);
      if (failure === undefined) {
        if (this.#asksReplicas) this.#noteReplicas(Number(copied?.[1]));
        return;
      }
      // The connection broke between two answers, or a primary changes. What comes after these events waits, so that their order stays.
      const mayPass = added?.[0] == null || PASSING.some((word) => failure.message.startsWith(word));
      if (!mayPass || !this.#isOpen) throw failure;
      await pause(AGAIN_MS);
      const again = this.valkey.pipeline();
      this.#putEvents(again, told);
      answers = (await again.exec()) ?? [];
    }
  }

  /** Logged once, until there is a replica again. */
  #noteReplicas(count: number): void {
    const isAlone = count < REPLICAS_ASKED;
    if (isAlone && !this.#isAlone) this.#log.warn({}, 'no replica of the live state has the latest writes: a failover now would lose them');
    this.#isAlone = isAlone;
  }
}

const isHurried = (name: string): boolean => hurriedEvents.some((hurried) => hurried === name);

/** One command for fields that are set and one for fields that are removed. */
function putState(pipeline: ChainableCommander, hash: string, all: Fields): readonly { readonly hash: string; readonly fields: Fields }[] {
  const kept: Fields = new Map([...all].filter(([, text]) => text !== null));
  const removed: Fields = new Map([...all].filter(([, text]) => text === null));
  if (kept.size > 0) pipeline.hset(hash, ...[...kept].map(([field, text]) => [field, text ?? ''] as const).flat());
  if (removed.size > 0) pipeline.hdel(hash, ...removed.keys());
  return [kept, removed].flatMap((fields) => (fields.size > 0 ? [{ hash, fields }] : []));
}
