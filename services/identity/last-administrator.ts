import type { Role } from '../shared/domain/people/rights.js';
import { isScoped } from '../shared/platform/reach/reach.js';
import type { Account } from './account.js';

/** Without a holder of each of these roles, nobody could open accounts any more, or decide who may. */
const needed: readonly Role[] = ['admin', 'security-admin'];

/**
 * Whether an account can run the site in the future: open without an end, for the whole site, and able to sign in from every address that
 * its roles allow.
 */
const lasts = (account: Account): boolean =>
  !account.disabled && account.expiresAt === undefined && (account.networks ?? []).length === 0 && !isScoped(account);

/**
 * The administrator role that nobody would hold after a change of an account; undefined when a holder is left, or when there was none
 * before.
 */
export function lostRole(all: readonly Account[], after: Account): Role | undefined {
  const then = all.map((account) => (account.id === after.id ? after : account));
  const held = (accounts: readonly Account[], role: Role): boolean =>
    accounts.some((account) => account.roles.includes(role) && lasts(account));
  return needed.find((role) => held(all, role) && !held(then, role));
}
