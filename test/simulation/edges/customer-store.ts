import type { CustomerStore, StoredCustomer } from '../../../services/customers/ports.js';
import type { Random } from '../random.js';
import type { Process, Scheduler } from '../scheduler.js';

const unused = (): never => {
  throw new Error('not asked in a simulation');
};
const keyOf = (unit: string, hash: string): string => `${unit}/${hash}`;
const LATENCY_MS = 20;

/**
 * Customers as their document store keeps them: within a unit a number belongs to one existing customer, and a version is overwritten once.
 * Beside that, what the world knows of their numbers: a number that was written stays with somebody until a person takes it away.
 */
export class CustomerRows {
  readonly rows = new Map<string, StoredCustomer>();
  /** Numbers that a customer was given and nobody took away, as `unit/hash`. */
  readonly given = new Set<string>();
  /** Numbers that somebody asked to take away, and that may be there or not. */
  readonly doubtful = new Set<string>();
  /** Called when somebody with these numbers has been erased. */
  readonly onErased: ((keys: readonly string[]) => void)[] = [];

  constructor(
    private readonly random: Random,
    readonly scheduler: Scheduler,
  ) {}

  get standing(): readonly StoredCustomer[] {
    return [...this.rows.values()].filter(({ mergedInto }) => mergedInto === undefined);
  }
  keysOf({ unit, numbers }: StoredCustomer): string[] {
    return numbers.map(({ hash }) => keyOf(unit, hash));
  }

  #isTaken(customer: StoredCustomer): boolean {
    if (customer.mergedInto !== undefined) return false;
    const others = new Set(this.standing.filter(({ id }) => id !== customer.id).flatMap((other) => this.keysOf(other)));
    return this.keysOf(customer).some((key) => others.has(key));
  }

  #write(customer: StoredCustomer): void {
    this.rows.set(customer.id, JSON.parse(JSON.stringify(customer)) as StoredCustomer);
    for (const key of this.keysOf(customer)) this.given.add(key);
  }

  /** The store as one process reaches it. */
  of(process: Process): CustomerStore {
    const store = <T>(work: () => T): Promise<T> => process.later(this.random.int(1, LATENCY_MS), work);
    return {
      one: (id) => store(() => this.rows.get(id)),
      ofNumber: (unit, hash) => store(() => this.standing.find((customer) => this.keysOf(customer).includes(keyOf(unit, hash)))),
      into: (id) => store(() => [...this.rows.values()].filter(({ mergedInto }) => mergedInto === id)),
      list: ({ units, hash, skip, limit }) =>
        store(() => {
          const fitting = this.standing.filter(
            ({ unit, numbers }) =>
              (units?.includes(unit) ?? true) && (hash === undefined || numbers.some((number) => number.hash === hash)),
          );
          return { customers: fitting.slice(skip, skip + limit), total: fitting.length };
        }),
      add: (customer) =>
        store(() => {
          if (this.#isTaken(customer)) return false;
          this.#write(customer);
          return true;
        }),
      replace: (next) =>
        store(() => {
          if (this.rows.get(next.id)?.version !== next.version - 1) return 'stale';
          if (this.#isTaken(next)) return 'taken';
          this.#write(next);
          return 'done';
        }),
      erase: async (many) => {
        for (const { id, version } of many) {
          const isDone = await store(() => {
            const row = this.rows.get(id);
            if (row === undefined) return true;
            if (row.version !== version) return false;
            for (const key of this.keysOf(row)) this.given.delete(key);
            // If the erased customer had been merged into another, these numbers may leave that one with a separation.
            if (row.mergedInto !== undefined) for (const key of this.keysOf(row)) this.doubtful.add(key);
            for (const tell of this.onErased) tell(this.keysOf(row));
            return this.rows.delete(id);
          });
          if (!isDone) return false;
        }
        return true;
      },
      taken: (unit, hashes) =>
        store(() => {
          const keys = new Set(this.standing.flatMap((customer) => this.keysOf(customer)));
          return new Set(hashes.filter((hash) => keys.has(keyOf(unit, hash))));
        }),
      addMany: unused,
      fields: async () => [],
      setFields: unused,
    };
  }
}
