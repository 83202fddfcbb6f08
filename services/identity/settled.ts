import { rights, type Role } from '../shared/domain/people/rights.js';
import type { Account } from './account.js';

/** Stands in place of a person where an account needed nobody's confirmation, or where nobody was there to give it. */
export const SET_UP = 'system:set-up';
export const WAITED = 'system:waited';

export interface SettleRule {
  /** So long after an account was confirmed, or last touched by somebody else, its person decides about others. */
  readonly settleMs: number;
  /** So long after the first account was made, one person may set the site up alone. */
  readonly setUpMs: number;
}

/** Roles whose grant, and the reset of whose holders, a second administrator decides. */
const strong: readonly Role[] = ['compliance', 'security-admin', 'auditor', 'admin'];
export const strongAmong = (roles: readonly Role[]): Role[] => roles.filter((role) => strong.includes(role));

const deciding: readonly Role[] = [...rights['exports.approve'], ...rights['users.edit']];
/** Whether a role decides about the requests of others. */
export const decides = (roles: readonly Role[]): boolean => roles.some((role) => deciding.includes(role));
export const keepsAccounts = (roles: readonly Role[]): boolean =>
  roles.some((role) => (rights['users.edit'] as readonly Role[]).includes(role));

/** Whether the site is new: there is nobody yet whom one could ask. */
export function isSettingUp(accounts: readonly Pick<Account, 'createdAt'>[], now: Date, { setUpMs }: SettleRule): boolean {
  const first = Math.min(...accounts.map(({ createdAt }) => createdAt.getTime()));
  return now.getTime() - first < setUpMs || accounts.length === 0;
}

type Confirmable = Pick<Account, 'createdAt' | 'madeBy' | 'confirmed' | 'touchedAt'>;

/** From when on the person of an account decides about others; undefined while nobody has confirmed the account. */
export function decidesFrom(account: Confirmable, { settleMs }: SettleRule): Date | undefined {
  // Accounts of before makers were kept count as confirmed when they were made.
  const confirmed = account.confirmed ?? (account.madeBy === undefined ? { at: account.createdAt, by: WAITED } : undefined);
  if (confirmed === undefined) return undefined;
  const since = [...(confirmed.by === SET_UP ? [] : [confirmed.at]), ...(account.touchedAt === undefined ? [] : [account.touchedAt])];
  return since.length === 0 ? account.createdAt : new Date(Math.max(...since.map((at) => at.getTime())) + settleMs);
}

/** Whether somebody of this account may decide about the requests of others by now. */
export function isSettled(account: Confirmable, now: Date, rule: SettleRule): boolean {
  const from = decidesFrom(account, rule);
  return from !== undefined && from <= now;
}

/** Whether an account is open: neither closed nor at its end. */
export const isOpen = ({ disabled, expiresAt }: Pick<Account, 'disabled' | 'expiresAt'>, now: Date): boolean =>
  !disabled && (expiresAt === undefined || expiresAt > now);
