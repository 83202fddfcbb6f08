import { withinScope, type Scope } from './rights.js';

const lists = ['queues', 'clientUnits', 'sites', 'teams'] as const;
const listOf = (scope: Scope, list: (typeof lists)[number]): readonly string[] => scope[list] ?? [];

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
