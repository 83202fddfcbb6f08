import { randomUUID } from 'node:crypto';
import { events, type Delivered, type EventBus, type EventInput, type EventName, type Handlers, type Pace } from '../events/catalogue.js';
import { failureOf } from '../domain/failure.js';
import { CONSUMER, createGroup, decode, DECIDED, STREAM, type StreamEntry, type StreamReply, type Taken } from './event-stream.js';
import type { Logger } from './logger.js';
import { Hurry } from './hurry.js';
import { LiveWriter } from './live-writer.js';
import { createReadPace, type ReadPace } from './read-pace.js';
import { SetAside, type SetAsideEvent } from './set-aside.js';
import { SharedReading } from './shared-reading.js';
import { openValkey } from './valkey-client.js';

const READ_BLOCK_MS = 2_000;
const READ_AT_ONCE = 256;
/** Where events are handled one after the other: fewer are repeated when the process is killed amid them. */
const READ_IN_ORDER_AT_ONCE = 32;
/** Pause between two reads of subscribers that share one reading. */
const SHARED_GATHER_MS = 100;
/** Handled beside one that takes its time: acknowledged without waiting for it. */
const ACK_WITHIN_MS = 250;
/**
 * So many handled events are known again by their own id: when Valkey, or the connection to it, broke before it took the acknowledgement, and
 * when one was sent again to the primary after it.
 */
const KNOWN_AGAIN = 4_096;
/** A handler that fails is tried so often at once; then its event is set aside, and what is not of the same call or seat goes on. */
const TRIES_AT_ONCE = 3;
/** Where so many lanes wait, whatever they all need is away: the next event is tried once. */
const LANES_OF_AN_OUTAGE = 3;
const RETRY_MS = 50;

/**
 * The event bus on one Valkey stream: order is the stream's, a subscriber is a consumer group. What was handled is acknowledged in one write
 * with the next read; what a dead consumer had in hand, and what it had not yet acknowledged, is taken over when the subscriber starts again.
 */
