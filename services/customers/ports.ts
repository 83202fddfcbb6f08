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
  /** It is being undone: the numbers have left already. */
  readonly leaving?: boolean;
}

/** An ended or living call as far as its customer needs it. */
export interface CallFacts {
  /** None of a caller who withheld the number: nobody. */
  readonly callerHash?: string | undefined;
  readonly callerMasked: string;
  /** Our number. */
  readonly called: string;
  /** At whom it rang or who was in it. */
  readonly agentIds: readonly AgentId[];
}

/** Moments are ISO 8601, UTC; `madeBy` and `changedBy` are names of staff. */
export interface StoredCustomer extends CustomerEntry {
  readonly id: string;
  /** The client unit; empty for numbers of ours without one. */
  readonly unit: string;
  readonly numbers: readonly KeptNumber[];
  readonly version: number;
  readonly madeAt: string;
  readonly madeBy: string;
  readonly changedAt: string;
  readonly changedBy: string;
  readonly merged: readonly Merge[];
  /** Set while it is merged into another one: it is found by nothing then. */
  readonly mergedInto?: string;
}

/** Which client units a person reaches; undefined for all. */
export type Units = readonly string[] | undefined;

export interface CustomerQuery {
  readonly units: Units;
  /** One of the hash of a number, or the beginning of a name or of a tag. */
  readonly hash?: string | undefined;
  readonly text?: string | undefined;
  readonly skip: number;
  readonly limit: number;
}

export interface CustomerStore {
  one(id: string): Promise<StoredCustomer | undefined>;
  /** The one whose number it is, within a client unit. */
  ofNumber(unit: string, hash: string): Promise<StoredCustomer | undefined>;
  /** Those that were merged into it, also when the merge stopped half way. */
  into(id: string): Promise<StoredCustomer[]>;
  list(query: CustomerQuery): Promise<{ readonly customers: StoredCustomer[]; readonly total: number }>;
  /** False when one of its numbers belongs to another customer of the unit. */
  add(customer: StoredCustomer): Promise<boolean>;
  /** Those that could not be added because a number of theirs was taken meanwhile, by their place in the list. */
  addMany(customers: readonly StoredCustomer[]): Promise<ReadonlySet<number>>;
  /**
   * Writes `next` in the place of the version before it. `stale` when somebody changed it meanwhile, `taken` when a number of it belongs to
   * another customer.
   */
  replace(next: StoredCustomer): Promise<'done' | 'stale' | 'taken'>;
  /** Which of these numbers belong to a customer of the unit. */
  taken(unit: string, hashes: readonly string[]): Promise<ReadonlySet<string>>;
  /** Removes these in their order with all that is stored of them. Stops at one that was changed since it was read, and answers false then. */
  erase(customers: readonly Pick<StoredCustomer, 'id' | 'version'>[]): Promise<boolean>;
  fields(): Promise<CustomerField[]>;
  setFields(fields: readonly CustomerField[]): Promise<void>;
}
