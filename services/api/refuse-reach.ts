import { CallCentreError } from '../shared/domain/failure.js';
import type { NamedObject, ReachUse } from '../shared/domain/people/named-object.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { isScoped, type ReachesObject } from '../shared/platform/reach/reach.js';
import type { AnyRouteReach, Asked } from '../shared/platform/http/route-reach.js';

type AskedAny = Asked<Readonly<Record<string, unknown>>, unknown, unknown>;

const outsideScope = (): CallCentreError =>
  new CallCentreError('outside-scope', 'This covers the whole site, and your account covers only a part of it.');

/**
 * The second half of the authorisation point, before anything of the request is parsed: a person with a scope is refused routes of the
 * whole site, and an object in the address that is out of reach. Out of reach is answered like "not found", so that nobody learns which ids
 * exist. Throws `outside-scope` or `not-found`.
 */
export async function refuseByAddress(
  reaches: ReachesObject,
  principal: Principal | undefined,
  reach: AnyRouteReach,
  params: Readonly<Record<string, unknown>>,
  use: ReachUse,
): Promise<void> {
  if (principal === undefined || !isScoped(principal)) return;
  if (reach.kind === 'site') throw outsideScope();
  if (reach.kind !== 'object') return;
  const id = params[reach.param];
  await refuseNamed(reaches, principal, [{ of: reach.of, id: typeof id === 'string' ? id : '' }], use);
}

/** The same for objects in query and body, once they are parsed. */
export async function refuseByContent(
  reaches: ReachesObject,
  principal: Principal | undefined,
  reach: AnyRouteReach,
  asked: AskedAny,
  use: ReachUse,
): Promise<void> {
  if (principal === undefined || !isScoped(principal)) return;
  const find = reach.kind === 'objects' ? reach.named : reach.kind === 'object' ? reach.also : undefined;
  if (find !== undefined) await refuseNamed(reaches, principal, await find(asked), use);
}

/** Throws `not-found` when a person with a scope does not reach each of these objects, `outside-scope` for the whole site. */
export async function refuseNamed(
  reaches: ReachesObject,
  principal: Principal,
  named: readonly NamedObject[],
  use: ReachUse,
): Promise<void> {
  if (!isScoped(principal)) return;
  for (const { of, id, use: own = use } of named) {
    if (of === 'site') throw outsideScope();
    if (!(await reaches[of](principal, id, own))) throw new CallCentreError('not-found', 'There is no such thing.');
  }
}

/**
 * The principal as the handler of a `filtered` route gets it. `asked` says whether the handler has read the scope: an answer made without
 * it may contain rows of anybody.
 */
export function watchScope(principal: Principal): { readonly principal: Principal; readonly asked: () => boolean } {
  let asked = false;
  const { scope } = principal;
  return {
    principal: {
      ...principal,
      get scope() {
        asked = true;
        return scope;
      },
    },
    asked: () => asked,
  };
}
