import type { AgentHelp } from '../../../services/shared/contracts/queues/board.js';
import { helpReasons, type HelpEnd } from '../../../services/shared/domain/calls/help.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import type { Help } from '../../../services/supervision/help.js';
import { createHelpService, type HelpService } from '../../../services/supervision/help-service.js';
import type { HelpStore } from '../../../services/supervision/ports.js';
import { simulatedLog } from '../roles/simulated-log.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** As in services/supervision/index.ts. */
const ROUND_MS = 15_000;
const SUPERVISORS = ['s1', 's2'] as const;

const unused = (): never => {
  throw new Error('not asked in a simulation');
};

/** Requests for help: the store, and the people who ask and who come. What ends a request is the product's own code. */
export class Helps {
  readonly rows = new Map<string, Help>();
  /** For each request, everybody who was named as coming by any answer. */
  readonly told = new Map<string, Set<string>>();
  #up: { readonly process: Process; readonly service: HelpService } | undefined;

  constructor(private readonly world: World) {}

  get open(): readonly Help[] {
    return [...this.rows.values()].filter(({ ended }) => ended === undefined);
  }
  /** What the board of agents shows, by agent; undefined while no process would show it. */
  get board(): ReadonlyMap<string, AgentHelp> | undefined {
    return this.#up?.process.alive === true ? this.#up.service.openByAgent() : undefined;
  }

  #store(process: Process): HelpStore {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    const change = (id: string, fits: (help: Help) => boolean, what: Partial<Help>): boolean => {
      const help = this.rows.get(id);
      if (help === undefined || !fits(help)) return false;
      this.rows.set(id, { ...help, ...what });
      return true;
    };
    const isOpen = ({ ended }: Help): boolean => ended === undefined;
    const of = (agentId: string): Help[] => [...this.rows.values()].filter(({ agent }) => agent.userId === agentId);
    return {
      put: (help) => store(() => !of(help.agent.userId).some(isOpen) && this.rows.set(help.id, help).has(help.id)),
      setReason: (id, reason) => store(() => void change(id, isOpen, { reason })),
      take: (id, takenBy, takenAt) => store(() => change(id, (help) => isOpen(help) && help.takenBy === undefined, { takenBy, takenAt })),
      end: (id, ended: HelpEnd, endedAt) => store(() => change(id, isOpen, { ended, endedAt })),
      byId: (id) => store(() => this.rows.get(id)),
      newestOf: (agentId) => store(() => of(agentId).at(-1)),
      openOf: (agentId) => store(() => of(agentId).filter(isOpen)),
      open: () => store(() => this.open),
      endedSince: unused,
      forgetBefore: unused,
    };
  }

  /** Starts the service in the gateway's process. */
  async start(process: Process): Promise<{ readonly help: HelpService; readonly helps: HelpStore }> {
    const { world } = this;
    const log = simulatedLog(world, process);
    const bus = world.bus.of(process);
    const helps = this.#store(process);
    const service = createHelpService({
      helps,
      commands: world.commands.of(process),
      bus,
      newId: () => orderedId(process.clock.nowMs(), (bytes) => world.random.bytes(bytes)),
      now: () => new Date(process.clock.nowMs()),
      log,
    });
    this.#up = { process, service };
    await bus.follow((delivered) => void service.heard(delivered).catch((error: unknown) => log.warn({ err: error }, 'not ended yet')), {
      only: ['agent.state-changed', 'call.agent-left', 'call.ended', 'help.changed'],
    });
    const renew = (): void => void service.renew().catch((error: unknown) => log.warn({ err: error }, 'requests could not be read'));
    renew();
    process.clock.every(ROUND_MS, renew);
    return { help: service, helps };
  }

  /** Somebody presses the key, says why, takes it back; a supervisor is coming, or has helped. Two of them say so at once now and then. */
  happens(): void {
    const { world } = this;
    const { random, site } = world;
    const up = this.#up;
    if (up?.process.alive !== true) return;
    const note = (who: string, what: string, more: Readonly<Record<string, unknown>> = {}): void => world.note(who, what, more);
    const refused = (error: unknown): void => note('help', 'was refused', { error: String(error) });
    const agentId = random.pick(site.agents);
    const deed = random.pick(['asks', 'asks', 'asks', 'takes', 'takes', 'settles', 'withdraws'] as const);
    if (deed === 'asks') {
      note(agentId, 'asks for help');
      void up.service.ask({ userId: agentId, name: agentId }, random.chance(0.5) ? random.pick(helpReasons) : undefined).catch(refused);
      return;
    }
    if (deed === 'withdraws') {
      note(agentId, 'needs no help any more');
      void up.service.withdraw(agentId).catch(refused);
      return;
    }
    const { open } = this;
    if (open.length === 0) return;
    const { id } = random.pick(open);
    if (deed === 'settles') {
      note('s1', 'has helped', { id });
      void up.service.settle(id).catch(refused);
      return;
    }
    // A team's leader comes through the page, and only to their own people.
    if (world.profile.teams) return;
    for (const userId of random.chance(0.5) ? SUPERVISORS : [random.pick(SUPERVISORS)]) {
      note(userId, 'is coming', { id });
      void up.service.take(id, { userId, name: userId }).then((who) => {
        this.told.set(id, (this.told.get(id) ?? new Set()).add(who.userId));
      }, refused);
    }
  }
}
