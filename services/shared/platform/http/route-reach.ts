import type { NamedObject, ObjectKind } from '../../domain/people/named-object.js';

/** What a request carries, after it was parsed. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/**
 * What of the centre a route touches. Every route declares it, and the authorisation point holds whoever has a scope to it, for reads and
 * for writes. Without a scope only the right counts.
 *
 * - `public`: nobody has to be signed in.
 * - `self`: the person's own things: session, seat, calls, reviews.
 * - `common`: the same for everybody and of no client: vocabularies, rules, computed previews. Changes nothing.
 * - `restraint`: a write for the whole site that only ever protects callers, such as a new entry of the do-not-call list.
 * - `site`: of the whole site. Whoever has a scope is refused with `outside-scope`.
 * - `object`: the object named in the address, and those that `also` finds in query and body. Out of reach is answered like not there.
 * - `objects`: the objects that `named` finds. Out of reach is answered like not there.
 * - `filtered`: many rows, of which the handler answers those in reach. The handler must ask the scope of the principal that it gets: an
 *   answer for which it did not is withheld from everybody.
 */
export type RouteReach<P, Q, B> =
  | { readonly kind: 'public' | 'self' | 'common' | 'restraint' | 'site' | 'filtered' }
  | {
      readonly kind: 'object';
      readonly of: ObjectKind;
      readonly param: keyof P & string;
      readonly also?: (asked: Asked<P, Q, B>) => readonly NamedObject[] | Promise<readonly NamedObject[]>;
    }
  | {
      readonly kind: 'objects';
      readonly named: (asked: Asked<P, Q, B>) => readonly NamedObject[] | Promise<readonly NamedObject[]>;
    };

/** The reach as the table of routes holds it, without the types of the single route. */
export type AnyRouteReach = RouteReach<Readonly<Record<string, unknown>>, unknown, unknown>;
export type ReachKind = AnyRouteReach['kind'];
