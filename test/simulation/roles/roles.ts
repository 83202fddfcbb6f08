import { createCalls, type Calls } from '../../../services/calls/index.js';
import { createDayFigures, type DayFiguresKeeper } from '../../../services/routing/waits/day-figures.js';
import { removeAged } from '../../../services/routing/keeping.js';
import { createRoutingRole } from '../../../services/routing/routing-role.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import type { Leadership } from '../../../services/shared/platform/processes/leadership.js';
import type { Service } from '../../../services/shared/platform/processes/service.js';
import type { Process } from '../scheduler.js';
import { SIM_ZONE_OFFSET_MS } from '../site.js';
import type { World } from '../world.js';
import { ApiRole } from './api.js';
import { startCases, type Cases } from './cases.js';
import { Role } from './role.js';
import { simulatedLog } from './simulated-log.js';

const DAY_LENGTH = 10;
const DAY_MS = 86_400_000;

/** Routing asks for the date at each tick: it is written out once a day. */
const days = new Map<number, string>();

function dayOf(nowMs: number): string {
  const localMs = nowMs + SIM_ZONE_OFFSET_MS;
  const day = Math.floor(localMs / DAY_MS);
  const known = days.get(day) ?? new Date(localMs).toISOString().slice(0, DAY_LENGTH);
  days.set(day, known);
  return known;
}
/**
 * The longest time in which two processes of routing decide at once. The lease alone allows none
 * (services/shared/platform/processes/leadership.ts).
 */
const LATE_MS = 3_000;

export class TelephonyRole extends Role {
  #seen: { key(legId: string, key: string): void } | undefined;
  #calls: Calls | undefined;

  constructor(world: World) {
    super('telephony', world, 700);
  }

  /** In the order of services/main/telephony.ts. */
  protected override async end(): Promise<void> {
    await this.#calls?.leave();
    if (this.world.sip.telephony?.process === this.process) this.world.sip.telephony = undefined;
    await this.#calls?.service.stop('process');
  }

  /** A key that the relay heard from a party. */
  key(legId: string, key: string): void {
    if (!this.alive) return;
    for (const told of this.world.onKey) told(legId, key);
    this.#seen?.key(legId, key);
  }

  protected async begin(process: Process): Promise<void> {
    const { world } = this;
    const { sip, relay, stores, random } = world;
    const log = simulatedLog(world, process);
    const { gate, book } = world.outbound.of(process);
    let facts = 0;
    const calls = createCalls({
      siteTimeZone: 'Asia/Shanghai',
      seatGraceMs: world.options.seatGraceMs,
      hashNumber: world.outbound.hashNumber,
      media: { ...relay.of(process), digitByInfo: (legId, digit) => this.key(legId, digit) },
      onKey: (handle) => (this.#seen = { key: handle }),
      onMediaLost: (handle) => relay.onLost(process, handle),
      onMediaRevived: (handle) => relay.onRevived(process, handle),
      onSilent: () => undefined,
      onQuiet: () => undefined,
      dialler: world.carriers.dialler(process, book),
      adoptDialog: sip.adopt(process),
      ledger: {
        intent: (leg) => process.later(world.latency(), () => world.archive.intend(leg)),
      },
      outbound: gate,
      bus: world.bus.of(process),
      commands: world.commands.of(process),
      numbers: {
        numbers: () => process.later(1, () => [...stores.numbers.values()]),
        trunks: () => process.later(1, () => stores.trunks),
        listedCallers: () => process.later(1, () => stores.listed),
      },
      calendarYears: () => stores.document(process, () => world.site.calendar),
      platform: {
        ...stores.ofCalls(process),
        newId: () => orderedId(process.clock.nowMs(), (bytes) => random.bytes(bytes)),
        newEventId: () => `${process.name}-${(facts += 1)}`,
      },
      log,
    });
    this.#calls = calls;
    await calls.service.start();
    sip.telephony = { process, invited: (call) => calls.invited(call), seatInvited: (seat) => calls.seatInvited(seat) };
    sip.endUnclaimed(process);
    const known = await calls.takeUp();
    relay.checkAdopted(process);
    if (known) relay.dropUnclaimed(process);
  }
}

export class RoutingRole extends Role {
  /** What the wallboard of the present process shows. */
  figures = createDayFigures();

  constructor(world: World) {
    super('routing', world, 900);
  }

  /** A second process leads; the first learns of it only from its lease, or when it is refused. */
  overtaken(): void {
    const former = this.process;
    if (former?.alive !== true) return;
    this.world.note('supervisor', 'another process leads', { former: former.name });
    this.start();
    this.world.scheduler.after(this.world.random.int(0, LATE_MS), () => this.#end(former));
  }

  /** Ends the former leader; nothing is started in its place, since another runs. */
  #end(process: Process): void {
    if (process === this.process) {
      this.kill();
      return;
    }
    process.kill();
    this.world.bus.forget(process);
  }

