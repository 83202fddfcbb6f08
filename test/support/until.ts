import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';

/**
 * Asks until the answer fits, and returns it. For what is stored some time after the event that caused it, with nothing outside to tell of
 * it; whatever tells of itself is awaited instead. Fails with the last answer after `withinMs`.
 */
export async function until<T>(ask: () => T | Promise<T>, fits: (answer: T) => boolean, withinMs = 60_000): Promise<T> {
  const startedMs = performance.now();
  for (;;) {
    const answer = await ask();
    if (fits(answer)) return answer;
    const waitedMs = performance.now() - startedMs;
    if (waitedMs > withinMs) throw new Error(`still ${inspect(answer, { depth: 3 })}`);
    // What takes long is asked for more rarely: each question costs the product some of the time that it needs for the answer.
    await pause(waitedMs < 3_000 ? 100 : 250);
  }
}
