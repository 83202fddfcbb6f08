import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import { withinReach, type Reach, type ReachesObject, type ReachOf } from '../../shared/platform/reach/reach.js';
import { callModel, oneCall } from '../adapters/mongo-calls.js';
import type { AgentId, QueueId } from '../../shared/domain/ids.js';

/** The part of a call, live or ended, that decides who may see it. */
interface PlacedCall {
  readonly agentIds: readonly AgentId[];
  readonly queueId?: QueueId | undefined;
  readonly called?: string | undefined;
  /** For an ended call. */
  readonly invitedAt?: Date | undefined;
}

/** Agents of a call may see it. Other people with the right to read calls see it within their reach. */
export function maySee(principal: Principal, call: PlacedCall, reach: Reach): boolean {
  if (call.agentIds.includes(principal.userId)) return true;
  return mayUse(principal, 'calls.read') && withinReach(reach, call, call.invitedAt);
}

/** Whether a person reaches a live or ended call. Nobody reaches an unknown one. */
export function createCallReach({
  mongo,
  commands,
  reachOf,
}: {
  readonly mongo: Parameters<typeof callModel>[0];
  readonly commands: CommandBus;
  readonly reachOf: ReachOf;
}): ReachesObject['call'] {
  const model = callModel(mongo);
  return async (principal, callId) => {
    const reach = await reachOf(principal);
    const ended = await oneCall(model, callId);
    if (ended !== undefined) return maySee(principal, ended, reach);
    const live = (await commands.send('calls.live', {})).find((call) => call.callId === callId);
    if (live === undefined) return false;
    // Includes earlier agents of the call, and agents at whom it rings.
    const { agentIds } = await commands.send('call.caller-hash', { callId });
    return maySee(principal, { agentIds, queueId: live.queueId, called: live.called }, reach) || live.agentId === principal.userId;
  };
}
