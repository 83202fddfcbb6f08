import { usualRule, type Listening } from '../../../services/supervision/listening.js';
import { createListeningService, type ListeningService } from '../../../services/supervision/listening-service.js';
import type { ListeningStore } from '../../../services/supervision/ports.js';
import { listeningNotices } from '../../../services/shared/domain/calls/listening.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

const unused = (): never => {
  throw new Error('not asked in a simulation');
};

/** The rule of listening, which differs from site to site, and the rows of who listened. */
export class Listenings {
  readonly rows = new Map<string, Listening>();
  #made = 0;

  constructor(private readonly world: World) {}

  get notice(): Listening['notice'] {
    return listeningNotices[this.world.seed % listeningNotices.length] ?? 'at-once';
  }

  /** In some sites one agent has not acknowledged the rule. */
  hasAcknowledged(agentId: string): boolean {
    return this.world.seed % 4 !== 0 || agentId !== this.world.site.agents[0];
  }

  service(process: Process): ListeningService {
    const store = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    const now = (): Date => new Date(this.world.scheduler.nowMs);
    const listenings: ListeningStore = {
      put: (row) => store(() => void this.rows.set(row.id, row)),
      remove: (id) => store(() => void this.rows.delete(id)),
      newest: (callId, listenerId, at) =>
        store(() => {
          const all = [...this.rows.values()].filter((row) => row.callId === callId && row.listenerId === listenerId);
          return all.findLast(({ beganAt }) => beganAt <= at) ?? all.at(-1);
        }),
      addPart: (id, part, endedAt) =>
        store(() => {
          const row = this.rows.get(id);
          if (row === undefined) return;
          const isNew = row.parts.every(({ beganAt }) => beganAt.getTime() !== part.beganAt.getTime());
          this.rows.set(id, { ...row, parts: isNew ? [...row.parts, part] : row.parts, ...(endedAt === undefined ? {} : { endedAt }) });
        }),
      list: unused,
      people: unused,
      unseenBy: unused,
      setSeen: unused,
      forgetBefore: unused,
    };
    return createListeningService({
      rules: { read: () => store(() => ({ ...usualRule, notice: this.notice })), save: unused },
      acknowledgements: {
        put: unused,
        last: (userIds = []) =>
          store(
            () =>
              new Map(
                userIds.filter((userId) => this.hasAcknowledged(userId)).map((userId) => [userId, { userId, at: now(), textVersion: 1 }]),
              ),
          ),
      },
      listenings,
      commands: this.world.commands.of(process),
      bus: this.world.bus.of(process),
      audit: async () => undefined,
      newId: () => `listening-${(this.#made += 1)}`,
      now,
    });
  }
}
