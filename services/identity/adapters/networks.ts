import { BlockList } from 'node:net';
import { Schema, type Connection } from 'mongoose';
import { AccessPolicy, networksOf, openPolicy, partsOf } from '../access-policy.js';
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

/** An IPv4 peer of a dual-stack socket shows as `::ffff:192.0.2.1` (RFC 4291 section 2.5.5.2). */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/** Whether an address lies in one of the networks. What is no address lies in none. */
export function contains(networks: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const text of networks) {
    const { address: base, prefix, family } = partsOf(text);
    list.addSubnet(base, prefix, family);
  }
  const peer = plain(address);
  return list.check(peer, peer.includes(':') ? 'ipv6' : 'ipv4');
}

export const createAllowedNetworks = (policies: AccessPolicyStore): AllowedNetworks => ({
  async allows(account, address) {
    const lists = networksOf(account, await policies.read());
    return lists.every((networks) => contains(networks, address));
  },
});
