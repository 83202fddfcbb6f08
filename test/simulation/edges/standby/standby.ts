import { readOnceHeld } from '../../../../services/shared/platform/processes/tenure.js';
import type { Random } from '../../random.js';
import { Scheduler } from '../../scheduler.js';
import type { Edge } from '../edge.js';
import { LiveState, type KeptCall } from './live-state.js';
import { TelephonyProcess, type Machine } from './telephony-process.js';

const BEGIN_MS = Date.UTC(2026, 11, 1, 2);
/** Of the seeds that see this world at all. */
const SHARE = 0.4;
const TROUBLE_MS = 20_000;
const HEALTHY_MS = 8_000;
const LOOK_MS = 50;
const ACT_EVERY_MS = 130;
/** On the machine of a process that died another has its role at once. */
const AT_ONCE_MS = 700;
const READ_AGAIN_MS = 300;
const ENDS_WITHIN_MS = 3_000;
const MOST_CALLS = 6;
/** Two renewals and the announcements between them. */
const TOLD_WITHIN_MS = 1_500;
/** An announcement stands for 8 s. */
const STANDS_FOR_SURE_MS = 6_000;
const STANDS_AT_MOST_MS = 12_000;
/** The role is the standby's at the latest 2.1 s after the last sign of life (docs/adr/0079); the messages of both take their time. */
const TAKEN_WITHIN_MS = 2_600;

const troubles = ['kill', 'machine', 'sleep', 'sleep', 'cut', 'cut', 'live-state', 'terminate'] as const;

/** Two machines of telephony at one live state, and what happens to them. */
class StandbySite {
  wrong: string | undefined;
  readonly #scheduler: Scheduler;
  readonly #live: LiveState;
  readonly #machines: readonly Machine[];
  #processes: TelephonyProcess[] = [];
  #pids = 100;
  #callIds = 0;
  /** Calls whose writes were acknowledged, and of which turn. */
  readonly #acked = new Map<string, number>();
  /** What each process that has the role knows of the calls, and when it read that. */
  readonly #known = new Map<TelephonyProcess, { readonly calls: Map<string, number>; readonly readMs: number }>();
  readonly #unwritten = new Map<TelephonyProcess, Set<string>>();
  readonly #writing = new Set<TelephonyProcess>();
  readonly #actedMs = new Map<TelephonyProcess, number>();
  #awaitedMs = -Infinity;
  #liveSinceMs = BEGIN_MS;

  constructor(private readonly random: Random) {
    this.#scheduler = new Scheduler(BEGIN_MS, random.fork());
    this.#live = new LiveState(this.#scheduler, random.fork());
    // Some sites have no standby.
    const hosts = random.chance(0.2) ? ['one'] : ['one', 'two'];
    this.#machines = hosts.map((host) => ({ host, boot: 1, isUp: true, isCut: false }));
  }

