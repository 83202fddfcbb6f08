import type { Clock } from '../../../services/shared/domain/time/clock.js';
import type { Seat } from './seat.js';

/** A browser asks for the microphone within this time, and the line comes up within a second after it. */
const WITHIN_MS = 20_000;

/** Waits until a seat that was just opened has its media; false when the media does not come up. */
export function lineUp({ subscribe, getSnapshot }: Pick<Seat, 'subscribe' | 'getSnapshot'>, clock: Pick<Clock, 'after'>): Promise<boolean> {
  const isUp = (): boolean => getSnapshot().link === 'up' && getSnapshot().line === 'up' && getSnapshot().agent !== null;
  if (isUp()) return Promise.resolve(true);
  return new Promise((resolve) => {
    const finish = (up: boolean): void => {
      stop();
      cancel();
      resolve(up);
    };
    const stop = subscribe(() => {
      if (isUp()) finish(true);
    });
    const cancel = clock.after(WITHIN_MS, () => finish(false));
  });
}
