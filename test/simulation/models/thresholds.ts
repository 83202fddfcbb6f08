import type { ThresholdStore } from '../../../services/routing/ports.js';
import { Threshold } from '../../../services/shared/contracts/queues/threshold.js';
import { CallCentreError } from '../../../services/shared/domain/failure.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** Thresholds as their document store keeps them. A seed whose profile has none never asks for them. */
export class Thresholds {
  readonly rows = new Map<string, Threshold>();
  /** When each was written or removed last. */
  readonly changedMs = new Map<string, number>();
  readonly onChanged: ((thresholdId: string) => void)[] = [];
  /** Called when routing has counted a visit. */
  readonly onCounted: (() => void)[] = [];
  #lastRead: readonly Threshold[] = [];

  constructor(private readonly world: World) {}

  get areUsed(): boolean {
    return Number.isFinite(this.world.profile.thresholdEveryMs);
  }

  #changed(id: string): void {
    this.changedMs.set(id, this.world.scheduler.nowMs);
    for (const tell of this.onChanged) tell(id);
  }

  /** As in services/routing/adapters/mongo-thresholds.ts: a change made meanwhile is not overwritten. */
  store(process: Process): ThresholdStore {
    const ask = <T>(work: () => T): Promise<T> => this.world.stores.document(process, work);
    return {
      all: () => ask(() => this.#all()),
      byId: (id) => ask(() => this.rows.get(id)),
      put: (threshold, read, by) =>
        ask(() => {
          if (this.rows.get(threshold.id)?.revision !== read?.revision)
            throw new CallCentreError('changed-meanwhile', 'Somebody has changed this meanwhile.');
          const stored = Threshold.parse({ ...threshold, revision: (read?.revision ?? 0) + 1, changedBy: by });
          this.rows.set(stored.id, stored);
          this.#changed(stored.id);
          return stored;
        }),
      remove: (id) =>
        ask(() => {
          const wasThere = this.rows.delete(id);
          if (wasThere) this.#changed(id);
          return wasThere;
        }),
    };
  }

  /** As in services/routing/index.ts: while the store is away, what was read last applies. */
  async readBy(process: Process): Promise<Threshold[]> {
    const read = this.world.stores.document(process, () => this.#all());
    this.#lastRead = await read.catch(() => this.#lastRead);
    return [...this.#lastRead];
  }

  #all(): Threshold[] {
    return [...this.rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}
