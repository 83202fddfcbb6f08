import type { UserAccount } from '../../../../../services/shared/contracts/api/centre/identity.js';

type Account = Pick<UserAccount, 'displayName' | 'roles' | 'scope' | 'networks' | 'grants' | 'teamId' | 'expiresAt'>;
type Held = Partial<Omit<Account, 'expiresAt'> & { readonly expiresAt: string }>;

/** What of a form differs from the account that it was opened with: a change gives back nothing that somebody else has taken away meanwhile. */
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
