import type { Random } from '../../random.js';
import { Scheduler } from '../../scheduler.js';
import type { Edge } from '../edge.js';
import { Telephony, type LegNews, type TalkingCall } from './calls.js';
import { LiveMemory } from './relay-memory-store.js';
import { RelayPair } from './relay-pair.js';

/** Of the seeds of other profiles that see this world. */
const SHARE = 0.06;
const BEGIN_MS = Date.UTC(2026, 11, 2, 2);
const TROUBLE_MS = 90_000;
const HEALTHY_MS = 25_000;
const LOOK_MS = 250;
const CALL_EVERY_MS = 4_000;
const MOST_CALLS = 8;
/** What a relay's change asks for is done: it is looked at each second, and then asked and told of one leg after the other. */
const SETTLED_MS = 5_000;
/** A relay that says nothing for 10 s has lost its calls; the look that sees it, and what is under way by then, take their time. */
const LONGEST_SILENCE_MS = 16_000;
const GONE_MS = 9_000;
/** All legs are stated again 7 s after an outage of the live state, at most once a minute (docs/calls.md). */
const STATED_MS = 7_000 + SETTLED_MS;
const STATED_EVERY_MS = 60_000;

const troubles = [
  ...['kill', 'kill', 'machine', 'machine', 'flap', 'hang', 'late', 'loss', 'live-state', 'live-state', 'both', 'telephony'],
] as const;

/** Relays with and without a partner, telephony with the product's media part, and what happens to them. */
class RelaySite implements LegNews {
  wrong: string | undefined;
  readonly #scheduler: Scheduler;
  readonly #memory: LiveMemory;
  readonly #pairs: readonly RelayPair[];
  #telephony: Telephony;
  #calls = 0;
  #starts = 0;
  /** When telephony last stood still or began. */
  #lateMs = BEGIN_MS;
  /** When all that an outage of the live state has prevented was written. */
  #statedMs = -Infinity;
  #unwrittenMs = -Infinity;
  /** Legs that were being told something when their relay died, that were being made, or that could not be written. */
  readonly #doubtful = new Set<string>();
  /** Legs at a relay that no call has, and since when. */
  readonly #strays = new Map<string, number>();
  readonly #happened: string[] = [];

