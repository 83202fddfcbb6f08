import { randomUUID } from 'node:crypto';
import { events, type EventBus, type EventInput, type EventName, type Handlers, type Pace } from '../../events/catalogue.js';
import { callHandler, EventHandling, failureNameOf } from './event-handling.js';
import { followEvents } from './event-follower.js';
import { createGroup, DECIDED } from './event-stream.js';
import { beginTurn } from './event-turns.js';
import type { Logger } from '../processes/logger.js';
import { Hurry } from './hurry.js';
import { LiveWriter } from '../stores/live-writer.js';
import { OwnReading } from './own-reading.js';
import { SetAside } from './set-aside.js';
import { createSetAsideAlarm } from './set-aside-alarm.js';
import { SharedReading } from './shared-reading.js';
import { openValkey } from './valkey-client.js';

/** Pause between two reads of subscribers that share one reading. */
const SHARED_GATHER_MS = 100;

/** The event bus on one Valkey stream: the order is that of the stream, and each subscriber is a consumer group. */
export function createValkeyBus({
  url,
  log,
  live = new LiveWriter({ url, log }),
}: {
  readonly url: string;
  readonly log: Logger;
  /** The connection by which this process also writes its state; without it, the bus opens its own. Closed with the bus. */
  readonly live?: LiveWriter;
}): EventBus & { close(): Promise<void> } {
  const writer = live.valkey;
  const stops = new Set<() => Promise<void>>();
  const open = (): ReturnType<typeof openValkey> => openValkey(url, { maxRetriesPerRequest: null });
  const hurries = new Hurry(open);
  const shared = new SharedReading({ writer, open, gatherMs: SHARED_GATHER_MS, nowMs: Date.now, log });
  const alarm = createSetAsideAlarm({ publish, log });

  async function subscribe(
    subscriber: string,
    handlers: Handlers,
    { gatherMs, fromBeginning = false, oneProcess = false, hurry = [], turn }: Pace = {},
  ): Promise<() => Promise<void>> {
    const first = fromBeginning ? '0' : '$';
    if (turn === undefined) await createGroup(writer, subscriber, first);
    else await beginTurn(writer, { subscriber, token: turn.token, first });
    const aside = new SetAside({
      subscriber,
      valkey: writer,
      handle: (delivered) => callHandler(handlers, delivered),
      failureOf: failureNameOf,
      alarm: (event) => void alarm.raise(event),
      emptied: () => void alarm.clear(subscriber),
      nowMs: Date.now,
      log,
    });
    await aside.load();
    const handling = new EventHandling({ handlers, aside, inOrder: gatherMs === undefined, log });
    const wants = (name: EventName): boolean => name in handlers || name === DECIDED;
    if (oneProcess && gatherMs !== undefined) return ends(aside, await joinShared(subscriber, wants, handling));
    const openReader = (): ReturnType<typeof openValkey> => openValkey(url, { maxRetriesPerRequest: 0 });
    const reading = new OwnReading({ subscriber, first, turn, wants, handling, gatherMs, hurry, hurries, writer, open: openReader, log });
    return ends(aside, () => reading.stop());
  }

  async function joinShared(
    subscriber: string,
    wants: (name: EventName) => boolean,
    handling: EventHandling,
  ): Promise<() => Promise<void>> {
    let running = true;
    const leave = await shared.join({ subscriber, wants, take: (entries, isDone) => handling.take(entries, isDone, () => running) });
    return async () => {
      running = false;
      await leave();
    };
  }

  /** The function that ends a reading; the bus calls it too when it closes. */
  function ends(aside: Pick<SetAside, 'stop'> | undefined, leave: () => Promise<void>): () => Promise<void> {
    const stop = async (): Promise<void> => {
      stops.delete(stop);
      aside?.stop();
      await leave();
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
    follow: async (tell, options = {}) => ends(undefined, await followEvents(tell, options, { writer, open, hurries, log })),
    async close() {
      await Promise.all([...stops].map((stop) => stop()));
      hurries.close();
      live.close();
    },
  };
}
