import { rights, type Role } from '../shared/domain/people/rights.js';
import type { Account } from './account.js';

/** Stored instead of a person when an account needed no confirmation, or when nobody was there to give it. */
export const SET_UP = 'system:set-up';
export const WAITED = 'system:waited';

export interface SettleRule {
  /** How long after its confirmation, or its last change by somebody else, the person of an account may decide about others. */
  readonly settleMs: number;
  /** How long after the first account one person may set up the site alone. */
  readonly setUpMs: number;
}

/** Privileged roles: a second administrator decides about granting them, and about resetting their holders. */
const strong: readonly Role[] = ['compliance', 'security-admin', 'auditor', 'admin'];
export const strongAmong = (roles: readonly Role[]): Role[] => roles.filter((role) => strong.includes(role));

const deciding: readonly Role[] = [...rights['exports.approve'], ...rights['users.edit']];
/** Whether a role decides about the requests of others. */
export const decides = (roles: readonly Role[]): boolean => roles.some((role) => deciding.includes(role));
export const keepsAccounts = (roles: readonly Role[]): boolean =>
  roles.some((role) => (rights['users.edit'] as readonly Role[]).includes(role));

/** Whether the site is new, so that there is nobody to ask. */
export function isSettingUp(accounts: readonly Pick<Account, 'createdAt'>[], now: Date, { setUpMs }: SettleRule): boolean {
  const first = Math.min(...accounts.map(({ createdAt }) => createdAt.getTime()));
  return now.getTime() - first < setUpMs || accounts.length === 0;
}

type Confirmable = Pick<Account, 'createdAt' | 'madeBy' | 'confirmed' | 'touchedAt'>;

/** When the person of an account may begin to decide about others; undefined while nobody has confirmed the account. */
export function decidesFrom(account: Confirmable, { settleMs }: SettleRule): Date | undefined {
  // Accounts from before their creator was stored count as confirmed at their creation.
  const confirmed = account.confirmed ?? (account.madeBy === undefined ? { at: account.createdAt, by: WAITED } : undefined);
  if (confirmed === undefined) return undefined;
  const since = [...(confirmed.by === SET_UP ? [] : [confirmed.at]), ...(account.touchedAt === undefined ? [] : [account.touchedAt])];
  return since.length === 0 ? account.createdAt : new Date(Math.max(...since.map((at) => at.getTime())) + settleMs);
}

/** Whether the person of this account may decide about the requests of others by now. */
export function isSettled(account: Confirmable, now: Date, rule: SettleRule): boolean {
  const from = decidesFrom(account, rule);
  return from !== undefined && from <= now;
}

/** Whether an account is open: neither closed nor past its end. */
export const isOpen = ({ disabled, expiresAt }: Pick<Account, 'disabled' | 'expiresAt'>, now: Date): boolean =>
  !disabled && (expiresAt === undefined || expiresAt > now);