export function createValkeyBus({
  url,
  log,
  live = new LiveWriter({ url, log }),
}: {
  readonly url: string;
  readonly log: Logger;
  /** By which this process writes its state as well; without it, one of its own. Closed with the bus. */
  readonly live?: LiveWriter;
}): EventBus & { close(): Promise<void> } {
  const writer = live.valkey;
  const stops = new Set<() => Promise<void>>();
  const hurries = new Hurry(() => openValkey(url, { maxRetriesPerRequest: null }));
  async function subscribe(
    subscriber: string,
    handlers: Handlers,
    { gatherMs, fromBeginning = false, oneProcess = false, hurry = [] }: Pace = {},
  ): Promise<() => Promise<void>> {
    const atOnce = gatherMs === undefined ? READ_IN_ORDER_AT_ONCE : READ_AT_ONCE;
    let running = true;
    const first = fromBeginning ? '0' : '$';
    await createGroup(writer, subscriber, first);
    const aside = new SetAside({
      subscriber,
      valkey: writer,
      handle: (delivered) => call(handlers, delivered),
      failureOf: failureNameOf,
      alarm: (event) => void raiseAlarm(event),
      emptied: () => void clearAlarm(subscriber),
      nowMs: Date.now,
      log,
    });
    await aside.load();
    /** Handled and not yet acknowledged. */
    const done: string[] = [];
    const known = new Set<string>();

    /** With `isRunning` false the rest is left. */
    async function take(entries: readonly Taken[], isDone: (id: string) => void, isRunning: () => boolean): Promise<void> {
      await Promise.all(
        (gatherMs === undefined ? [entries] : lanesOf(entries)).map(async (lane) => {
          for (const { id, delivered } of lane) {
            if (!isRunning()) break;
            if (delivered !== undefined && !known.has(delivered.id)) {
              await handle(delivered, aside, handlers);
              keep(known, delivered.id);
            }
            isDone(id);
          }
        }),
      );
    }

    const wants = (name: EventName): boolean => name in handlers || name === DECIDED;
    if (oneProcess && gatherMs !== undefined) return joinShared(subscriber, wants, take, aside);

    // A read that was under way when the connection broke fails: its answer may be lost, and what was in it is asked for again, in its order.
    const reader = openValkey(url, { maxRetriesPerRequest: 0 });
    const pace = createReadPace();
    const calm = hurries.join(hurry, pace);

    async function read(from: string): Promise<readonly StreamEntry[]> {
      const acknowledged = done.splice(0);
      try {
        const both = reader.pipeline();
        if (acknowledged.length > 0) both.xack(STREAM, subscriber, ...acknowledged);
        both.xreadgroup('GROUP', subscriber, CONSUMER, 'COUNT', atOnce, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from);
        const replies = (await both.exec()) ?? [];
        for (const [error] of replies) if (error !== null) throw error;
        return (replies.at(-1)?.[1] as StreamReply)?.[0]?.[1] ?? [];
      } catch (error) {
        done.unshift(...acknowledged);
        throw error;
      }
    }

    /** Without waiting for the next read. */
    async function acknowledge(): Promise<void> {
      const acknowledged = done.splice(0);
      if (acknowledged.length === 0) return;
      await writer
        .xack(STREAM, subscriber, ...acknowledged)
        .catch((error: unknown) => log.warn({ err: error, subscriber }, 'handled events could not be acknowledged and will come again'));
    }

    const loop = (async () => {
      // First what was delivered but not acknowledged before a restart ('0'), then what is new ('>').
      let from = '0';
      let failing = false;
      while (running) {
        try {
          await pace.allowed();
          if (!running) break;
          const entries = await read(from);
          failing = false;
          const late = setInterval(() => void acknowledge(), ACK_WITHIN_MS);
          const taken = entries.map((entry) => ({ id: entry[0], delivered: decode(entry, wants, log) }));
          for (const { delivered } of taken) noteRead(pace, hurry, delivered);
          await take(
            taken,
            (id) => void done.push(id),
            () => running,
          ).finally(() => clearInterval(late));
          if (entries.length === 0) from = '>';
          if (gatherMs !== undefined && entries.length < atOnce) await pause(gatherMs);
        } catch (error) {
          if (!running) break;
          if (error instanceof Error && error.message.includes('NOGROUP'))
            await createGroup(writer, subscriber, first).catch(() => undefined);
          else if (!failing) log.warn({ err: error, subscriber }, 'event reader failed, reading again');
          failing = true;
          from = '0';
          await pause(200);
        }
      }
    })();
    const stop = async (): Promise<void> => {
      running = false;
      stops.delete(stop);
      calm();
      reader.disconnect();
      aside.stop();
      await loop;
      // Not for ever: without Valkey what was handled is delivered again.
      await Promise.race([acknowledge(), pause(ACK_WITHIN_MS)]);
    };
    stops.add(stop);
    return stop;
  }

  const shared = new SharedReading({
    writer,
    open: () => openValkey(url, { maxRetriesPerRequest: null }),
    gatherMs: SHARED_GATHER_MS,
    nowMs: Date.now,
    log,
  });

  async function joinShared(
    subscriber: string,
    wants: (name: EventName) => boolean,
    take: (entries: readonly Taken[], isDone: (id: string) => void, isRunning: () => boolean) => Promise<void>,
    aside: SetAside,
  ): Promise<() => Promise<void>> {
    let running = true;
    const leave = await shared.join({ subscriber, wants, take: (entries, isDone) => take(entries, isDone, () => running) });
    const stop = async (): Promise<void> => {
      running = false;
      stops.delete(stop);
      aside.stop();
      await leave();
    };
    stops.add(stop);
    return stop;
  }

  /** An event of a lane that waits, waits behind it; one that cannot be handled is the first of such a lane. */
  async function handle(delivered: Delivered, aside: SetAside, handlers: Handlers): Promise<void> {
    if (delivered.name === DECIDED) return aside.decided(delivered.event.decision, delivered.event.id);
    const lane = keyOf(delivered) || delivered.id;
    if (aside.holds(lane)) return aside.put(delivered, lane);
    const tries = aside.lanes < LANES_OF_AN_OUTAGE ? TRIES_AT_ONCE : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await call(handlers, delivered);
        return;
      } catch (error) {
        if (attempt < tries) await pause(RETRY_MS * attempt);
        else {
          log.error({ err: error, event: delivered.name, eventId: delivered.id }, 'event handler failed');
          return aside.put(delivered, lane, error);
        }
      }
    }
  }

  async function raiseAlarm({ subscriber, name, id, failure }: SetAsideEvent): Promise<void> {
    // Whoever does not take notices would get one about each notice.
    if (name === 'notice.raised' || name === 'notice.cleared') return;
    const notice: EventInput<'notice.raised'> = {
      at: new Date().toISOString(),
      code: 'event-set-aside',
      subject: subscriber,
      text: {
        en: `An event (${name}, ${id}) cannot be handled by "${subscriber}": ${failure}. What belongs to it waits as well; System status counts what waits, and npm run events -- --set-aside lists it.`,
        'zh-CN': `事件（${name}，${id}）无法由“${subscriber}”处理：${failure}。同一通话的后续事件亦在等待；“系统状态”显示等待数量，可用 npm run events -- --set-aside 查看明细。`,
      },
    };
    await publish('notice.raised', notice).catch((error: unknown) =>
      log.warn({ err: error, subscriber }, 'an alarm could not be published'),
    );
  }

  async function clearAlarm(subscriber: string): Promise<void> {
    await publish('notice.cleared', { at: new Date().toISOString(), code: 'event-set-aside', subject: subscriber }).catch(
      (error: unknown) => log.warn({ err: error, subscriber }, 'the end of an alarm could not be published'),
    );
  }

  async function follow(
    tell: (delivered: Delivered) => void,
    { only, gatherMs, hurry = [] }: Pace & { readonly only?: readonly EventName[] } = {},
  ): Promise<() => Promise<void>> {
    const reader = openValkey(url, { maxRetriesPerRequest: null });
    let running = true;
    const newest = (await writer.xrevrange(STREAM, '+', '-', 'COUNT', 1)) as [string, string[]][];
    let from = newest[0]?.[0] ?? '0-0';
    const pace = createReadPace();
    const calm = hurries.join(hurry, pace);
    const loop = (async () => {
      while (running) {
        try {
          await pace.allowed();
          const reply = (await reader.xread('COUNT', READ_AT_ONCE, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from)) as StreamReply;
          const entries = reply?.[0]?.[1] ?? [];
          for (const entry of entries) {
            from = entry[0];
            const delivered = decode(entry, (name) => only?.includes(name) ?? true, log);
            if (delivered === undefined) continue;
            noteRead(pace, hurry, delivered);
            try {
              tell(delivered);
            } catch (error) {
              log.error({ err: error, event: delivered.name }, 'event follower failed');
            }
          }
          if (gatherMs !== undefined && entries.length < READ_AT_ONCE) await pause(gatherMs);
        } catch {
          if (running) await pause(200);
        }
      }
    })();
    const stop = async (): Promise<void> => {
      running = false;
      stops.delete(stop);
      calm();
      reader.disconnect();
      await loop;
    };
    stops.add(stop);
    return stop;
  }

  async function publish<N extends EventName>(name: N, event: EventInput<N>, id: string = randomUUID()): Promise<void> {
    await live.add(name, JSON.stringify(events[name].parse(event)), id);
  }

  return {
    publish,
    subscribe,
    follow,
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      hurries.close();
      live.close();
    },
  };
}

