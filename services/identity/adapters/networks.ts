import { Schema, type Connection } from 'mongoose';
import { AccessPolicy, networksOf, openPolicy } from '../access-policy.js';
import { contains } from '../../shared/platform/network/networks.js';
import type { AccessPolicyStore, AllowedNetworks } from '../ports.js';

interface Stored {
  readonly _id: string;
  readonly policy: unknown;
}

const schema = new Schema<Stored>(
  { _id: { type: String, required: true }, policy: { type: Schema.Types.Mixed, required: true } },
  { collection: 'access_policy', versionKey: false, minimize: false },
);
const ONLY = 'policy';

export function createMongoAccessPolicy(mongo: Connection): AccessPolicyStore {
  const policies = mongo.model<Stored>('AccessPolicy', schema);
  return {
    async read() {
      const found = await policies.findById(ONLY).lean<Stored | null>();
      return found === null ? openPolicy : AccessPolicy.parse(found.policy);
    },
    async write(policy) {
      await policies.updateOne({ _id: ONLY }, { $set: { policy } }, { upsert: true });
    },
  };
}

export const createAllowedNetworks = (policies: AccessPolicyStore): AllowedNetworks => ({
  async allows(account, address) {
    const lists = networksOf(account, await policies.read());
    return lists.every((networks) => contains(networks, address));
  },
});
