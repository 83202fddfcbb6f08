import type { Delivered, Handlers } from '../../events/catalogue.js';
import { failureOf } from '../../domain/failure.js';
import { DECIDED, type Taken } from './event-stream.js';
import type { Logger } from '../processes/logger.js';
import type { SetAside } from './set-aside.js';

/**
 * The number of handled events that are remembered by id. An event may come again when its acknowledgement was lost with Valkey or the
 * connection, or when it was sent again to the new primary.
 */
const KNOWN_AGAIN = 4_096;
/** How many times a handler is tried in a row. After that its event is set aside, and events of other calls and seats go on. */
const TRIES_AT_ONCE = 3;
/** When this many lanes wait, something that all of them need is down. The next event is then tried only once. */
const LANES_OF_AN_OUTAGE = 3;
const RETRY_MS = 50;

/** Handles the events that a subscriber has read, each one once. */
export class EventHandling {
  readonly #known = new Set<string>();

  constructor(
    private readonly deps: {
      readonly handlers: Handlers;
      readonly aside: SetAside;
      /** Handles all events in the order of the stream, not only those of one call or seat. */
      readonly inOrder: boolean;
      readonly log: Logger;
    },
  ) {}

  /** Stops when `isRunning` returns false. */
  async take(entries: readonly Taken[], isDone: (id: string) => void, isRunning: () => boolean): Promise<void> {
    await Promise.all(
      (this.deps.inOrder ? [entries] : lanesOf(entries)).map(async (lane) => {
        for (const { id, delivered } of lane) {
          if (!isRunning()) break;
          if (delivered !== undefined && !this.#known.has(delivered.id)) {
            await this.#handle(delivered);
            this.#keep(delivered.id);
          }
          isDone(id);
        }
      }),
    );
  }

  /** An event of a waiting lane is put behind the others of that lane. An event that cannot be handled becomes the first of such a lane. */
  async #handle(delivered: Delivered): Promise<void> {
    const { handlers, aside, log } = this.deps;
    if (delivered.name === DECIDED) return aside.decided(delivered.event.decision, delivered.event.id);
    const lane = keyOf(delivered) || delivered.id;
    if (aside.holds(lane)) return aside.put(delivered, lane);
    const tries = aside.lanes < LANES_OF_AN_OUTAGE ? TRIES_AT_ONCE : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await callHandler(handlers, delivered);
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

  #keep(id: string): void {
    this.#known.add(id);
    if (this.#known.size <= KNOWN_AGAIN) return;
    const [oldest = ''] = this.#known;
    this.#known.delete(oldest);
  }
}

/** Events of one call, or of one agent's seat, keep their order. Other events need not wait for them. */
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

export async function callHandler(handlers: Handlers, { id, name, event }: Delivered): Promise<void> {
  await (handlers[name] as ((event: unknown, id: string) => Promise<void> | void) | undefined)?.(event, id);
}

/** A failure code, or the name of an error. The message of an error may contain anything. */
export function failureNameOf(error: unknown): string {
  const code = failureOf(error);
  return code === 'internal' && error instanceof Error ? error.name : code;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