  async run(): Promise<string | undefined> {
    const { random } = this;
    const scheduler = this.#scheduler;
    this.#live.isAway = random.chance(0.1);
    for (const machine of this.#machines) {
      machine.isCut = random.chance(0.1);
      scheduler.after(random.int(0, 3_000), () => this.#start(machine));
    }
    scheduler.after(random.int(1, 6_000), () => this.#heal());
    this.#looks();
    const many = random.int(1, 6);
    for (let at = 0; at < many; at += 1) scheduler.after(random.int(3_000, TROUBLE_MS), () => this.#trouble());
    const isWrong = (): boolean => this.wrong !== undefined;
    await scheduler.runUntil(BEGIN_MS + TROUBLE_MS, isWrong);
    this.#heal();
    for (const machine of this.#machines) if (!machine.isUp) this.#boot(machine);
    await scheduler.runUntil(scheduler.nowMs + HEALTHY_MS, isWrong);
    if (!isWrong()) this.#judgeEnd();
    return this.wrong;
  }

  #start(machine: Machine): void {
    if (!machine.isUp || this.#processes.some((each) => each.alive && each.machine === machine)) return;
    this.#pids += 1;
    const process = new TelephonyProcess(`telephony#${this.#pids}`, machine, this.#pids, {
      scheduler: this.#scheduler,
      leases: (of) => this.#live.leasesFor(of),
      runs: ({ pid }) => this.#processes.some((each) => each.alive && each.machine === machine && each.pid === pid),
      ended: (of, why) => this.#ended(of, why),
    });
    this.#processes.push(process);
    process.start(() => {
      if (process.hasWaited && process.grantedMs === undefined)
        this.#fail(`${process.name} stood by and takes itself to have the role, which nobody gave it`);
      this.#takeUp(process);
    });
  }

  #ended(process: TelephonyProcess, why: string): void {
    const nowMs = this.#scheduler.nowMs;
    if (why === 'tenure' && nowMs - this.#awaitedMs > STANDS_AT_MOST_MS)
      this.#fail(`${process.name} ends because it cannot confirm its role, and nobody has waited for it`);
    this.#scheduler.after(this.random.int(300, 1_500), () => this.#start(process.machine));
  }

  /** As services/main/telephony.ts does once it has the role. */
  #takeUp(process: TelephonyProcess): void {
    const read = (): Promise<{ readonly found: ReadonlyMap<string, KeptCall>; readonly readMs: number }> =>
      this.#live.ask(process, () => ({ found: new Map(this.#live.calls), readMs: this.#scheduler.nowMs }));
    readOnceHeld(process.tenure, read).then(
      ({ found, readMs }) => {
        this.#known.set(process, { calls: new Map([...found].map(([callId, { turn }]) => [callId, turn])), readMs });
        this.#unwritten.set(process, new Set());
        process.isReady = true;
        process.clock.every(ACT_EVERY_MS, () => this.#act(process));
      },
      () => process.clock.after(READ_AGAIN_MS, () => this.#takeUp(process)),
    );
  }

  /** Something about a call: a message to its far side, and its new state. */
  #act(process: TelephonyProcess): void {
    if (!process.isReady) return;
    process.tenure.check();
    if (!process.alive) return;
    const { random } = this;
    this.#judgeAct(process);
    this.#actedMs.set(process, this.#scheduler.nowMs);
    const calls = this.#known.get(process)?.calls;
    if (calls === undefined) return;
    const isNew = calls.size === 0 || (calls.size < MOST_CALLS && random.chance(0.1));
    const callId = isNew ? `call-${(this.#callIds += 1)}` : random.pick([...calls.keys()]);
    calls.set(callId, (calls.get(callId) ?? 0) + 1);
    this.#unwritten.get(process)?.add(callId);
    this.#write(process);
  }

  /** One write at a time, and of each call the newest state; what was not acknowledged is written again. */
  #write(process: TelephonyProcess): void {
    const [unwritten, known] = [this.#unwritten.get(process), this.#known.get(process)];
    if (unwritten === undefined || known === undefined || unwritten.size === 0 || this.#writing.has(process)) return;
    process.tenure.check();
    if (!process.alive) return;
    const turns = [...unwritten].map((callId) => [callId, known.calls.get(callId) ?? 0] as const);
    unwritten.clear();
    this.#writing.add(process);
    const written = this.#live.ask(process, () => {
      this.#judgeWrite(process);
      for (const [callId, turn] of turns) this.#live.calls.set(callId, { by: process, turn });
    });
    written
      .then(
        () => {
          if (this.#followers(process).length === 0) for (const [callId, turn] of turns) this.#acked.set(callId, turn);
        },
        () => turns.forEach(([callId]) => unwritten.add(callId)),
      )
      .finally(() => {
        this.#writing.delete(process);
        process.clock.after(1, () => this.#write(process));
      });
  }

  /** Resolves when all is written; a process that cannot write it is killed in the end. */
  async #written(process: TelephonyProcess): Promise<void> {
    const { clock } = process;
    clock.after(ENDS_WITHIN_MS, () => process.end('kill'));
    const isLeft = (): boolean => this.#writing.has(process) || (this.#unwritten.get(process)?.size ?? 0) > 0;
    while (isLeft()) await new Promise<void>((resolve) => clock.after(LOOK_MS, resolve));
  }

  /** Who was given the role after this process. That it acts on is known where it could not know that somebody waits. */
  #followers(process: TelephonyProcess): readonly TelephonyProcess[] {
    const sinceMs = process.grantedMs ?? Infinity;
    return this.#processes.filter((each) => each !== process && (each.grantedMs ?? -Infinity) > sinceMs);
  }

  #judgeAct(process: TelephonyProcess): void {
    const [follower] = this.#followers(process);
    if (follower !== undefined) {
      const sinceMs = this.#scheduler.nowMs - (follower.grantedMs ?? 0);
      if (process.knows) this.#fail(`${process.name} acts ${sinceMs} ms after ${follower.name} was given its role`);
      return;
    }
    const { calls } = this.#known.get(process) ?? {};
    for (const [callId, turn] of this.#acked)
      if ((calls?.get(callId) ?? 0) < turn) this.#fail(`${process.name} has the role and does not know what was acknowledged of ${callId}`);
    const other = this.#processes.find(
      (each) => each.alive && each !== process && each.grantedMs !== undefined && each.isReady && !each.isAsleep,
    );
    if (process.grantedMs === undefined && other !== undefined)
      this.#fail(`${process.name} acts on calls of ${other.name} without ever having had the role`);
  }

  #judgeWrite(process: TelephonyProcess): void {
    const follower = this.#followers(process).find((each) => this.#known.has(each));
    if (follower !== undefined && process.knows)
      this.#fail(`what ${process.name} writes reaches the live state after ${follower.name} has read it`);
  }

  #judgeEnd(): void {
    const nowMs = this.#scheduler.nowMs;
    const acting = this.#processes.filter((each) => each.alive && nowMs - (this.#actedMs.get(each) ?? -Infinity) < 4 * ACT_EVERY_MS);
    const waiting = this.#processes.filter((each) => each.alive && each.waitsSinceMs !== undefined);
    if (acting.length !== 1 || waiting.length !== this.#machines.length - 1)
      this.#fail(`after all is well ${acting.length} processes act and ${waiting.length} stand by`);
  }

