import { silentLogger } from '../../../../services/shared/platform/processes/logger.js';
import { holdRole, QUICK_TERMS, type Holder } from '../../../../services/shared/platform/processes/role-lease.js';
import { createTenure, type Tenure } from '../../../../services/shared/platform/processes/tenure.js';
import type { Scheduler } from '../../scheduler.js';
import { SleepingProcess } from '../sleeping-process.js';

/** A machine of telephony: it dies, and it is cut off from everything else. */
export interface Machine {
  readonly host: string;
  /** Of its last start. */
  boot: number;
  isUp: boolean;
  isCut: boolean;
}

interface Needs {
  readonly scheduler: Scheduler;
  readonly leases: (process: TelephonyProcess) => Parameters<typeof holdRole>[0]['store'];
  readonly runs: (holder: Holder) => boolean;
  /** The process has ended, whatever for. */
  readonly ended: (process: TelephonyProcess, why: 'tenure' | 'lost' | 'kill' | 'told') => void;
}

/** One telephony process: it stands by or has the role, as the product's own code decides; it sleeps; it ends. */
export class TelephonyProcess extends SleepingProcess {
  /** Since when it stands by. */
  waitsSinceMs: number | undefined;
  hasWaited = false;
  /** Since when it takes itself to have the role. */
  hasSinceMs: number | undefined;
  /** When the live state gave it the role; undefined where it began while nobody could be asked. */
  grantedMs: number | undefined;
  /** It has read the calls and goes on with them. */
  isReady = false;
  /** Whether it must know that another process waits. */
  knows = false;
  /** Until when it counts as waiting for others who ask the live state. */
  knownUntilMs = -Infinity;
  /** Since when nothing is wrong with it. */
  calmSinceMs: number;
  readonly tenure: Tenure;
  readonly #self: Holder;
  #release: (() => Promise<void>) | undefined;

  constructor(
    readonly name: string,
    readonly machine: Machine,
    readonly pid: number,
    private readonly needs: Needs,
  ) {
    super(needs.scheduler);
    const { scheduler } = needs;
    this.calmSinceMs = scheduler.nowMs;
    this.#self = { machine: `boot-${machine.host}-${machine.boot}`, host: machine.host, pid, startedAt: String(pid) };
    // A clock of its own: only differences mean anything.
    const originMs = scheduler.nowMs - pid * 1_000;
    const nowMs = (): number => scheduler.nowMs - originMs;
    this.tenure = createTenure({ leaseMs: QUICK_TERMS.leaseMs, end: () => this.end('tenure'), nowMs });
  }

  start(has: () => void): void {
    const { scheduler, leases, runs } = this.needs;
    const held = holdRole({
      ...{ role: 'telephony', self: this.#self, terms: QUICK_TERMS, tenure: this.tenure, log: silentLogger },
      ...{ store: leases(this), runs, clock: this.clock },
      standsBy: () => {
        this.waitsSinceMs = scheduler.nowMs;
        this.hasWaited = true;
      },
      lost: () => this.end('lost'),
    });
    void held.then((release) => {
      this.#release = release;
      this.hasSinceMs = scheduler.nowMs;
      this.waitsSinceMs = undefined;
      has();
    });
  }

  isOfSameStart(other: TelephonyProcess): boolean {
    return this.#self.machine === other.#self.machine;
  }

  /** Falls asleep once its next question has reached the live state; called then. */
  onQuestion: (() => void) | undefined;
  asked(): void {
    const fellAsleep = this.onQuestion;
    if (fellAsleep === undefined) return;
    this.onQuestion = undefined;
    this.sleep();
    fellAsleep();
  }

  /** Told to end: it acts no more, writes what is left, gives the role back, and is gone. */
  async terminate(written: () => Promise<void>): Promise<void> {
    this.isReady = false;
    await written();
    await this.#release?.();
    this.end('told');
  }

  end(why: 'tenure' | 'lost' | 'kill' | 'told'): void {
    if (!this.alive) return;
    this.alive = false;
    this.needs.ended(this, why);
  }
}
