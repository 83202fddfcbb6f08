import type { NamedObject, ObjectKind } from '../../domain/people/named-object.js';

/** The parsed content of a request. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

/**
 * COMPLEX The part of the centre that a route touches. Every route declares it, and the authorisation point applies it to people with a
 * scope, for reads and
 * for writes. Without a scope only the right counts.
 *
 * - `public`: nobody has to be signed in.
 * - `self`: the person's own things: session, seat, calls, reviews.
 * - `common`: the same for everybody and of no client: vocabularies, rules, computed previews. Changes nothing.
 * - `restraint`: a write for the whole site that only ever protects callers, such as a new entry of the do-not-call list.
 * - `site`: of the whole site. A person with a scope is refused with `outside-scope`.
 * - `object`: the object named in the address, and those that `also` finds in query and body. Out of reach is answered as if it did not
 * exist.
 * - `objects`: the objects that `named` finds. Out of reach is answered as if they did not exist.
 * - `filtered`: many rows, of which the handler returns those within reach. The handler must ask for the scope of its principal: an
 *   answer made without asking is withheld from everybody.
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

/** The reach as the table of routes holds it, without the types of the individual route. */
export type AnyRouteReach = RouteReach<Readonly<Record<string, unknown>>, unknown, unknown>;
export type ReachKind = AnyRouteReach['kind'];
