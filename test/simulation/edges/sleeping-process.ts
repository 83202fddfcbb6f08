import type { Clock } from '../../../services/shared/domain/time/clock.js';
import type { Scheduler } from '../scheduler.js';

/** A process that may stand still for a while: what is due meanwhile, and what comes to it, waits until it wakes. */
export class SleepingProcess {
  alive = true;
  #asleep: (() => void)[] | undefined;

  constructor(private readonly scheduler: Scheduler) {}

  /** Runs now, or when the process wakes, if it is still there then. */
  run(what: () => void): void {
    if (!this.alive) return;
    if (this.#asleep === undefined) what();
    else this.#asleep.push(what);
  }

  readonly clock: Clock = {
    nowMs: () => this.scheduler.nowMs,
    after: (ms, run) => {
      let isOver = false;
      this.scheduler.after(ms, () => this.run(() => !isOver && run()));
      return () => (isOver = true);
    },
    every: (ms, run) => {
      let isOver = false;
      const again = (): void => {
        this.scheduler.after(ms, () =>
          this.run(() => {
            if (isOver) return;
            again();
            run();
          }),
        );
      };
      again();
      return () => (isOver = true);
    },
  };

  get isAsleep(): boolean {
    return this.#asleep !== undefined;
  }
  sleep(): void {
    this.#asleep ??= [];
  }
  wake(): void {
    const due = this.#asleep ?? [];
    this.#asleep = undefined;
    // In their order, each in a turn of its own: what waits for promises comes in between.
    for (const [at, run] of due.entries()) this.scheduler.after(at / 1_000, () => this.run(run));
  }
}
