import type { CustomerEntry, CustomerField } from '../shared/contracts/customer.js';
import type { AgentId } from '../shared/domain/ids.js';

/** A number of a customer: its keyed hash and its masked form. The number itself is not stored. */
export interface KeptNumber {
  readonly id: string;
  readonly hash: string;
  readonly masked: string;
}

/** Another customer that was merged into this one, with those of its numbers that came with it. */
export interface Merge {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly numberIds: readonly string[];
  /** The merge is being undone: the numbers have already left. */
  readonly leaving?: boolean;
}

/** The facts of an ended or live call that its customer needs. */
export interface CallFacts {
  /** Missing when the caller withheld the number: such a caller is unknown. */
  readonly callerHash?: string | undefined;
  readonly callerMasked: string;
  /** Our number. */
  readonly called: string;
  /** The agents at whose seats it rang, or who were in it. */
  readonly agentIds: readonly AgentId[];
}

/** Times are ISO 8601, UTC; `madeBy` and `changedBy` are names of staff. */
export interface StoredCustomer extends CustomerEntry {
  readonly id: string;
  /** The client unit; empty when our number has none. */
  readonly unit: string;
  readonly numbers: readonly KeptNumber[];
  readonly version: number;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly merged: readonly Merge[];
  /** Set while the customer is merged into another one: no search finds it then. */
  readonly mergedInto?: string;
}

/** Which client units a person reaches; undefined for all. */
export type Units = readonly string[] | undefined;

export interface CustomerQuery {
  readonly units: Units;
  /** Either the hash of a number, or the beginning of a name or of a tag. */
  readonly hash?: string | undefined;
  readonly text?: string | undefined;
  readonly skip: number;
  readonly limit: number;
}

export interface CustomerStore {
  one(id: string): Promise<StoredCustomer | undefined>;
  /** The customer with this number, within a client unit. */
  ofNumber(unit: string, hash: string): Promise<StoredCustomer | undefined>;
  /** The customers merged into this one, even if the merge stopped half way. */
  into(id: string): Promise<StoredCustomer[]>;
  list(query: CustomerQuery): Promise<{ readonly customers: StoredCustomer[]; readonly total: number }>;
  /** False when one of its numbers belongs to another customer of the unit. */
  add(customer: StoredCustomer): Promise<boolean>;
  /** Positions in the list of the customers that could not be added because one of their numbers was taken in the meantime. */
  addMany(customers: readonly StoredCustomer[]): Promise<ReadonlySet<number>>;
  /**
   * Writes `next` in place of the previous version. `stale`: somebody has changed the customer since; `taken`: one of its numbers belongs
   * to another customer.
   */
  replace(next: StoredCustomer): Promise<'done' | 'stale' | 'taken'>;
  /** Which of these numbers belong to a customer of the unit. */
  taken(unit: string, hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes these in order, with everything stored about them. Stops at one that has changed since it was read, and then returns false. */
  erase(customers: readonly Pick<StoredCustomer, 'id' | 'version'>[]): Promise<boolean>;
  fields(): Promise<CustomerField[]>;
  setFields(fields: readonly CustomerField[]): Promise<void>;
}
