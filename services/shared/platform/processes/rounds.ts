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
