import type { Delivered, EventBus, EventName, EventOf } from '../shared/events/catalogue.js';

export interface EventWatch {
  /** The next event that fits; fails when none comes in time. */
  next<N extends EventName>(name: N, fits: (event: EventOf<N>) => boolean): Promise<EventOf<N>>;
  stop(): Promise<void>;
}

/** Follows events from now on; each wait fails after `withinMs`. */
export async function watchEvents(bus: EventBus, withinMs: number): Promise<EventWatch> {
  const waiting = new Set<(delivered: Delivered) => void>();
  const stop = await bus.follow((delivered) => {
    for (const look of [...waiting]) look(delivered);
  });
  return {
    next<N extends EventName>(name: N, fits: (event: EventOf<N>) => boolean): Promise<EventOf<N>> {
      const coming = new Promise<EventOf<N>>((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no ${name} within ${withinMs} ms`));
        }, withinMs);
        const look = (delivered: Delivered): void => {
          if (delivered.name !== name || !fits(delivered.event as EventOf<N>)) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(delivered.event as EventOf<N>);
        };
        waiting.add(look);
      });
      // An earlier stage may fail before anybody awaits this one.
      coming.catch(() => undefined);
      return coming;
    },
    stop,
  };
}
