import { Redis } from 'ioredis';
import { events, type Delivered, type EventBus, type EventInput, type EventName, type Handlers, type Pace } from '../events/catalogue.js';
import type { Logger } from './logger.js';

const STREAM = 'proofline:events';
/** About a week of a busy centre; the stores, not the stream, are what is kept. */
const KEPT_EVENTS = 1_000_000;
const READ_BLOCK_MS = 2_000;
const READ_AT_ONCE = 256;
/** A reader for whom nobody waits reads what came within this time at once. */
const GATHER_MS = 100;
/** A handler that fails is tried again so often, then the event is set aside in `proofline:events:failed` with an error in the log. */
const MAX_DELIVERIES = 8;

/**
 * The event bus on one Valkey stream: order is the stream's, a subscriber is a consumer group, an event is acknowledged after its handler
 * (of an unhurried subscriber: after all that were read with it), and what a dead consumer had in hand is taken over when the subscriber starts again.
 */
export function createValkeyBus({ url, log }: { readonly url: string; readonly log: Logger }): EventBus & { close(): Promise<void> } {
  const writer = new Redis(url, { maxRetriesPerRequest: null, enableAutoPipelining: true });
  writer.on('error', () => undefined);
  const stops = new Set<() => Promise<void>>();

  async function subscribe(subscriber: string, handlers: Handlers, { unhurried = false }: Pace = {}): Promise<() => Promise<void>> {
    const reader = new Redis(url, { maxRetriesPerRequest: null });
    reader.on('error', () => undefined);
    let running = true;
    await createGroup(writer, subscriber);
    const ack = async (ids: readonly string[]): Promise<void> => {
      if (ids.length > 0) await writer.xack(STREAM, subscriber, ...ids);
    };
    const loop = (async () => {
      // First what was delivered but not acknowledged before a restart ('0'), then what is new ('>').
      let from = '0';
      while (running) {
        try {
          const reply = await reader.xreadgroup(
            'GROUP',
            subscriber,
            'only',
            'COUNT',
            READ_AT_ONCE,
            'BLOCK',
            READ_BLOCK_MS,
            'STREAMS',
            STREAM,
            from,
          );
          const entries = (reply?.[0]?.[1] ?? []).map(([id, fields]) => ({ id, delivered: parse(id, fields, (name) => name in handlers) }));
          if (entries.length === 0) from = '>';
          const done: string[] = [];
          await Promise.all(
            (unhurried ? lanesOf(entries) : [entries]).map(async (lane) => {
              for (const { id, delivered } of lane) {
                if (!running) break;
                if (delivered !== undefined) await handle(subscriber, handlers, delivered);
                done.push(id);
                // What nobody handles is acknowledged with what somebody does.
                if (delivered !== undefined && !unhurried) await ack(done.splice(0));
              }
            }),
          );
          await ack(done);
          if (unhurried && entries.length < READ_AT_ONCE) await pause(GATHER_MS);
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

  /** Tries again after a failure; in the end the event is set aside. */
  async function handle(subscriber: string, handlers: Handlers, { id, name, event }: Delivered): Promise<void> {
    const handler = handlers[name] as (event: unknown, id: string) => Promise<void> | void;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await handler(event, id);
        return;
      } catch (error) {
        log.error({ err: error, subscriber, event: name, eventId: id, attempt }, 'event handler failed');
        if (attempt >= MAX_DELIVERIES) {
          await writer.xadd(`${STREAM}:failed`, 'MAXLEN', '~', 10_000, '*', 'subscriber', subscriber, 'eventId', id, 'name', name);
          return;
        }
        await pause(50 * 2 ** attempt);
      }
    }
  }

  async function follow(
    tell: (delivered: Delivered) => void,
    { only, unhurried = false }: Pace & { readonly only?: readonly EventName[] } = {},
  ): Promise<() => Promise<void>> {
    const reader = new Redis(url, { maxRetriesPerRequest: null });
    reader.on('error', () => undefined);
    let running = true;
    const newest = (await writer.xrevrange(STREAM, '+', '-', 'COUNT', 1)) as [string, string[]][];
    let from = newest[0]?.[0] ?? '0-0';
    const loop = (async () => {
      while (running) {
        try {
          const reply = (await reader.xread('COUNT', READ_AT_ONCE, 'BLOCK', READ_BLOCK_MS, 'STREAMS', STREAM, from)) as StreamReply;
          const entries = reply?.[0]?.[1] ?? [];
          for (const [id, fields] of entries) {
            from = id;
            const delivered = parse(id, fields, (name) => only?.includes(name) ?? true);
            if (delivered === undefined) continue;
            try {
              tell(delivered);
            } catch (error) {
              log.error({ err: error, event: delivered.name }, 'event follower failed');
            }
          }
          if (unhurried && entries.length < READ_AT_ONCE) await pause(GATHER_MS);
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

  /** Undefined for an event that its reader does not want: most are looked at by one or two of the readers only. */
  function parse(id: string, fields: readonly string[] | null, wanted: (name: EventName) => boolean): Delivered | undefined {
    const name = fields?.[1] as EventName | undefined;
    if (name === undefined || !(name in events) || !wanted(name)) return undefined;
    const parsed = events[name].safeParse(JSON.parse(fields?.[3] ?? 'null'));
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

type StreamReply = [stream: string, entries: [id: string, fields: string[] | null][]][] | null;

async function createGroup(valkey: Redis, subscriber: string): Promise<void> {
  try {
    await valkey.xgroup('CREATE', STREAM, subscriber, '$', 'MKSTREAM');
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('BUSYGROUP'))) throw error;
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
