import type { UserAccount } from '../../../../../services/shared/contracts/api/centre/identity.js';

type Account = Pick<UserAccount, 'displayName' | 'roles' | 'scope' | 'networks' | 'grants' | 'teamId' | 'expiresAt'>;
type Held = Partial<Omit<Account, 'expiresAt'> & { readonly expiresAt: string }>;

/**
 * The fields of a form that differ from the account it was opened with: saving does not give back anything that somebody else has taken
 * away meanwhile.
 */
export function changedOf<Fields extends Held>(fields: Fields, before: Account): Partial<Fields> {
  const { queues, clientUnits, sites, teams = [] } = before.scope;
  const held: Held = {
    ...before,
    scope: { queues, clientUnits, sites, ...(teams.length === 0 ? {} : { teams }) },
    expiresAt: before.expiresAt ?? '',
  };
  return Object.fromEntries(
    Object.entries(fields).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(held[field as keyof Held])),
  ) as Partial<Fields>;
}
