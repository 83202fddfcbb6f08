import type { NgSocket, NgSocketTerms } from '../../../../services/shared/platform/network/rtpengine-ng.js';
import type { Random } from '../../random.js';
import type { Scheduler } from '../../scheduler.js';
import type { SleepingProcess } from '../sleeping-process.js';
import type { LiveMemory } from './relay-memory-store.js';
import { RelayProcess, type RelayPlace } from './relay-process.js';

/** keepalived moves an address within this time (docs/adr/0088: everybody hears everybody again within 0.6 s). */
const MOVES_WITHIN_MS = [100, 500] as const;
const LOOK_MS = 100;
const SAME_START_MS = 2_500;
const SAME_LOOKS = 12;
const LOST_SHARE = 0.3;

class RelayMachine {
  isUp = true;
  process: RelayProcess | undefined;
  /** What is to start next; an earlier start is void. */
  starts = 0;
}

/** The addresses of one relay: one machine has them, and in a pair the other may get them. */
export class RelayPair {
  readonly machines: readonly RelayMachine[];
  holder: RelayMachine | undefined;
  /** Datagrams of the control are lost until then. */
  lossyUntilMs = -Infinity;
  /** The last moment at which something was wrong with it. */
  troubledMs: number;
  /**
   * Who answers now began within two seconds of who answered before, and has answered almost as many checks by chance: telephony cannot tell
   * them apart.
   */
  isAlike = false;
  #served: RelayProcess | undefined;
  /** Since when nobody answers. */
  downSinceMs: number | undefined;
  /** How long it was down, until eight seconds ago at the latest: telephony may have slept since. */
  get downMs(): number {
    return this.downUntilMs > this.scheduler.nowMs - 8_000 ? this.downUntilMs - this.#wentDownMs : 0;
  }
  downUntilMs = -Infinity;
  #wentDownMs = -Infinity;
  /** Told when the process that has the addresses is about to change. */
  onDeath: () => void = () => undefined;
  /** When another process answered here for the last time. */
  movedMs: number;
  /** keepalived is about to move the addresses. */
  #moving = false;

  constructor(
    readonly place: RelayPlace,
    private readonly memory: LiveMemory,
    private readonly scheduler: Scheduler,
    private readonly random: Random,
    readonly isPair: boolean,
  ) {
    this.machines = isPair ? [new RelayMachine(), new RelayMachine()] : [new RelayMachine()];
    this.troubledMs = scheduler.nowMs;
    this.movedMs = scheduler.nowMs;
    for (const machine of this.machines) this.#start(machine, isPair ? random.int(0, 30_000) * (machine === this.machines[0] ? 0 : 1) : 0);
    this.#watch();
  }

  get url(): string {
    return `udp://${this.place.name}:22222`;
  }
  /** The process that sound and control reach. */
  get process(): RelayProcess | undefined {
    return this.holder?.isUp === true ? this.holder.process : undefined;
  }
  get partner(): RelayMachine | undefined {
    return this.machines.find((each) => each !== this.holder);
  }

  /** Starts the relay of a machine, which waits for the live state. */
  #start(machine: RelayMachine, inMs: number): void {
    machine.starts += 1;
    const turn = machine.starts;
    const start = (): void => {
      if (turn !== machine.starts || !machine.isUp) return;
      if (this.memory.state !== 'up') {
        this.scheduler.after(LOOK_MS, start);
        return;
      }
      machine.process = new RelayProcess(this.place, this.memory, this.scheduler, this.random, this.isPair);
      if (this.holder === undefined || this.holder === machine) this.#give(machine);
    };
    this.scheduler.after(inMs, start);
  }

  #give(machine: RelayMachine): void {
    const [before, next] = [this.#served, machine.process];
    this.isAlike =
      before !== undefined &&
      next !== undefined &&
      before !== next &&
      Math.abs(before.startedMs - next.startedMs) < SAME_START_MS &&
      Math.abs(before.looks - next.looks) < SAME_LOOKS;
    this.#served = next;
    this.holder = machine;
    this.troubledMs = this.scheduler.nowMs;
    this.movedMs = this.scheduler.nowMs;
    machine.process?.takeOver();
  }

  /** keepalived: the addresses leave a machine whose relay does not serve, for one whose relay does. */
  #watch(): void {
    this.scheduler.after(LOOK_MS, () => {
      this.#watch();
      const isDown = this.process === undefined || this.process.hungUntilMs > this.scheduler.nowMs;
      if (isDown && this.downSinceMs === undefined) this.#wentDownMs = this.scheduler.nowMs;
      if (isDown) this.downUntilMs = this.scheduler.nowMs;
      this.downSinceMs = isDown ? (this.downSinceMs ?? this.scheduler.nowMs) : undefined;
      if (this.process === undefined) {
        this.troubledMs = this.scheduler.nowMs;
        if (!this.#moving && this.partner?.isUp === true && this.partner.process !== undefined) this.#move();
      } else if (isDown || this.lossyUntilMs > this.scheduler.nowMs) this.troubledMs = this.scheduler.nowMs;
    });
  }

  #move(): void {
    this.#moving = true;
    this.scheduler.after(this.random.int(...MOVES_WITHIN_MS), () => {
      this.#moving = false;
      const { partner } = this;
      if (partner?.isUp === true && partner.process !== undefined) this.#give(partner);
    });
  }

  /** The process is killed and started again. */
  kill(machine: RelayMachine | undefined, backMs: number): void {
    if (machine?.isUp !== true) return;
    this.#end(machine);
    this.#start(machine, backMs);
  }
  /** The machine is gone, and comes back. */
  lose(machine: RelayMachine | undefined, backMs: number): void {
    if (machine?.isUp !== true) return;
    this.#end(machine);
    machine.isUp = false;
    this.scheduler.after(backMs, () => {
      if (machine.isUp) return;
      machine.isUp = true;
      this.#start(machine, 0);
    });
  }
  /** The addresses move although both are there. */
  flap(): void {
    const { partner } = this;
    if (partner?.isUp !== true || partner.process === undefined || this.process === undefined) return;
    this.onDeath();
    this.#give(partner);
  }

  #end(machine: RelayMachine): void {
    if (machine === this.holder) this.onDeath();
    machine.process?.kill();
    machine.process = undefined;
    machine.starts += 1;
    if (machine === this.holder) this.troubledMs = this.scheduler.nowMs;
  }

  heal(): void {
    this.lossyUntilMs = -Infinity;
    for (const machine of this.machines) {
      if (machine.isUp && machine.process !== undefined) continue;
      machine.isUp = true;
      this.#start(machine, 0);
    }
  }

  /** The control's network between a process of telephony and whoever has the addresses. */
  connect(telephony: SleepingProcess, { receive, refuse }: Pick<NgSocketTerms, 'receive' | 'refuse'>): NgSocket {
    let isClosed = false;
    const carry = (work: () => void): void => {
      if (this.lossyUntilMs > this.scheduler.nowMs && this.random.chance(LOST_SHARE)) return;
      this.scheduler.after(0.1 + this.random.unit() * 0.4, work);
    };
    const back = (work: () => void): void => carry(() => telephony.run(() => !isClosed && work()));
    return {
      transmit: async (datagram) => {
        carry(() => {
          const { holder } = this;
          if (holder?.isUp !== true) return;
          if (holder.process === undefined) back(refuse);
          // Who has lost the addresses answers from nowhere.
          else holder.process.receive(datagram, (answer) => this.holder === holder && back(() => receive(answer)));
        });
      },
      close: () => (isClosed = true),
    };
  }
}
