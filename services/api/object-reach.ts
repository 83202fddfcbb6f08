import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/rights.js';
import { isScoped, type ObjectKind, type ReachesObject } from '../shared/platform/reach.js';

/** By the name of the part of an address, wherever it stands. */
const byParam: Readonly<Record<string, ObjectKind>> = { callId: 'call', queueId: 'queue', agentId: 'agent', number: 'number' };
/** By the collection that the part stands in. */
const byCollection: Readonly<Record<string, ObjectKind>> = { complaints: 'complaint' };

/** Which objects an address names that have a place in the centre: `/recordings/:callId/audio` names a call. */
export function objectsNamedBy(path: string): { readonly kind: ObjectKind; readonly param: string }[] {
  const segments = path.split('/');
  return segments.flatMap((segment, place) => {
    if (!segment.startsWith(':')) return [];
    const param = segment.slice(1);
    const kind = byParam[param] ?? byCollection[segments[place - 1] ?? ''];
    return kind === undefined ? [] : [{ kind, param }];
  });
}

/**
 * The second half of the authorisation point: whoever has a scope reaches no object outside of it, on whatever route. What is out of reach
 * is answered like what is not there, so that nobody learns which ids exist. Throws `not-found`.
 */
export async function refuseOutOfReach(
  reaches: ReachesObject,
  principal: Principal | undefined,
  path: string,
  params: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (principal === undefined || !isScoped(principal)) return;
  for (const { kind, param } of objectsNamedBy(path)) {
    const id = params[param];
    if (typeof id !== 'string' || !(await reaches[kind](principal, id))) throw new CallCentreError('not-found', 'There is no such thing.');
  }
}
