import { CallCentreError } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/logger.js';
import type { IntentSpool, Lease, LedgerStore, SpooledIntent } from './ports.js';

const LEASE_SIZE = 1_000;
/** An outage may last as long as this many calls take to come in. */
const RENEW_BELOW = 500;
const STORE_TIMEOUT_MS = 400;
/** After a failure the store is left alone for so long: callers do not wait for it. */
const REST_MS = 2_000;

/**
 * Gives each leg its number before the call is answered. Numbers come from a lease (a run of numbers that this place alone may use), so
 * that the sequence goes on without a hole while the store is away: such intents wait on the local disk, flushed, and are written later. A
 * number is used up only by a row; what a crash left between the two is given out again.
 */
export class RecordingLedger {
  #free: number[] = [];
  #leases: Lease[] = [];
  #owner = '';
  #waiting: SpooledIntent[] = [];
  #restUntilMs = 0;
  #renewing: Promise<void> | undefined;

  constructor(
    private readonly deps: {
      readonly store: LedgerStore;
      readonly spool: IntentSpool;
      readonly log: Logger;
      readonly steadyMs: () => number;
    },
  ) {}

  /** Takes up what this place left behind. Works without the store when a lease is on the disk. */
  async start(): Promise<void> {
    const kept = await this.deps.spool.load();
    this.#owner = kept.owner;
    this.#waiting = [...kept.waiting];
    this.#leases = [...kept.leases];
    try {
      const taken = new Set(this.#waiting.map(({ number }) => number));
      for (const lease of this.#leases) {
        for (const number of await this.#within(this.deps.store.used(lease.from, lease.to))) taken.add(number);
      }
      this.#free = this.#leases.flatMap((lease) => range(lease)).filter((number) => !taken.has(number));
      await this.deliver();
      await this.#renew();
    } catch (error) {
      this.deps.log.warn({ err: error }, 'the ledger begins without the document store');
      this.#rest();
      // Which of the numbers have rows is not known now; those after the highest that waits were never given out.
      const highest = Math.max(0, ...this.#waiting.map(({ number }) => number));
      this.#free = this.#leases.flatMap((lease) => range(lease)).filter((number) => number > highest);
    }
  }

  /** Fails with `service-unavailable` only when neither the store nor a lease nor the disk is there. */
  async intent(leg: { readonly callId: string; readonly legId?: string; readonly at: string }): Promise<{ readonly ledgerNumber: number }> {
    if (this.#free.length === 0) await this.#renew();
    for (;;) {
      const number = this.#free.shift();
      if (number === undefined) throw new CallCentreError('service-unavailable', 'no ledger number can be had');
      const intent: SpooledIntent = {
        number,
        callId: leg.callId,
        intendedAt: leg.at,
        ...(leg.legId === undefined ? {} : { legId: leg.legId }),
      };
      if (this.#free.length < RENEW_BELOW) void this.#renew().catch(() => undefined);
      if (this.deps.steadyMs() >= this.#restUntilMs) {
        try {
          // Taken by another call: only after a start without the store. The next number is tried.
          if (!(await this.#within(this.deps.store.intend(intent)))) continue;
          return { ledgerNumber: number };
        } catch (error) {
          this.deps.log.warn({ err: error, callId: leg.callId }, 'the document store did not take a ledger row; it waits on the disk');
          this.#rest();
        }
      }
      await this.deps.spool.append(intent);
      this.#waiting.push(intent);
      return { ledgerNumber: number };
    }
  }

  /** Writes what waits. Called every second; does nothing while the store rests. */
  async deliver(): Promise<void> {
    if (this.#waiting.length === 0 || this.deps.steadyMs() < this.#restUntilMs) return;
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        if (!(await this.#within(this.deps.store.intend(next))))
          this.deps.log.error({ callId: next.callId, ledgerNumber: next.number }, 'a ledger number was given out twice');
        this.#waiting.shift();
      }
      await this.deps.spool.clear();
    } catch (error) {
      this.#rest();
      this.deps.log.warn({ err: error, waiting: this.#waiting.length }, 'ledger rows still wait for the document store');
    }
  }

  status(): { readonly waiting: number; readonly free: number } {
    return { waiting: this.#waiting.length, free: this.#free.length };
  }

  #renew(): Promise<void> {
    this.#renewing ??= this.#leaseMore().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #leaseMore(): Promise<void> {
    if (this.#free.length >= RENEW_BELOW || this.deps.steadyMs() < this.#restUntilMs) return;
    try {
      const lowest = Math.min(Infinity, ...this.#free, ...this.#waiting.map(({ number }) => number));
      const usedUp = this.#leases.filter(({ to }) => to < lowest);
      const held = await this.#within(this.deps.store.lease(this.#owner, LEASE_SIZE, usedUp));
      const unknown = held.filter((lease) => !this.#leases.some(({ from }) => from === lease.from));
      // Before the numbers are used: a lease that only the memory knows would be a hole after a crash.
      await this.deps.spool.keepLeases(held);
      this.#leases = [...held];
      this.#free = [...this.#free, ...unknown.flatMap((lease) => range(lease))].sort((a, b) => a - b);
    } catch (error) {
      this.#rest();
      throw error;
    }
  }

  #rest(): void {
    this.#restUntilMs = this.deps.steadyMs() + REST_MS;
  }

  async #within<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new CallCentreError('timed-out', 'the document store is slow')), STORE_TIMEOUT_MS);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

const range = ({ from, to }: Lease): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
