import type { Team, TeamSpell } from '../shared/domain/people/team.js';
import type { Handlers } from '../shared/events/catalogue.js';
import type { Leadership } from '../shared/platform/processes/leadership.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createBreakWatch } from './agents/break-watch.js';
import { Desk } from './matching/desk.js';
import { createHandlingTimes } from './matching/expected-wait.js';
import { underLease } from './leading.js';
import type { ThresholdStore } from './ports.js';
import { createThresholdDesk } from './thresholds/threshold-desk.js';
import { createRoutingService, type RoutingDependencies } from './routing-service.js';

const TICK_MS = 250;
/** A part of the two seconds within which a passed limit must be on the board and at the bell. */
const THRESHOLDS_MS = 500;
/** How often breaks are checked against their limits. */
const BREAKS_MS = 1_000;
const SWEEP_MS = 10_000;
/** How often expired rows are removed; the first time soon after the start. */
const AGED_MS = 3_600_000;
/** How often the stored visits correct what events said, and thresholds are read whose change was never announced. */
const COUNT_MS = 30_000;
const FIRST_AGED_MS = 60_000;

export interface RoutingRoleDependencies extends Omit<RoutingDependencies, 'desk' | 'handling'> {
  readonly lease: Leadership;
  readonly thresholds: Pick<ThresholdStore, 'all'>;
  /** The teams, and who was in which team when. */
  readonly teams: { readonly all: () => Promise<readonly Team[]>; readonly spells: () => Promise<readonly TeamSpell[]> };
  /** Distinguishes the offers of this process from those of any other. */
  readonly offerPrefix: string;
  /** Removes expired rows; returns how many. */
  readonly removeAged: (now: Date) => Promise<number>;
  readonly log: Logger;
  /** Ends this process, which is started again as a standby. */
  readonly restart: (reason: string) => void;
}

/** The life of routing: waits for the lease, takes over what the previous process left, decides, and gives the lease back. */
export function createRoutingRole(needs: RoutingRoleDependencies): Service {
  const { lease, offerPrefix, figures, state, waits, states, removeAged, clock, log, restart } = needs;
  const desk = new Desk(offerPrefix);
  const { guarded, timed, commandsOf, busOf, callbacksOf } = underLease(lease);
  const [bus, commands, callbacks] = [busOf(needs.bus), commandsOf(needs.commands), callbacksOf(needs.callbacks)];
  const leading = { ...needs, desk, bus, commands, callbacks };
  const routing = createRoutingService({ ...leading, handling: createHandlingTimes() });
  const thresholds = createThresholdDesk(leading);
  const breaks = createBreakWatch({ ...leading, breaks: routing.breaks });
  const stops: (() => Promise<void> | void)[] = [];
  let active = false;
  let standingBy = false;
  let stopped = false;

  const handlers: Handlers = {
    ...routing.handlers,
    'config.changed': async ({ what }) => (what === 'thresholds' ? thresholds.read() : routing.readSettings()),
  };

  async function readTeams(): Promise<void> {
    const [all, spells] = await Promise.all([needs.teams.all(), needs.teams.spells()]);
    thresholds.named(all);
    figures.inTeams(spells);
  }

  async function begin(standsBy: () => void): Promise<void> {
    stops.push(() => lease.release());
    await lease.acquire(standsBy);
    if (standingBy) log.warn({}, 'this process decides from now on');
    stops.push(() => waits.flush());
    stops.push(() => states.flush());
    const kept = await state.load();
    desk.restore(kept.agents, kept.waiting);
    await Promise.all([routing.readSettings(), thresholds.read()]);
    await routing.reconcile();
    const turn = { token: lease.token(), superseded: lease.superseded };
    const leave = await bus.subscribe('routing', guarded(handlers), { hurry: ['call.queued'], turn });
    // A superseded process does not wait for a handler that itself waits for the lease.
    stops.push(() => (lease.isOver() ? void leave() : leave()));
    stops.push(await commands.serve({ ...routing.served, ...thresholds.served }));
    stops.push(clock.every(THRESHOLDS_MS, timed(thresholds.look)));
    const lookAtBreaks = timed(() => void breaks.look());
    stops.push(clock.every(BREAKS_MS, lookAtBreaks));
    stops.push(clock.every(TICK_MS, timed(routing.tick)));
    const sweep = (): void =>
      void routing.sweepSeats().catch((error: unknown) => log.warn({ err: error }, 'vanished seats could not be cleared'));
    stops.push(clock.every(SWEEP_MS, timed(sweep)));
    const count = (): void =>
      void Promise.all([routing.readVisits(), readTeams(), thresholds.read()]).then(thresholds.hasCounted, (error: unknown) =>
        log.warn({ err: error }, 'visits of today, teams or thresholds could not be read'),
      );
    // Not awaited: reading a day with many calls takes seconds.
    count();
    stops.push(clock.every(COUNT_MS, count));
    const removeOld = (): void =>
      void removeAged(new Date(clock.nowMs())).then(
        (rows) => rows > 0 && log.info({ rows }, 'old states and wait reasons were removed'),
        (error: unknown) => log.warn({ err: error }, 'old states and wait reasons could not be removed'),
      );
    stops.push(clock.after(FIRST_AGED_MS, removeOld));
    stops.push(clock.every(AGED_MS, removeOld));
    active = true;
  }

  return {
    name: 'routing',
    /** Resolves when this process decides, or stands by while another one decides. */
    async start() {
      let upToo: () => void = () => undefined;
      const standsBy = new Promise<void>((resolve) => (upToo = resolve));
      const begun = begin(() => {
        standingBy = true;
        log.warn({}, 'another routing process is active; this one stands by');
        upToo();
      });
      begun.then(
        () => (standingBy = false),
        (error: unknown) => {
          // During the start the error goes to whoever started it.
          if (!standingBy || stopped) return;
          log.error({ err: error }, 'routing could not start');
          restart('routing could not start');
        },
      );
      await Promise.race([begun, standsBy]);
    },
    async stop() {
      stopped = true;
      for (const stop of stops.splice(0).reverse()) await stop();
    },
    standsBy: () => standingBy,
    health: async () => ({
      ok: active || standingBy,
      facts: { active, agents: [...desk.agents()].length, waiting: [...desk.waitingCalls()].length },
    }),
  };
}
