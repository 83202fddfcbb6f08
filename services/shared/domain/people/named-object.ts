/**
 * Kinds of objects that belong to a part of the centre: a person with a scope reaches only those of their own part. `site` is the whole
 * centre, and `live-call` is a call in progress for anybody who is not in it.
 */
export type ObjectKind =
  | 'call'
  | 'live-call'
  | 'complaint'
  | 'customer'
  | 'agent'
  | 'queue'
  | 'number'
  | 'client-unit'
  | 'team'
  | 'person'
  | 'export'
  | 'site';

/** Only people who reach all clients may change an object that several clients share. Reaching one of them is enough to see it. */
export type ReachUse = 'read' | 'write';

/** An object that a request names. Without `use`, the method of the request decides. */
export interface NamedObject {
  readonly of: ObjectKind;
  readonly id: string;
  readonly use?: ReachUse;
}
