import type { Refusal } from './refusal.js';

export interface RefusalStore {
  /** Keeps the first refusal of a number; one that was withdrawn is in force again. */
  put(refusal: Refusal): Promise<void>;
  inForce(numberHash: string): Promise<Refusal | undefined>;
  list(query: {
    readonly skip: number;
    readonly limit: number;
    readonly numberHash?: string;
  }): Promise<{ readonly refusals: Refusal[]; readonly total: number }>;
  withdraw(numberHash: string, withdrawn: NonNullable<Refusal['withdrawn']>): Promise<boolean>;
}

/** Tries of a number, over all caller numbers. */
export interface DialTries {
  of(numberHash: string, since: Date): Promise<Date[]>;
}
