/**
 * Kinds of objects with a place in the centre: whoever has a scope reaches those of the own part alone. `site` is everything at once, and
 * `live-call` a call that goes on, for whoever was not in it.
 */
export type ObjectKind =
  'call' | 'live-call' | 'complaint' | 'customer' | 'agent' | 'queue' | 'number' | 'client-unit' | 'person' | 'export' | 'site';

/** Changing an object that several clients share is for those who reach all of them; seeing it is for those of any. */
export type ReachUse = 'read' | 'write';

/** An object that a request names. `use` is that of the request's method when it is left out. */
export interface NamedObject {
  readonly of: ObjectKind;
  readonly id: string;
  readonly use?: ReachUse;
}
