import type { LeaseStore } from '../../../../services/shared/platform/processes/role-lease.js';
import type { Random } from '../../random.js';
import type { Scheduler } from '../../scheduler.js';
import type { TelephonyProcess } from './telephony-process.js';

/** The client gives a question up after this time (services/shared/platform/events/valkey-leases.ts). */
const ANSWER_WITHIN_MS = 2_000;
/** A slow message arrives before the margin that a holder leaves (200 ms) is over. */
const SLOW_MS = 150;

/** A call as the live state has it: who wrote it, and how many times it was written. */
export interface KeptCall {
  readonly by: TelephonyProcess;
  readonly turn: number;
}

/** The live state that both machines share: leases that run out by its own clock, and the calls. What it acknowledged stays. */
export class LiveState {
  isAway = false;
  readonly calls = new Map<string, KeptCall>();
  /** When a holder last reached it, by the holder's name. */
  readonly seenMs = new Map<string, number>();
  /** Who was given the role last. */
  last: TelephonyProcess | undefined;
  readonly #leases = new Map<string, { readonly holder: string; readonly untilMs: number }>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
  ) {}

  /** Asks for something. The question or the answer is lost where the machine is cut off or the live state is away at that moment. */
  ask<T>(process: TelephonyProcess, work: () => T): Promise<T> {
    const { scheduler } = this;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const once = (run: () => void): void =>
        process.run(() => {
          if (isOver) return;
          isOver = true;
          run();
        });
      const isThere = (): boolean => !this.isAway && !process.machine.isCut;
      const lost = (): void => {
        scheduler.after(this.random.pick([1, ANSWER_WITHIN_MS]), () => once(() => reject(new Error('away'))));
      };
      if (!isThere()) {
        lost();
        return;
      }
      scheduler.after(this.#latency(), () => {
        if (!isThere()) {
          lost();
          return;
        }
        const done = work();
        process.asked();
        scheduler.after(this.#latency(), () => (isThere() ? once(() => resolve(done)) : lost()));
      });
    });
  }

  leasesFor(process: TelephonyProcess): LeaseStore {
    return {
      take: (name, holder, ms) =>
        this.ask(process, () => {
          const found = this.#holderOf(name);
          if (found !== undefined && found !== holder) return found;
          this.#put(process, name, holder, ms);
          return undefined;
        }),
      takeFrom: (name, former, holder, ms) =>
        this.ask(process, () => {
          if (this.#holderOf(name) !== former) return false;
          this.#put(process, name, holder, ms);
          return true;
        }),
      release: (name, holder) =>
        this.ask(process, () => {
          if (this.#holderOf(name) === holder) this.#leases.delete(name);
        }),
      announce: (name, ms) =>
        this.ask(process, () => void this.#leases.set(`${name} awaited`, { holder: '', untilMs: this.scheduler.nowMs + ms })),
      isAwaited: (name) => this.ask(process, () => this.#holderOf(`${name} awaited`) !== undefined),
    };
  }

  #put(process: TelephonyProcess, name: string, holder: string, ms: number): void {
    if (this.last !== process) process.grantedMs = this.scheduler.nowMs;
    this.last = process;
    this.#leases.set(name, { holder, untilMs: this.scheduler.nowMs + ms });
    this.seenMs.set(process.name, this.scheduler.nowMs);
  }

  #holderOf(name: string): string | undefined {
    const found = this.#leases.get(name);
    return found !== undefined && found.untilMs > this.scheduler.nowMs ? found.holder : undefined;
  }

  #latency(): number {
    return this.random.chance(0.02) ? this.random.int(20, SLOW_MS / 2) : 1 + this.random.unit() * 3;
  }
}
