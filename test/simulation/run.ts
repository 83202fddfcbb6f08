import { setFlagsFromString } from 'node:v8';
import type { Call } from '../../services/calls/machine/call.js';
import { edges } from './edges/all.js';
import { createInvariants } from './invariants/all.js';
import { withoutNotYet } from './not-yet.js';
import { profiles, swarm, weighted, type Fault, type Profile } from './profiles.js';
import { Random } from './random.js';
import { DESTINATIONS, makeSite } from './site.js';
import { stages } from './stages.js';
import { World, type Violation } from './world.js';

export interface RunOptions {
  readonly seed: number;
  readonly profile: string;
  readonly print?: ((line: string) => void) | undefined;
  /** Replaces the length of the first phase. */
  readonly chaosMs?: number | undefined;
  /** Also runs what a known fault still breaks (not-yet.ts). */
  readonly all?: boolean | undefined;
  /** Leaves something out of the seed's profile, to find the smallest history. */
  readonly change?: ((profile: Profile) => Profile) | undefined;
  readonly onStart?: ((world: World) => void) | undefined;
}

export interface RunResult {
  readonly seed: number;
  readonly profile: string;
  readonly digest: string;
  readonly steps: number;
  readonly lines: number;
  readonly calls: number;
  readonly virtualMs: number;
  readonly violation: (Violation & { readonly sentence: string; readonly history: readonly string[] }) | undefined;
}

// A run of some seeds is over before what the compiler optimises early has paid for itself: that took a third of the CPU of eight seeds.
setFlagsFromString('--interrupt-budget=1000000');

/** Added to the seed of a run for the randomness of what stands beside the centre. */
const BESIDE = 1_000_000_007;
/** Time until a single process of routing decides again and has told everybody. */
const OVERTAKEN_MS = 6_000;
const JUDGE_EVERY_MS = 250;
const QUIET_WITHIN_MS = 1_500_000;
const BOOT_MS = 2_000;
const AFTER_QUIET_MS = 40_000;
const SHOWN_LINES = 60;

/**
 * The profiles that take turns in the mixed run; three times of four `teams`, `relays` or `thresholds` takes the turn of `calm`, whose events
 * the others have too.
 */
const turns = [
  ...['calm', 'outside', 'transfers', 'conferences', 'network', 'administrators', 'night', 'midnight'],
  ...['carriers', 'lost'],
] as const;
/** The mixed run: which profile a seed belongs to when none is named. */
export const mixedProfiles: readonly string[] = [
  ...turns,
  'teams',
  ...turns.slice(1),
  'relays',
  ...turns.slice(1),
  'thresholds',
  ...turns.slice(1),
];

export const profileOf = (seed: number, named: string): string =>
  named === 'mixed' ? (mixedProfiles[seed % mixedProfiles.length] ?? 'calm') : named;

/** One seed, from the first call to the moment in which all is quiet again. */
export async function runSeed(options: RunOptions): Promise<RunResult> {
  const random = new Random(options.seed);
  const name = profileOf(options.seed, options.profile);
  const named = profiles[name];
  if (named === undefined) throw new Error(`There is no profile ${name}.`);
  const swarmed = swarm(named, random.fork());
  const known = options.all === true ? swarmed : withoutNotYet(swarmed);
  const profile = options.change?.(known) ?? known;
  const world = new World(options.seed, random.fork(), profile, makeSite(random.fork(), profile), {
    seatGraceMs: 20_000,
    print: options.print,
  });
  const invariants = createInvariants(world);
  const failed = (): boolean => world.violation !== undefined;
  options.onStart?.(world);
  if (profile.centre) await liveInCentre(world, invariants, options.chaosMs ?? profile.chaosMs);
  if (!failed()) await liveBeside(world, new Random(options.seed + BESIDE));
  const { violation, scheduler, history } = world;
  return {
    seed: options.seed,
    profile: name,
    digest: history.digest(),
    steps: scheduler.steps,
    lines: history.count,
    calls: world.stores.records.size,
    virtualMs: scheduler.nowMs - profile.startMs,
    violation:
      violation === undefined
        ? undefined
        : {
            ...violation,
            sentence:
              [...invariants, ...edges].find(({ name: known }) => known === violation.invariant)?.sentence ??
              'No error of the language itself.',
            history: history.last(SHOWN_LINES, violation.about),
          },
  };
}

