import { z } from 'zod';
import { roles, type Role } from '../shared/domain/rights.js';
import type { Account } from './account.js';

const V4_BITS = 32;
const V6_BITS = 128;

/** A network in CIDR notation (RFC 4632, RFC 4291 section 2.3) or one address. */
export const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);

/** What the security administrator decides about sign-in. A role without a list may sign in from anywhere. */
export const AccessPolicy = z.object({ networks: z.partialRecord(z.enum(roles), z.array(network).max(50)) });
export type AccessPolicy = z.infer<typeof AccessPolicy>;

export const openPolicy: AccessPolicy = { networks: {} };

/** The lists of which each has to hold the address: the account's own, and those of the roles. An empty list restricts nothing. */
export function networksOf(account: Pick<Account, 'roles' | 'networks'>, policy: AccessPolicy): readonly (readonly string[])[] {
  const lists = [account.networks, ...account.roles.map((role: Role) => policy.networks[role])];
  return lists.flatMap((list) => (list === undefined || list.length === 0 ? [] : [list]));
}

/** Address, prefix length and family of a network; a plain address is a network of one. */
export function partsOf(text: string): { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' } {
  const [address = '', prefix] = text.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return { address, prefix: prefix === undefined ? (family === 'ipv6' ? V6_BITS : V4_BITS) : Number(prefix), family };
}