function noteRead(pace: ReadPace, hurry: readonly EventName[], delivered: Delivered | undefined): void {
  if (delivered !== undefined && hurry.includes(delivered.name)) pace.wasRead(delivered.id);
}

/** What is of one call, or of one agent's seat, stays in its order; the rest need not wait for it. */
function lanesOf<E extends { readonly delivered: Delivered | undefined }>(entries: readonly E[]): (readonly E[])[] {
  const lanes = new Map<string, E[]>();
  for (const entry of entries) {
    const key = keyOf(entry.delivered);
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, [entry]);
    else lane.push(entry);
  }
  return [...lanes.values()];
}
function keyOf(delivered: Delivered | undefined): string {
  if (delivered === undefined) return '';
  const { name, event } = delivered;
  if (name.startsWith('agent.') || name.startsWith('seat.')) return 'agentId' in event ? (event.agentId ?? '') : '';
  return 'callId' in event ? (event.callId ?? '') : '';
}

async function call(handlers: Handlers, { id, name, event }: Delivered): Promise<void> {
  await (handlers[name] as ((event: unknown, id: string) => Promise<void> | void) | undefined)?.(event, id);
}

/** A failure code, or the name of an error: its message may hold anything. */
function failureNameOf(error: unknown): string {
  const code = failureOf(error);
  return code === 'internal' && error instanceof Error ? error.name : code;
}

function keep(known: Set<string>, id: string): void {
  known.add(id);
  if (known.size <= KNOWN_AGAIN) return;
  const [oldest = ''] = known;
  known.delete(oldest);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
