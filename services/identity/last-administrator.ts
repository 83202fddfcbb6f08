import type { Role } from '../shared/domain/people/rights.js';
import { isScoped } from '../shared/platform/reach/reach.js';
import type { Account } from './account.js';

/** Without a person of each of these nobody could open an account any more, or decide who may. */
const needed: readonly Role[] = ['admin', 'security-admin'];

/** Whether an account will still be able to run the site: open without an end, for all of the site, and from wherever its roles may sign in. */
const lasts = (account: Account): boolean =>
  !account.disabled && account.expiresAt === undefined && (account.networks ?? []).length === 0 && !isScoped(account);

/** The administrator role that nobody would be left to hold after an account is changed; undefined when one is left, or when none was. */
export function lostRole(all: readonly Account[], after: Account): Role | undefined {
  const then = all.map((account) => (account.id === after.id ? after : account));
  const held = (accounts: readonly Account[], role: Role): boolean =>
    accounts.some((account) => account.roles.includes(role) && lasts(account));
  return needed.find((role) => held(all, role) && !held(then, role));
}
