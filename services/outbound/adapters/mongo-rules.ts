import type { Connection } from 'mongoose';
import { shippedRules, type LeavingRules } from '../leaving/leaving-rules.js';
import type { RuleStore } from '../ports.js';

type StoredRules = Omit<LeavingRules, 'version'> & { readonly _id: number };
/** The form of rules before they had versions: two documents, each updated in place. */
type Unversioned = Partial<LeavingRules> & { readonly _id: string };

const RULES = 'outbound_rules';
const UNVERSIONED = 'outbound_settings';
const DUPLICATE_KEY = 11_000;

/** A version that was written before a ceiling existed has the shipped one. */
const toRules = ({ _id, ceilings, ...rest }: StoredRules): LeavingRules => ({
  ...rest,
  ceilings: { ...shippedRules.ceilings, ...ceilings },
  version: _id,
});
const isTaken = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === DUPLICATE_KEY;

/** The versions of the outbound rules. Each is written once. */
export function createMongoRules(mongo: Connection): RuleStore {
  const versions = mongo.collection<StoredRules>(RULES);

  async function unversioned(): Promise<LeavingRules> {
    const found = await mongo
      .collection<Unversioned>(UNVERSIONED)
      .find({ _id: { $in: ['site', 'leaving'] } })
      .toArray();
    const merged = Object.assign({}, ...found) as Partial<LeavingRules>;
    return {
      ...shippedRules,
      ...(merged.window === undefined ? {} : { window: merged.window, quiet: merged.quiet ?? [] }),
      ceilings: { ...shippedRules.ceilings, ...merged.ceilings },
      allowedKinds: { ...shippedRules.allowedKinds, ...merged.allowedKinds },
    };
  }

  async function inForce(): Promise<LeavingRules> {
    const [newest] = await versions.find({}).sort({ _id: -1 }).limit(1).toArray();
    return newest === undefined ? unversioned() : toRules(newest);
  }

  return {
    inForce,
    async change(part, who) {
      for (;;) {
        const { version, ...before } = await inForce();
        const next = { ...before, ...part, ...who };
        try {
          await versions.insertOne({ _id: version + 1, ...next });
          return { ...next, version: version + 1 };
        } catch (error) {
          // Somebody else has written this version in the meantime: the change is applied on top of it.
          if (!isTaken(error)) throw error;
        }
      }
    },
    list: async (limit) => (await versions.find({}).sort({ _id: -1 }).limit(limit).toArray()).map(toRules),
  };
}
