import type { UserId } from '../ids.js';

/** Where a seed is from. `inspector`: an inspector typed it with their own account. `outside`: somebody of the house typed what was named. */
export const seedOrigins = ['inspector', 'outside', 'day-sheet', 'system'] as const;
export type SeedFrom = (typeof seedOrigins)[number];

/** A seed that an inspector typed with their own account. */
export interface NamedSeed {
  readonly seed: string;
  readonly by: UserId;
  /** The name of the account. */
  readonly name: string;
  readonly at: Date;
}

/** How long a named seed is used. Afterwards a draw needs a new one: who knows the seed long before can prepare what it draws. */
const SEED_LASTS_MS = 24 * 3_600_000;

export const seedUntil = ({ at }: Pick<NamedSeed, 'at'>): Date => new Date(at.getTime() + SEED_LASTS_MS);

/** The seed while it is in force. */
export const seedInForce = (named: NamedSeed | undefined, now: Date): NamedSeed | undefined =>
  named !== undefined && now < seedUntil(named) ? named : undefined;

/** What a draw can take its seed from. */
export interface SeedSources {
  /** The seed in force that an inspector named. */
  readonly namedSeed: () => Promise<NamedSeed | undefined>;
  /** The hash of the newest day sheet that was sent outside: nobody inside chose it. */
  readonly newestWitnessed: () => Promise<string | undefined>;
  readonly newSeed: () => string;
}

export interface ChosenSeed {
  readonly seed: string;
  readonly seedFrom: SeedFrom;
  /** Only for a seed that an inspector named. */
  readonly seedBy?: Omit<NamedSeed, 'seed'>;
}

const ofInspector = ({ seed, ...seedBy }: NamedSeed): ChosenSeed => ({ seed, seedFrom: 'inspector', seedBy });

/** The seed of a draw: typed for this draw, named by an inspector, taken from the last day sheet outside, or made by us. */
export async function seedOf(given: string | undefined, sources: SeedSources): Promise<ChosenSeed> {
  const typed = given?.trim() ?? '';
  const named = await sources.namedSeed();
  if (named !== undefined && (typed === '' || typed === named.seed)) return ofInspector(named);
  if (typed !== '') return { seed: typed, seedFrom: 'outside' };
  const witnessed = await sources.newestWitnessed();
  return witnessed === undefined ? { seed: sources.newSeed(), seedFrom: 'system' } : { seed: witnessed, seedFrom: 'day-sheet' };
}
