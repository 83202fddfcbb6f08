import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import { withinReach, type ReachOf } from '../../shared/platform/reach/reach.js';
import type { CallFilter, StoredCall } from '../adapters/mongo-calls.js';
import { historyForAgents } from './shown-history.js';

/** A record as pages get it: without the full number and the hash of the caller's. */
export function masked({ _id, callerNumber: _whole, callerHash: _hash, dialled, ...call }: StoredCall) {
  // Records of earlier versions have no legs.
  const legs = (dialled as StoredCall['dialled'] | undefined) ?? [];
  return { callId: _id, ...call, dialled: legs.map(({ numberHash: _number, number: _digits, ...leg }) => leg) };
}

/**
 * A call as a person who may see it is shown it: anyone who was one of its agents is not shown who listened, even with the right to read
 * calls.
 */
export const shownTo =
  (reachOf: ReachOf) =>
  async (principal: Principal): Promise<(call: StoredCall) => ReturnType<typeof masked>> => {
    const reach = await reachOf(principal);
    const supervises = (call: StoredCall): boolean =>
      mayUse(principal, 'calls.read') && withinReach(reach, call, call.invitedAt) && !call.agentIds.includes(principal.userId);
    return (call) => masked(supervises(call) ? call : { ...call, history: historyForAgents(call.history) });
  };

/** The ended calls of the person who asks, newest first. */
export const createOwnCallsRoute = ({
  find,
  reachOf,
}: {
  readonly find: (filter: CallFilter) => Promise<readonly StoredCall[]>;
  readonly reachOf: ReachOf;
}): Route =>
  route('GET /calls/mine', {
    reach: { kind: 'self' },
    handle: async ({ principal, query }) => ({
      calls: (await find({ ...query, skip: 0, agentId: principal.userId })).map(await shownTo(reachOf)(principal)),
    }),
  });
