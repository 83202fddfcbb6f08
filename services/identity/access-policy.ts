import type { AccessPolicy } from '../shared/contracts/access-policy.js';
import type { Role } from '../shared/domain/people/rights.js';
import type { Account } from './account.js';

export { AccessPolicy } from '../shared/contracts/access-policy.js';

export const openPolicy: AccessPolicy = { networks: {} };

/** The lists that must each contain the address: the account's own and those of its roles. An empty list restricts nothing. */
export function networksOf(account: Pick<Account, 'roles' | 'networks'>, policy: AccessPolicy): readonly (readonly string[])[] {
  const lists = [account.networks, ...account.roles.map((role: Role) => policy.networks[role])];
  return lists.flatMap((list) => (list === undefined || list.length === 0 ? [] : [list]));
}