/** From the first call to the moment in which all is quiet again. */
async function liveInCentre(world: World, invariants: ReturnType<typeof createInvariants>, chaosMs: number): Promise<void> {
  const { profile } = world;
  const failed = (): boolean => world.violation !== undefined;
  world.start();
  const judge = (): void => {
    world.scheduler.after(JUDGE_EVERY_MS, () => {
      judge();
      for (const { tick } of invariants) tick?.();
      for (const look of world.onLook) look();
    });
  };
  judge();
  const untilMs = profile.startMs + chaosMs;
  // Everything is up before the first call comes.
  await world.scheduler.runUntil(profile.startMs + BOOT_MS, failed);
  happen(world, untilMs);
  await world.scheduler.runUntil(untilMs, failed);
  if (!failed()) await becomeQuiet(world, failed);
  if (!failed()) for (const { end } of invariants) end?.();
}

/** Runs what stands beside the centre: its randomness is its own, so that it changes no history of the centre. */
async function liveBeside(world: World, random: Random): Promise<void> {
  const { beside } = world.profile;
  for (const { name, run } of edges) {
    const own = random.fork();
    if (beside !== 'all' && beside !== name) continue;
    const broken = await run(own, beside === name);
    if (broken !== undefined) world.fail(name, broken);
  }
}

/** The first phase: callers, mishaps of seats, faults of processes, edits of administrators, each at its own pace. */
function happen(world: World, untilMs: number): void {
  const { random, profile, scheduler, site } = world;
  const again = (meanMs: number, act: () => void): void => {
    if (!Number.isFinite(meanMs)) return;
    const next = (): void => {
      scheduler.after(1 + random.around(meanMs), () => {
        if (scheduler.nowMs >= untilMs) return;
        next();
        act();
      });
    };
    next();
  };
  again(profile.callEveryMs, () => world.newCaller());
  again(profile.mishapEveryMs, () => {
    const kind = weighted(random, profile.mishaps);
    if (kind === undefined) return;
    const person = world.agents.get(random.pick([...site.agents, ...site.supervisors]));
    world.disturbed(scheduler.nowMs + (kind === 'offline' ? 40_000 : 8_000));
    person?.mishap(kind);
  });
  const strike = aimAt(world);
  again(profile.faultEveryMs, () => {
    const fault = weighted(random, profile.faults);
    if (fault === undefined) return;
    if (profile.aimed) strike(random.pick(stages), fault);
    else breakDown(world, fault);
  });
  again(profile.adminEveryMs, () => administrate(world));
  again(profile.helpEveryMs, () => world.helps.happens());
  again(profile.deskEveryMs, () => world.desk.happens());
  again(profile.thresholdEveryMs, () => world.desk.thresholds.happens());
  again(profile.carrierEveryMs, () => world.carriers.fail());
  again(profile.machineEveryMs, () => {
    world.note('fault', 'recorder-machine', {});
    world.recorder.machineDies();
  });
  again(profile.overtakenEveryMs, () => {
    world.disturbed(scheduler.nowMs + OVERTAKEN_MS);
    world.routing.overtaken();
  });
}

/**
 * Aims a fault at the moment when the next call enters a stage, or a little later. A fault that still waits for its stage gives way to the
 * next.
 */
function aimAt(world: World): (stage: Call['stage']['kind'], fault: Fault) => void {
  const { scheduler, random } = world;
  let aim: { readonly stage: Call['stage']['kind']; readonly fault: Fault } | undefined;
  world.onKept.push(({ stage }) => {
    if (stage.kind !== aim?.stage) return;
    const { fault } = aim;
    aim = undefined;
    scheduler.after(random.pick([0, 0, 5, 300]), () => {
      if (!world.healthy) breakDown(world, fault);
    });
  });
  return (stage, fault) => (aim = { stage, fault });
}

function breakDown(world: World, fault: Fault): void {
  const { scheduler, random, bus, commands, stores } = world;
  const lastsMs = random.int(500, 8_000);
  world.note('fault', fault, { lastsMs });
  for (const tell of world.onFault) tell(fault);
  // A recorder that goes disturbs nobody.
  if (fault !== 'recorder' && fault !== 'recorder-stop') world.disturbed(scheduler.nowMs + lastsMs + 5_000);
  switch (fault) {
    case 'telephony':
      world.telephony.kill();
      return;
    case 'routing':
      world.routing.kill();
      return;
    case 'telephony-stop':
      world.telephony.terminate();
      return;
    case 'routing-stop':
      world.routing.terminate();
      return;
    case 'recorder':
      world.recorder.kill();
      return;
    case 'recorder-stop':
      world.recorder.terminate();
      return;
    case 'mixer':
      world.mixerRole.kill();
      return;
    case 'api':
      world.gateway.kill();
      return;
    case 'relay':
      world.relay.kill();
      return;
    case 'bus':
      if (bus.away) return;
      bus.away = true;
      commands.away = true;
      stores.liveStateAway = true;
      scheduler.after(lastsMs, () => {
        bus.back();
        commands.away = false;
        stores.liveStateIsBack();
      });
      return;
    case 'documents':
      stores.documentsAway = true;
      scheduler.after(lastsMs, () => (stores.documentsAway = false));
  }
}

