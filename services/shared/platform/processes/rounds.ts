import type { Logger } from './logger.js';

/** Runs a piece of work again and again, never twice at once. A failure is logged, and the next round tries again. */
export function every(ms: number, work: () => Promise<unknown>, failure: string, log: Logger): { start(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let busy: Promise<unknown> | undefined;
  const turn = (): void => {
    busy ??= work()
      .catch((error: unknown) => log.error({ err: error }, failure))
      .finally(() => (busy = undefined));
  };
  return {
    start() {
      turn();
      timer = setInterval(turn, ms);
    },
    async stop() {
      clearInterval(timer);
      await busy;
    },
  };
}

const QUARTER_MS = 15 * 60_000;
const FIRST_MS = 20_000;

/** Runs `round` soon after the start and then every quarter of an hour, each after the end of the one before. */
export function everyQuarter(round: () => Promise<unknown>, failed: (error: unknown) => void): { begin(): void; end(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isEnded = false;
  const tick = (): void => {
    void round()
      .catch(failed)
      .finally(() => {
        // A round that is running when the process ends does not start another one.
        if (!isEnded) timer = setTimeout(tick, QUARTER_MS);
      });
  };
  return {
    begin: () => void (timer = setTimeout(tick, FIRST_MS)),
    end() {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}
