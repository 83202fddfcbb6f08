import { Redis } from 'ioredis';
import { events, type Delivered, type EventBus, type EventInput, type EventName, type Handlers } from '../events/catalogue.js';
import type { Logger } from './logger.js';

const STREAM = 'proofline:events';
/** About a week of a busy centre; the stores, not the stream, are what is kept. */
const KEPT_EVENTS = 1_000_000;
const READ_BLOCK_MS = 2_000;
/** A handler that fails is tried again so often, then the event is set aside in `proofline:events:failed` with an error in the log. */
const MAX_DELIVERIES = 8;

/**
 * The event bus on one Valkey stream: order is the stream's, a subscriber is a consumer group, an event is acknowledged after its handler,
 * and what a dead consumer had in hand is taken over when the subscriber starts again.
 */
export function createValkeyBus({ url, log }: { readonly url: string; readonly log: Logger }): EventBus & { close(): Promise<void> } {
  const writer = new Redis(url, { maxRetriesPerRequest: null, enableAutoPipelining: true });
  writer.on('error', () => undefined);
  const stops = new Set<() => Promise<void>>();

  async function subscribe(subscriber: string, handlers: Handlers): Promise<() => Promise<void>> {
    const reader = new Redis(url, { maxRetriesPerRequest: null });
    reader.on('error', () => undefined);
    let running = true;
    await createGroup(writer, subscriber);
    const loop = (async () => {
      // First what was delivered but not acknowledged before a restart ('0'), then what is new ('>').
      let from = '0';
      while (running) {
        try {
          const reply = await reader.xreadgroup('GROUP', subscriber, 'only', 'COUNT', 64, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from);
          const entries = reply?.[0]?.[1] ?? [];
          if (entries.length === 0) from = '>';
          for (const [id, fields] of entries) {
            if (!running) break;
            await deliver(subscriber, handlers, id, fields);
          }
        } catch (error) {
          if (!running) break;
          if (error instanceof Error && error.message.includes('NOGROUP')) await createGroup(writer, subscriber).catch(() => undefined);
          else log.warn({ err: error, subscriber }, 'event reader failed, reading again');
          from = '0';
          await pause(200);
        }
      }
    })();
    const stop = async (): Promise<void> => {
      running = false;
      stops.delete(stop);
      reader.disconnect();
      await loop;
    };
    stops.add(stop);
    return stop;
  }

  async function deliver(subscriber: string, handlers: Handlers, id: string, fields: readonly string[] | null): Promise<void> {
    const delivered = fields === null ? undefined : parse(id, fields);
    const handler =
      delivered === undefined
        ? undefined
        : (handlers[delivered.name] as ((event: unknown, id: string) => Promise<void> | void) | undefined);
    if (delivered !== undefined && handler !== undefined) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await handler(delivered.event, id);
          break;
        } catch (error) {
          log.error({ err: error, subscriber, event: delivered.name, eventId: id, attempt }, 'event handler failed');
          if (attempt >= MAX_DELIVERIES) {
            await writer.xadd(
              `${STREAM}:failed`,
              'MAXLEN',
              '~',
              10_000,
              '*',
              'subscriber',
              subscriber,
              'eventId',
              id,
              'name',
              delivered.name,
            );
            break;
          }
          await pause(50 * 2 ** attempt);
        }
      }
    }
    await writer.xack(STREAM, subscriber, id);
  }

  async function follow(handle: (delivered: Delivered) => void): Promise<() => Promise<void>> {
    const reader = new Redis(url, { maxRetriesPerRequest: null });
    reader.on('error', () => undefined);
    let running = true;
    const newest = (await writer.xrevrange(STREAM, '+', '-', 'COUNT', 1)) as [string, string[]][];
    let from = newest[0]?.[0] ?? '0-0';
    const loop = (async () => {
      while (running) {
        try {
          const reply = (await reader.xread('COUNT', 256, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from)) as StreamReply;
          for (const [id, fields] of reply?.[0]?.[1] ?? []) {
            from = id;
            const delivered = fields === null ? undefined : parse(id, fields);
            if (delivered === undefined) continue;
            try {
              handle(delivered);
            } catch (error) {
              log.error({ err: error, event: delivered.name }, 'event follower failed');
            }
          }
        } catch {
          if (running) await pause(200);
        }
      }
    })();
    const stop = async (): Promise<void> => {
      running = false;
      stops.delete(stop);
      reader.disconnect();
      await loop;
    };
    stops.add(stop);
    return stop;
  }

  function parse(id: string, fields: readonly string[]): Delivered | undefined {
    const name = fields[1] as EventName | undefined;
    if (name === undefined || !(name in events)) return undefined;
    const parsed = events[name].safeParse(JSON.parse(fields[3] ?? 'null'));
    if (!parsed.success) {
      log.error({ event: name, eventId: id }, 'event does not have the shape of its catalogue entry');
      return undefined;
    }
    return { id, name, event: parsed.data } as Delivered;
  }

  return {
    async publish<N extends EventName>(name: N, event: EventInput<N>): Promise<void> {
      const body = JSON.stringify(events[name].parse(event));
      await writer.xadd(STREAM, 'MAXLEN', '~', KEPT_EVENTS, '*', 'name', name, 'body', body);
    },
    subscribe,
    follow,
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      writer.disconnect();
    },
  };
}

type StreamReply = [stream: string, entries: [id: string, fields: string[] | null][]][] | null;

async function createGroup(valkey: Redis, subscriber: string): Promise<void> {
  try {
    await valkey.xgroup('CREATE', STREAM, subscriber, '$', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
