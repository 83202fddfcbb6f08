import { CallCentreError } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { IntendedLeg, IntentSpool, Lease, LedgerStore, SpooledIntent } from './ports.js';

const LEASE_SIZE = 1_000;
/** A lease is renewed below this many free numbers: an outage may last as long as this many calls take to come in. */
const RENEW_BELOW = 500;
const STORE_TIMEOUT_MS = 400;
/** The issued number that is written to the disk runs ahead of the real one by this much, so that it is written once for many calls. */
const AHEAD = 200;
/** How long the store is left alone after a failure, so that callers do not wait for it. */
const REST_MS = 2_000;

/**
 * Gives each leg its number before the call is answered. Numbers come from a lease (a run of numbers that only this place may use), so that
 * the sequence continues without a gap while the store is away: such intents wait on the local disk, flushed, and are written later. Only a
 * row uses up a number; a number without a row after a crash is given out again.
 */
export class RecordingLedger {
  #free: number[] = [];
  #leases: Lease[] = [];
  #owner = '';
  #waiting: SpooledIntent[] = [];
  /** Higher numbers have no row: the disk says so, to this process and to the next one. */
  #givenUpTo = 0;
  #keptUpTo = 0;
  #lastGiven = 0;
  /** The highest number that this process knows to be on the disk. */
  #noted = 0;
  /** Numbers that may or may not have rows; only the store knows, and it was away when this process started. */
  #unchecked: number[] = [];
  #keeping: Promise<void> = Promise.resolve();
  #noting: Promise<void> = Promise.resolve();
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

  /** Continues what this place left behind. Works without the store when a lease is on the disk. */
  async start(): Promise<void> {
    const kept = await this.deps.spool.load();
    this.#owner = kept.owner;
    this.#waiting = [...kept.waiting];
    this.#leases = [...kept.leases];
    this.#givenUpTo = this.#keptUpTo = kept.givenUpTo;
    const waiting = new Set(this.#waiting.map(({ number }) => number));
    const possible = this.#leases.flatMap((lease) => range(lease)).filter((number) => !waiting.has(number));
    const highest = Math.max(kept.lastGiven ?? this.#givenUpTo, ...waiting);
    this.#lastGiven = highest;
    this.#unchecked = possible.filter((number) => number <= highest);
    this.#free = possible.filter((number) => number > highest);
    try {
      await this.#check();
      await this.deliver();
      await this.#renew();
    } catch (error) {
      this.deps.log.warn({ err: error }, 'the ledger starts without the document store');
      this.#rest();
    }
    await this.#keepAhead(this.#free[0] ?? 0);
  }

  /** Makes numbers available again that the disk counts as issued but that have no row. */
  async #check(): Promise<void> {
    const asked = new Set(this.#unchecked);
    const [first, last] = [this.#unchecked[0], this.#unchecked.at(-1)];
    if (first === undefined || last === undefined) return;
    const used = new Set(await this.#within(this.deps.store.used(first, last)));
    this.#free = [...[...asked].filter((number) => !used.has(number)), ...this.#free].sort((a, b) => a - b);
    this.#unchecked = this.#unchecked.filter((number) => !asked.has(number));
  }

  /** Called before using a number that the next process would otherwise believe was never issued. */
  async #keepAhead(number: number): Promise<void> {
    const failed = (error: unknown): void =>
      this.deps.log.warn({ err: error }, 'the last reserved ledger number could not be written to the disk');
    if (number > this.#givenUpTo - AHEAD / 2) {
      this.#givenUpTo = Math.max(this.#givenUpTo, number) + AHEAD;
      void this.#keep().catch(failed);
    }
    if (number > this.#keptUpTo) await this.#keeping;
    // The disk refused the write, for this call or an earlier one.
    if (number > this.#keptUpTo) await this.#keep().catch(failed);
  }

  /**
   * Called before the row goes to the store: if the process is killed in between, the next one knows that the number was issued even while
   * the store is away. It writes only the highest number, to the machine's memory, however many calls come in at once. It fails only when
   * the machine stops, for which the disk's figure runs ahead, or when the disk refuses; then the call goes on, because the store may take
   * its row.
   */
  async #note(number: number): Promise<void> {
    this.#lastGiven = Math.max(this.#lastGiven, number);
    this.#noting = this.#noting.then(async () => {
      if (number <= this.#noted) return;
      const highest = this.#lastGiven;
      try {
        await this.deps.spool.noteGiven(highest);
        this.#noted = highest;
      } catch (error) {
        this.deps.log.warn({ err: error, ledgerNumber: highest }, 'the last issued ledger number could not be written to the disk');
      }
    });
    await this.#noting;
  }

  /** One at a time, because they write the same file. */
  #keep(leases: readonly Lease[] = this.#leases): Promise<void> {
    const keeping = this.#keeping.then(async () => {
      const upTo = this.#givenUpTo;
      await this.deps.spool.keepLeases(leases, upTo);
      this.#keptUpTo = upTo;
    });
    this.#keeping = keeping.catch(() => undefined);
    return keeping;
  }

