import type { Redis } from 'ioredis';
import type { HurriedEvent } from '../../events/catalogue.js';
import { hurryChannel } from './event-stream.js';
import type { ReadPace } from './read-pace.js';

/**
 * Notifies the readers of this process of events that a person waits for. A lost notice costs a reader ten milliseconds: only the pace
 * depends on it.
 */
export class Hurry {
  readonly #paces = new Map<string, Set<ReadPace>>();
  #reader: Redis | undefined;

  /** `open`: a connection that only receives. */
  constructor(private readonly open: () => Redis) {}

  /** The returned function stops it. */
  join(names: readonly HurriedEvent[], pace: ReadPace): () => void {
    if (names.length === 0) return () => undefined;
    this.#reader ??= this.#listen();
    for (const channel of names.map(hurryChannel)) {
      const paces = this.#paces.get(channel);
      if (paces !== undefined) paces.add(pace);
      else {
        this.#paces.set(channel, new Set([pace]));
        // The client subscribes again by itself after its connection broke.
        this.#reader.subscribe(channel).catch(() => undefined);
      }
    }
    return () => {
      for (const paces of this.#paces.values()) paces.delete(pace);
    };
  }

  close(): void {
    this.#reader?.disconnect();
  }

  #listen(): Redis {
    const reader = this.open();
    reader.on('message', (channel: string, eventId: string) => {
      for (const pace of this.#paces.get(channel) ?? []) pace.hurry(eventId);
    });
    return reader;
  }
}
