import { z } from 'zod';
import { roles, type Role } from '../shared/domain/rights.js';
import { network } from '../shared/platform/networks.js';
import type { Account } from './account.js';

/** What the security administrator decides about sign-in. A role without a list may sign in from anywhere. */
export const AccessPolicy = z.object({ networks: z.partialRecord(z.enum(roles), z.array(network).max(50)) });
export type AccessPolicy = z.infer<typeof AccessPolicy>;

export const openPolicy: AccessPolicy = { networks: {} };

/** The lists of which each has to hold the address: the account's own, and those of the roles. An empty list restricts nothing. */
export function networksOf(account: Pick<Account, 'roles' | 'networks'>, policy: AccessPolicy): readonly (readonly string[])[] {
  const lists = [account.networks, ...account.roles.map((role: Role) => policy.networks[role])];
  return lists.flatMap((list) => (list === undefined || list.length === 0 ? [] : [list]));
}