  /** Fails with `service-unavailable` only when store, lease and disk are all unavailable. */
  async intent(leg: IntendedLeg): Promise<{ readonly ledgerNumber: number }> {
    if (this.#free.length === 0) await this.#renew();
    for (;;) {
      const number = this.#free.shift();
      if (number === undefined) throw new CallCentreError('service-unavailable', 'no ledger number can be issued');
      await this.#keepAhead(number);
      await this.#note(number);
      const intent: SpooledIntent = {
        number,
        callId: leg.callId,
        intendedAt: leg.at,
        ...(leg.legId === undefined ? {} : { legId: leg.legId }),
        ...(leg.media === undefined ? {} : { media: leg.media }),
      };
      if (this.#free.length < RENEW_BELOW) void this.#renew().catch(() => undefined);
      if (this.deps.steadyMs() >= this.#restUntilMs) {
        try {
          // Another call has the number: this happens only after a start without the store on a disk of an older version. The next number
          // is tried.
          if (!(await this.#within(this.deps.store.intend(intent)))) continue;
          return { ledgerNumber: number };
        } catch (error) {
          this.deps.log.warn({ err: error, callId: leg.callId }, 'the document store did not accept a ledger row; it waits on the disk');
          this.#rest();
        }
      }
      await this.#spool(intent);
      return { ledgerNumber: number };
    }
  }

  async #spool(intent: SpooledIntent): Promise<void> {
    try {
      await this.deps.spool.append(intent);
      this.#waiting.push(intent);
    } catch (error) {
      // The store is asked whether the number has a row after all, once it is back.
      this.#unchecked = [...this.#unchecked, intent.number].sort((a, b) => a - b);
      throw new CallCentreError('service-unavailable', 'neither the document store nor the disk accepted a ledger row', { cause: error });
    }
  }

  /** Writes the waiting intents. Called every second; does nothing while the store rests. */
  async deliver(): Promise<void> {
    if (this.#waiting.length + this.#unchecked.length === 0 || this.deps.steadyMs() < this.#restUntilMs) return;
    try {
      await this.#check();
      if (this.#waiting.length === 0) return;
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        if (!(await this.#within(this.deps.store.intend(next))))
          this.deps.log.error({ callId: next.callId, ledgerNumber: next.number }, 'a ledger number was issued twice');
        this.#waiting.shift();
      }
      await this.deps.spool.clear();
    } catch (error) {
      this.#rest();
      this.deps.log.warn({ err: error, waiting: this.#waiting.length }, 'ledger rows still wait for the document store');
    }
  }

  /** No more numbers are issued after this. */
  async close(): Promise<void> {
    await Promise.all([this.#keeping, this.#noting]);
    await this.deps.spool.close();
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
      const lowest = Math.min(Infinity, ...this.#free, ...this.#unchecked, ...this.#waiting.map(({ number }) => number));
      const usedUp = this.#leases.filter(({ to }) => to < lowest);
      const held = await this.#within(this.deps.store.lease(this.#owner, LEASE_SIZE, usedUp));
      const unknown = held.filter((lease) => !this.#leases.some(({ from }) => from === lease.from));
      // Stored before the numbers are used: a lease known only in memory would be a gap after a crash.
      await this.#keep(held);
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
