import { withinScope, type Principal, type Scope } from '../shared/domain/people/rights.js';
import { isScoped } from '../shared/platform/reach/reach.js';
import type { AccountStore } from './ports.js';

const lists = ['queues', 'clientUnits', 'sites', 'teams'] as const;
const listOf = (scope: Scope, list: (typeof lists)[number]): readonly string[] => scope[list] ?? [];

export const WHOLE_SITE: Scope = { queues: [], sites: [], clientUnits: [] };

/** Whether a scope is contained in another one, list by list. An empty list means everything, so only an empty list contains it. */
export const isPartOf = (part: Scope, whole: Scope): boolean =>
  lists.every((list) => {
    const [inner, outer] = [listOf(part, list), listOf(whole, list)];
    return outer.length === 0 || (inner.length > 0 && inner.every((value) => outer.includes(value)));
  });

/** Whether two scopes overlap. */
export const meets = (one: Scope, other: Scope): boolean =>
  lists.every((list) => {
    const [inner, outer] = [listOf(one, list), listOf(other, list)];
    return inner.length === 0 || outer.length === 0 || inner.some((value) => withinScope(outer, value));
  });

/**
 * The scope as stored in the account. The scope of a principal may be narrowed for data that is kept by client unit alone, and then two
 * people of the same site would not match.
 */
export async function scopeInAccount(accounts: Pick<AccountStore, 'byId'>, principal: Principal): Promise<Scope> {
  if (!isScoped(principal)) return principal.scope;
  return (await accounts.byId(principal.userId))?.scope ?? principal.scope;
}