  #lease(process: Process): Leadership {
    const { stores } = this.world;
    let token = 0;
    let over = false;
    return {
      acquire: async () => {
        stores.routingToken += 1;
        token = stores.routingToken;
      },
      token: () => token,
      isSure: () => !over,
      sure: () => new Promise(() => undefined),
      superseded: () => {
        if (over) return;
        over = true;
        this.#end(process);
      },
      isOver: () => over,
      release: async () => undefined,
    };
  }

  /** The same figures; whoever judges is told of each visit that is counted. */
  #counting(figures: DayFiguresKeeper): DayFiguresKeeper {
    return {
      ...figures,
      saw: (visit) => {
        figures.saw(visit);
        for (const tell of this.world.thresholds.onCounted) tell();
      },
    };
  }

  protected async begin(process: Process): Promise<void> {
    const { world } = this;
    const { stores, random, thresholds } = world;
    const nothing = { removeBefore: async (): Promise<number> => 0 };
    this.figures = createDayFigures();
    const lease = this.#lease(process);
    const service: Service = createRoutingRole({
      figures: this.#counting(this.figures),
      offerPrefix: process.name.replace('#', ''),
      lease,
      ...stores.ofRouting(process, lease.token),
      namesOf: async () => new Map(),
      waits: {
        add: ({ callId, what }) => {
          if (what === 'offered') stores.decisions.set(callId, (stores.decisions.get(callId) ?? 0) + 1);
        },
        ofCall: async () => [],
        ofDay: async () => [],
        flush: async () => undefined,
        aged: nothing,
      },
      thresholds: { all: () => (thresholds.areUsed ? thresholds.readBy(process) : Promise.resolve([])) },
      teams: thresholds.areUsed ? world.staff.readBy(process) : { all: async () => [], spells: async () => [] },
      states: { add: () => undefined, between: async () => [], flush: async () => undefined, aged: nothing },
      bus: world.bus.of(process),
      commands: world.commands.of(process),
      seatsPresent: (agentIds) =>
        process.later(1, () => new Set(agentIds.filter((agentId) => (stores.presence.get(agentId) ?? 0) > world.scheduler.nowMs))),
      removeAged: (now) => removeAged([nothing], 400, now),
      clock: process.clock,
      today: () => dayOf(process.clock.nowMs()),
      midnightMs: () => {
        const localMs = process.clock.nowMs() + SIM_ZONE_OFFSET_MS;
        return localMs - (localMs % DAY_MS) - SIM_ZONE_OFFSET_MS;
      },
      newId: () => orderedId(process.clock.nowMs(), (bytes) => random.bytes(bytes)),
      onceStored: (work) => work(),
      log: simulatedLog(world, process),
      restart: () => this.#end(process),
    });
    this.service = service;
    await service.start();
  }
}

export class MixerRole extends Role {
  constructor(world: World) {
    super('mixer', world, 600);
  }

  protected async begin(process: Process): Promise<void> {
    await this.world.commands.of(process).serve(this.world.mixer.served());
    await this.world.bus.of(process).publish('mixer.started', { at: new Date(process.clock.nowMs()).toISOString() });
  }

  protected override died(): void {
    this.world.mixer.clear();
  }
}

/** Workspace, satisfaction, complaints and the do-not-call list. */
export class CasesRole extends Role {
  cases: Cases | undefined;

  constructor(world: World) {
    super('cases', world, 1_000);
  }

  protected async begin(process: Process): Promise<void> {
    this.cases = await startCases(this.world, process);
  }

  /** A supervisor pauses a campaign, or lets it go on. */
  haltOrGoOn(campaignId: string): void {
    const { cases, world } = this;
    const state = world.campaigns.campaigns.get(campaignId)?.state;
    if (cases === undefined || (state !== 'running' && state !== 'paused')) return;
    const by = { by: 's1', byName: 's1' };
    world.note('admin', state === 'running' ? 'pauses a campaign' : 'lets a campaign go on', { campaignId });
    const done = state === 'running' ? cases.campaigns.pause(campaignId, { ...by, reason: 'why' }) : cases.campaigns.start(campaignId, by);
    done.catch((error: unknown) => world.note('admin', 'was refused', { error: String(error) }));
  }

  protected override died(): void {
    this.cases = undefined;
  }
}

/** The gateway of the pages. */
export class GatewayRole extends Role {
  gateway: ApiRole | undefined;

  constructor(world: World) {
    super('api', world, 800);
  }

  protected async begin(process: Process): Promise<void> {
    this.gateway = await ApiRole.start(this.world, process, simulatedLog(this.world, process));
  }

  protected override died(): void {
    const gateway = this.gateway;
    this.gateway = undefined;
    gateway?.drop();
  }
}