  constructor(private readonly random: Random) {
    this.#scheduler = new Scheduler(BEGIN_MS, random.fork());
    this.#memory = new LiveMemory(this.#scheduler, random.fork());
    const names = random.pick([['r1'], ['r1', 'r2'], ['r1', 'r2']]);
    this.#pairs = names.map((name, at) => {
      const place = { name, outer: `203.0.113.${at + 1}`, inner: `127.0.0.${at + 2}`, nextPort: 40_000 };
      const pair = new RelayPair(place, this.#memory, this.#scheduler, random.fork(), random.chance(0.7));
      pair.onDeath = () => this.#dies(pair);
      return pair;
    });
    this.#telephony = this.#begins();
  }

  async run(): Promise<string | undefined> {
    const { random } = this;
    const scheduler = this.#scheduler;
    const isWrong = (): boolean => this.wrong !== undefined;
    await scheduler.runUntil(BEGIN_MS + 1_000, isWrong);
    void this.#telephony.start(new Map());
    this.#looks();
    const people = (): void => {
      scheduler.after(1 + random.around(CALL_EVERY_MS), () => {
        if (scheduler.nowMs < BEGIN_MS + TROUBLE_MS) people();
        if (this.#telephony.isAsleep || this.#telephony.calls.size >= MOST_CALLS) return;
        void this.#telephony.lives(`call-${(this.#calls += 1)}`);
      });
    };
    people();
    const many = random.int(1, 5);
    for (let at = 0; at < many; at += 1) scheduler.after(random.int(5_000, TROUBLE_MS), () => this.#trouble());
    await scheduler.runUntil(BEGIN_MS + TROUBLE_MS, isWrong);
    this.#memory.heal();
    for (const pair of this.#pairs) pair.heal();
    await scheduler.runUntil(scheduler.nowMs + HEALTHY_MS, isWrong);
    return this.wrong;
  }

  #begins(): Telephony {
    this.#lateMs = this.#scheduler.nowMs;
    this.#starts += 1;
    return new Telephony(`telephony#${this.#starts}`, {
      ...{ scheduler: this.#scheduler, random: this.random.fork(), memory: this.#memory, pairs: this.#pairs, news: this },
    });
  }

  /** Something may not be in the live state, and telephony sees to it. */
  #isUnwritten(): void {
    const nowMs = this.#scheduler.nowMs;
    this.#unwrittenMs = nowMs;
    const mayBeStated = this.#statedMs - 2 * SETTLED_MS < nowMs && this.#statedMs - nowMs < STATED_EVERY_MS;
    this.#statedMs = Math.max(nowMs + STATED_MS, this.#statedMs + (mayBeStated ? STATED_EVERY_MS : 0));
  }

  /** Another process goes on with the calls of one that was killed. */
  #again(): void {
    const before = this.#telephony;
    const left = before.left();
    before.alive = false;
    this.#scheduler.after(this.random.int(300, 3_000), () => {
      const next = this.#begins();
      this.#isUnwritten();
      this.#telephony = next;
      void next.start(left).then(() => {
        for (const call of next.calls.values()) void next.goesOn(call);
      });
    });
  }

  #trouble(): void {
    const { random } = this;
    const scheduler = this.#scheduler;
    const pair = random.pick(this.#pairs);
    const kind = random.pick(troubles);
    this.#happened.push(`${this.#at()} ${kind} ${pair.place.name}${pair.isPair ? ' of a pair' : ''}`);
    switch (kind) {
      case 'kill':
        pair.kill(pair.holder, random.int(300, 1_500));
        return;
      case 'machine':
        pair.lose(random.chance(0.8) ? pair.holder : pair.partner, random.pick([random.int(2_000, 8_000), random.int(8_000, 30_000)]));
        return;
      case 'flap':
        pair.flap();
        if (random.chance(0.7)) scheduler.after(random.int(200, 8_000), () => pair.flap());
        return;
      case 'hang':
        if (pair.process !== undefined) pair.process.hungUntilMs = scheduler.nowMs + random.int(200, 12_000);
        return;
      case 'late':
        this.#telephony.sleep();
        scheduler.after(random.int(300, 6_000), () => {
          this.#telephony.wake();
          this.#lateMs = scheduler.nowMs;
        });
        return;
      case 'loss':
        pair.lossyUntilMs = scheduler.nowMs + random.int(500, 6_000);
        return;
      case 'live-state':
        this.#memory.fail(random.pick(['away', 'hung']), random.int(1_500, 12_000));
        this.#happened.push(this.#memory.state);
        // A relay dies soonest when it matters most.
        if (random.chance(0.5)) scheduler.after(random.int(100, 15_000), () => pair.kill(pair.holder, random.int(300, 1_500)));
        return;
      case 'both':
        for (const machine of pair.machines) pair.lose(machine, 3_000 + random.int(0, 2_000));
        if (random.chance(0.5)) scheduler.after(random.int(5_000, 12_000), () => pair.flap());
        return;
      case 'telephony':
        if (this.#telephony.alive && !this.#telephony.isAsleep) this.#again();
    }
  }

  ordered(legId: string): void {
    if (this.#pairs.some(({ process }) => process === undefined)) this.#doubtful.add(legId);
  }

  #dies(pair: RelayPair): void {
    const { busy, opening, calls } = this.#telephony;
    for (const [legId, many] of busy) if (many > 0) this.#doubtful.add(legId);
    for (const legId of opening.keys()) this.#doubtful.add(legId);
    if (this.#memory.state === 'up' && this.#scheduler.nowMs > this.#statedMs) return;
    // What could not be written, and what the partner was not told of.
    for (const { legs } of calls.values()) for (const legId of legs) this.#doubtful.add(legId);
    for (const legId of pair.process?.legs.keys() ?? []) this.#doubtful.add(legId);
  }

  lost(telephony: Telephony, legId: string): void {
    const call = [...telephony.calls.values()].find(({ legs }) => legs.includes(legId));
    const isGone = this.#pairs.some(({ downMs }) => downMs >= GONE_MS);
    if (!isGone && !this.#doubtful.has(legId))
      this.#fail(`${legId} is given up, which its relay or the partner had and nothing was asked of`);
    if (call !== undefined) void telephony.ends(call);
  }

  refused(telephony: Telephony, sinceMs: number): void {
    const isWell = ({ troubledMs }: RelayPair): boolean => sinceMs - troubledMs >= SETTLED_MS;
    const isKnownDown = ({ downSinceMs }: RelayPair): boolean => downSinceMs !== undefined && sinceMs - downSinceMs >= SETTLED_MS;
    if (sinceMs - this.#lateMs < SETTLED_MS || telephony !== this.#telephony) return;
    if (this.#pairs.some(isWell) && this.#pairs.every((pair) => isWell(pair) || isKnownDown(pair)))
      this.#fail('a new call is refused although a relay is there');
  }

  silent(legId: string): void {
    this.#fail(`${legId} counts as silent, whose party speaks`);
  }

  #looks(): void {
    this.#scheduler.after(LOOK_MS, () => {
      this.#looks();
      const nowMs = this.#scheduler.nowMs;
      const telephony = this.#telephony;
      if (!telephony.alive || telephony.isAsleep) this.#lateMs = nowMs;
      if (this.#memory.state !== 'up' || this.#memory.troubledMs > this.#unwrittenMs) this.#isUnwritten();
      for (const call of telephony.calls.values()) this.#judgeHeard(call);
      for (const pair of this.#pairs) this.#judgeLegs(pair);
    });
  }

  #isCalm(pairs: readonly RelayPair[], forMs: number): boolean {
    const fromMs = this.#scheduler.nowMs - forMs;
    return this.#lateMs <= fromMs && pairs.every(({ troubledMs, isAlike }) => troubledMs <= fromMs && !isAlike);
  }

  #pairOf(legId: string): RelayPair | undefined {
    const relay = this.#telephony.anchors.export(legId)?.relay;
    return this.#pairs.find(({ url }) => url === relay);
  }

  #judgeHeard(call: TalkingCall): void {
    if (call.state === undefined) return;
    const nowMs = this.#scheduler.nowMs;
    const legs = call.legs.map((legId) => {
      const pair = this.#pairOf(legId);
      return { pair, held: pair?.process?.legs.get(legId) };
    });
    const [caller, other] = legs;
    const at = (one: typeof caller): string => `${one?.pair?.place.inner ?? ''}:${one?.held?.leg.innerPort ?? 0}`;
    const isHeard =
      call.state === 'music'
        ? caller?.held?.playing === true
        : caller?.held?.leg.towards === at(other) &&
          other?.held?.leg.towards === at(caller) &&
          !caller.held.leg.blocked &&
          !other.held.leg.blocked;
    if (isHeard) call.wellMs = nowMs;
    const silentMs = nowMs - Math.max(call.wellMs ?? 0, call.sinceMs);
    const pairs = legs.flatMap(({ pair }) => pair ?? []);
    if (silentMs > SETTLED_MS && this.#isCalm(pairs, SETTLED_MS))
      this.#fail(`${call.id} (${call.state}) is not heard for ${silentMs} ms although its relays are there`);
    if (silentMs > LONGEST_SILENCE_MS && nowMs - this.#lateMs > LONGEST_SILENCE_MS)
      this.#fail(`${call.id} (${call.state}) is not heard for ${silentMs} ms and goes on`);
  }

  #judgeLegs(pair: RelayPair): void {
    const nowMs = this.#scheduler.nowMs;
    const { anchors, opening } = this.#telephony;
    const { process } = pair;
    for (const legId of process?.legs.keys() ?? []) {
      if (this.#pairs.some((each) => each !== pair && each.process?.legs.has(legId) === true)) this.#fail(`${legId} is at two relays`);
      if (anchors.has(legId) || opening.has(legId)) {
        this.#strays.delete(legId);
        const isSettled = nowMs > this.#statedMs && this.#memory.state === 'up' && this.#isCalm([pair], STATED_MS);
        if (isSettled && !opening.has(legId) && !this.#memory.legsOf(pair.place.name).has(legId))
          this.#fail(`${legId} is not in the live state, which has answered for long`);
        continue;
      }
      const sinceMs = this.#strays.get(legId) ?? nowMs;
      this.#strays.set(legId, sinceMs);
      if (nowMs - sinceMs > SETTLED_MS && this.#isCalm([pair], SETTLED_MS))
        this.#fail(`${legId} is still at its relay ${nowMs - sinceMs} ms after nobody has it`);
    }
    for (const legId of this.#strays.keys())
      if (this.#pairs.every((each) => each.process?.legs.has(legId) !== true)) this.#strays.delete(legId);
  }

  #fail(text: string): void {
    this.wrong ??= `${text}, at ${this.#at()}; before: ${this.#happened.join(', ')}`;
  }

  /** In seconds after the start. */
  #at(): string {
    return ((this.#scheduler.nowMs - BEGIN_MS) / 1_000).toFixed(2);
  }
}

export const relays: Edge = {
  name: 'relays',
  sentence:
    'docs/calls.md, docs/adr/0024 and 0088: a call survives the death of a relay whose legs its successor has; parties hear each other again once a relay answers, or the call ends; no leg is left at a relay that no call has; after an outage of the live state every leg is written to it.',
  run: async (random, isAlone) => (isAlone || random.chance(SHARE) ? new RelaySite(random).run() : undefined),
};
