import type { Principal, Scope } from '../shared/domain/people/rights.js';
import { isScoped } from '../shared/platform/reach/reach.js';
import type { AccountStore } from './ports.js';

export { isPartOf, meets } from '../shared/domain/people/scopes.js';

export const WHOLE_SITE: Scope = { queues: [], sites: [], clientUnits: [] };

/**
 * The scope as stored in the account. The scope of a principal may be narrowed for data that is kept by client unit alone, and then two
 * people of the same site would not match.
 */
export async function scopeInAccount(accounts: Pick<AccountStore, 'byId'>, principal: Principal): Promise<Scope> {
  if (!isScoped(principal)) return principal.scope;
  return (await accounts.byId(principal.userId))?.scope ?? principal.scope;
}