function administrate(world: World): void {
  const { random, stores, scheduler, site } = world;
  if (world.profile.campaignRows > 0 && random.chance(0.5)) {
    world.cases.haltOrGoOn(random.pick([...world.campaigns.campaigns.keys()]));
    return;
  }
  if (world.profile.campaignRows > 0 && random.chance(0.5)) {
    world.campaigns.takeConsentBack();
    return;
  }
  const kind = random.pick(['queue', 'skills', 'number', 'stop', 'destination']);
  world.note('admin', `edits ${kind}`, {});
  if (kind === 'number') {
    void world.commands
      .of(adminProcess(world))
      .send('telephony.read-again', {})
      .catch(() => undefined);
    return;
  }
  if (kind === 'stop') {
    const { outbound } = world;
    const stop = { id: 'stop', scope: 'platform', value: '', reason: '', by: '', byName: '', at: new Date(scheduler.nowMs) } as const;
    const others = outbound.stops.filter(({ id }) => id !== 'stop');
    outbound.stops = others.length === outbound.stops.length ? [...others, stop] : others;
    return;
  }
  if (kind === 'destination') {
    const number = random.pick(DESTINATIONS);
    world.outbound.destinations.set(number, { validUntil: random.pick(['2026-11-26', '2027-12-31']) });
    return;
  }
  if (kind === 'queue') {
    const queue = random.pick([...stores.queues.values()]);
    stores.queues.set(queue.id, { ...queue, ringForMs: random.pick([5_000, 10_000, 20_000]), priority: random.int(40, 60) });
  } else {
    const agentId = random.pick(site.agents);
    stores.skills.set(agentId, { product: random.int(1, 5) });
  }
  void world.bus
    .of(adminProcess(world))
    .publish('config.changed', { at: new Date(scheduler.nowMs).toISOString(), what: kind === 'queue' ? 'queues' : 'agents' });
}

function adminProcess(world: World): NonNullable<World['recorder']['process']> {
  const { process } = world.recorder;
  if (process === undefined) throw new Error('the world has not begun');
  return process;
}

/** The second phase: everything is whole and everybody works; all who wait must be served, and everything must come to its end. */
async function becomeQuiet(world: World, failed: () => boolean): Promise<void> {
  const { scheduler, stores } = world;
  world.healthy = true;
  world.carriers.heal();
  world.note('world', 'is healthy from here on', {});
  const quiet = (): boolean =>
    stores.calls.size === 0 && [...world.callers.values()].every(({ state }) => state === 'over') && stores.waiting.size === 0;
  const deadlineMs = scheduler.nowMs + QUIET_WITHIN_MS;
  await scheduler.runUntil(scheduler.nowMs + AFTER_QUIET_MS, failed);
  while (!failed() && !quiet() && scheduler.nowMs < deadlineMs) await scheduler.runUntil(scheduler.nowMs + 5_000, failed);
  if (failed()) return;
  if (!quiet()) {
    const left = [...stores.calls.values()].map(({ call }) => `${call.id} in ${JSON.stringify(call.stage)}`);
    const callers = [...world.callers.values()].filter(({ state }) => state !== 'over').map(({ party, state }) => `${party} ${state}`);
    world.fail(
      'no dead end',
      `not quiet after ${QUIET_WITHIN_MS / 1_000} s of health: ${[...left, ...callers, ...stores.waiting.keys()].join('; ')}`,
      [...stores.calls.keys()],
    );
    return;
  }
  await scheduler.runUntil(scheduler.nowMs + AFTER_QUIET_MS, failed);
  while (!failed() && (world.hasNewCalls || !quiet()) && scheduler.nowMs < deadlineMs)
    await scheduler.runUntil(scheduler.nowMs + 5_000, failed);
}
