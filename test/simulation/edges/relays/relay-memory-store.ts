import type { Random } from '../../random.js';
import type { Scheduler } from '../../scheduler.js';
import type { RelayLeg } from './relay-process.js';

/** A relay gives up a write after this time, and then writes nothing for a while (infra/supervisor/plan/plan.ts, infra/rtpengine/run.sh). */
const WRITE_WITHIN_MS = 100;
const DISABLED_MS = 5_000;

/** A relay that is told of each write of its partner. */
export interface Subscriber {
  written(leg: RelayLeg): void;
  deleted(legId: string): void;
}

/** The live state with the legs of the relays, one database for each relay or pair. */
export class LiveMemory {
  /** `hung`: it accepts, and answers nothing. */
  state: 'up' | 'away' | 'hung' = 'up';
  /** When it was not up for the last time, and when the time before ended. */
  troubledMs = -Infinity;
  readonly #legs = new Map<string, Map<string, RelayLeg>>();
  readonly #subscribers = new Map<string, Set<Subscriber>>();
  /** Who was not told anything since the last trouble, and until when. */
  readonly #deafUntilMs = new WeakMap<Subscriber, number>();
  #onLost: (() => void) | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    private readonly random: Random,
  ) {}

  legsOf(relay: string): ReadonlyMap<string, RelayLeg> {
    return this.#legs.get(relay) ?? new Map<string, RelayLeg>();
  }

  subscribe(relay: string, who: Subscriber): void {
    const all = this.#subscribers.get(relay) ?? new Set();
    all.add(who);
    this.#subscribers.set(relay, all);
  }
  unsubscribe(relay: string, who: Subscriber): void {
    this.#subscribers.get(relay)?.delete(who);
  }

  /** The last process that follows it; told when the connection breaks. */
  onLost(handle: () => void): void {
    this.#onLost = handle;
  }

  fail(state: 'away' | 'hung', forMs: number): void {
    if (this.state !== 'up') return;
    this.state = state;
    this.scheduler.after(forMs, () => this.heal());
    if (state === 'away') this.#onLost?.();
  }

  heal(): void {
    if (this.state === 'up') return;
    this.state = 'up';
    this.troubledMs = this.scheduler.nowMs;
    for (const all of this.#subscribers.values())
      for (const each of all) this.#deafUntilMs.set(each, this.scheduler.nowMs + this.random.int(100, DISABLED_MS));
  }

  /** What telephony asks to see whether it is there. */
  ping(run: (what: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.state === 'hung') this.scheduler.after(50, look);
        else if (this.state === 'away') run(() => reject(new Error('away')));
        else run(resolve);
      };
      this.scheduler.after(1, look);
    });
  }

  put(relay: string, by: Subscriber, leg: RelayLeg): void {
    const legs = this.#legs.get(relay) ?? new Map<string, RelayLeg>();
    this.#legs.set(relay, legs.set(leg.id, { ...leg }));
    for (const each of this.#toldOf(relay, by)) each.written({ ...leg });
  }
  remove(relay: string, by: Subscriber, legId: string): void {
    this.#legs.get(relay)?.delete(legId);
    for (const each of this.#toldOf(relay, by)) each.deleted(legId);
  }

  #toldOf(relay: string, by: Subscriber): readonly Subscriber[] {
    const all = [...(this.#subscribers.get(relay) ?? [])];
    return all.filter((each) => each !== by && (this.#deafUntilMs.get(each) ?? -Infinity) <= this.scheduler.nowMs);
  }
}

/** How one relay writes: what fails is not tried again, and for some time after it nothing is written. */
export class RelayWriter {
  #disabledUntilMs = -Infinity;

  constructor(
    private readonly memory: LiveMemory,
    private readonly scheduler: Scheduler,
  ) {}

  /** Writes, unless it cannot. Resolves with the time for which this holds up the command. */
  write(work: () => void): number {
    if (this.#disabledUntilMs > this.scheduler.nowMs) return 0;
    if (this.memory.state === 'up') {
      work();
      return 0;
    }
    this.#disabledUntilMs = this.scheduler.nowMs + DISABLED_MS;
    return this.memory.state === 'hung' ? WRITE_WITHIN_MS : 0;
  }
}
