import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import { mayUse, type Principal } from '../../shared/domain/people/rights.js';
import { withinReach, type Reach, type ReachesObject, type ReachOf } from '../../shared/platform/reach/reach.js';
import { callModel, oneCall } from '../adapters/mongo-calls.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';

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

interface CallReachNeeds {
  /** The record of an ended call. */
  readonly endedCall: (callId: CallId) => Promise<PlacedCall | undefined>;
  readonly commands: Pick<CommandBus, 'send'>;
  readonly reachOf: ReachOf;
}

/** Whether a person reaches a live or ended call. Nobody reaches an unknown one. */
export const callReachOf =
  ({ endedCall, commands, reachOf }: CallReachNeeds): ReachesObject['call'] =>
  async (principal, callId) => {
    const reach = await reachOf(principal);
    const ofEnded = async (): Promise<boolean | undefined> => {
      const ended = await endedCall(callId);
      return ended && maySee(principal, ended, reach);
    };
    const seen = await ofEnded();
    if (seen !== undefined) return seen;
    const live = (await commands.send('calls.live', {})).find((call) => call.callId === callId);
    // The call may have ended between the two look-ups.
    if (live === undefined) return (await ofEnded()) ?? false;
    // Includes earlier agents of the call, and agents at whom it rings.
    const agentIds = await commands.send('call.caller-hash', { callId }).then(
      (known) => known.agentIds,
      (error: unknown) => {
        if (failureOf(error) === 'no-such-call') return undefined;
        throw error;
      },
    );
    if (agentIds === undefined) return (await ofEnded()) ?? false;
    return maySee(principal, { agentIds, queueId: live.queueId, called: live.called }, reach) || live.agentId === principal.userId;
  };

/** The same, with the record read from the document store. */
export function createCallReach({
  mongo,
  ...needs
}: Omit<CallReachNeeds, 'endedCall'> & { readonly mongo: Parameters<typeof callModel>[0] }): ReachesObject['call'] {
  const model = callModel(mongo);
  return callReachOf({ ...needs, endedCall: (callId) => oneCall(model, callId) });
}