  #looks(): void {
    this.#scheduler.after(LOOK_MS, () => {
      this.#looks();
      const nowMs = this.#scheduler.nowMs;
      if (this.#live.isAway) this.#liveSinceMs = nowMs;
      const alive = this.#processes.filter((each) => each.alive);
      for (const each of alive) if (each.isAsleep || each.machine.isCut || this.#live.isAway) each.calmSinceMs = nowMs;
      const calmFor = (each: TelephonyProcess): number => nowMs - each.calmSinceMs;
      const waiting = alive.filter((each) => each.waitsSinceMs !== undefined);
      if (waiting.length > 0) this.#awaitedMs = nowMs;
      for (const each of waiting)
        if (calmFor(each) >= TOLD_WITHIN_MS && nowMs - (each.waitsSinceMs ?? nowMs) >= TOLD_WITHIN_MS)
          each.knownUntilMs = nowMs + STANDS_FOR_SURE_MS;
      const holders = alive.filter((each) => each.hasSinceMs !== undefined);
      for (const each of holders) if (calmFor(each) >= TOLD_WITHIN_MS) each.knows = waiting.some((other) => other.knownUntilMs >= nowMs);
      // One that could not know acts beside another, and they overwrite each other.
      if (holders.length > 1 && holders.some((each) => !each.knows)) this.#acked.clear();
      this.#judgeTaken(waiting, holders, calmFor);
    });
  }

  #judgeTaken(
    waiting: readonly TelephonyProcess[],
    holders: readonly TelephonyProcess[],
    calmFor: (process: TelephonyProcess) => number,
  ): void {
    const nowMs = this.#scheduler.nowMs;
    const seenMs = Math.max(...this.#live.seenMs.values(), this.#liveSinceMs);
    const { last } = this.#live;
    const behind = waiting.find(
      (each) =>
        last?.alive === false && last.isOfSameStart(each) && Math.min(calmFor(each), nowMs - (each.waitsSinceMs ?? nowMs)) > AT_ONCE_MS,
    );
    if (behind !== undefined) this.#fail(`${behind.name} waits for ${last?.name ?? ''}, which was of its own machine and is no more`);
    const ready = waiting.find((each) => calmFor(each) > TAKEN_WITHIN_MS && nowMs - (each.waitsSinceMs ?? nowMs) > TAKEN_WITHIN_MS);
    if (
      ready !== undefined &&
      nowMs - seenMs > TAKEN_WITHIN_MS &&
      holders.every((each) => each.grantedMs === undefined || calmFor(each) < TAKEN_WITHIN_MS)
    )
      this.#fail(`${ready.name} still stands by ${nowMs - seenMs} ms after the last sign of life`);
  }

  #trouble(): void {
    const { random } = this;
    const scheduler = this.#scheduler;
    const alive = this.#processes.filter((each) => each.alive);
    if (alive.length === 0) return;
    const holder = alive.find((each) => each.isReady);
    const process = holder !== undefined && random.chance(0.7) ? holder : random.pick(alive);
    const { machine } = process;
    switch (random.pick(troubles)) {
      case 'kill':
        process.end('kill');
        return;
      case 'terminate':
        void process.terminate(() => this.#written(process));
        return;
      case 'machine':
        machine.isUp = false;
        process.end('kill');
        scheduler.after(random.int(2_000, 8_000), () => this.#boot(machine));
        return;
      case 'sleep': {
        const wakes = (): void => void scheduler.after(random.int(100, 5_000), () => process.wake());
        // The worst moment is between a question and its answer.
        if (random.chance(0.5)) process.onQuestion = wakes;
        else {
          process.sleep();
          wakes();
        }
        return;
      }
      case 'cut':
        machine.isCut = true;
        scheduler.after(random.int(200, 6_000), () => (machine.isCut = false));
        return;
      case 'live-state':
        this.#live.isAway = true;
        scheduler.after(random.int(200, 4_000), () => (this.#live.isAway = false));
    }
  }

  #boot(machine: Machine): void {
    if (machine.isUp) return;
    machine.isUp = true;
    machine.boot += 1;
    this.#start(machine);
  }

  #heal(): void {
    this.#live.isAway = false;
    for (const machine of this.#machines) machine.isCut = false;
    for (const each of this.#processes) if (each.isAsleep) each.wake();
  }

  #fail(text: string): void {
    this.wrong ??= `${text}, ${((this.#scheduler.nowMs - BEGIN_MS) / 1_000).toFixed(2)} s after the start`;
  }
}

export const standby: Edge = {
  name: 'standby',
  sentence:
    'docs/adr/0079: of two telephony processes one acts, and whoever may not be sure of its role ends before another has it; a holder that nobody waits for goes on; a process on the machine of one that died has its role at once; the one that stands by has the role at the latest 2.1 s after the last sign of life, and knows all that was acknowledged.',
  run: async (random) => (random.chance(SHARE) ? new StandbySite(random).run() : undefined),
};
