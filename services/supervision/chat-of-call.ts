import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Reads } from '../shared/records/reads.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

/** The time in which an agent was rung for a call and was in it. */
export interface PartInCall {
  readonly agentId: AgentId;
  readonly from: Date;
  readonly until: Date;
}

/** Each agent's own part of a call, until its end or until now. */
export type CallPartsOf = (callId: CallId) => Promise<readonly PartInCall[]>;

interface Spanned {
  readonly agentIds: readonly AgentId[];
  readonly segments?: readonly { readonly agentId: AgentId; readonly fromMs: number; readonly toMs: number }[] | undefined;
}

/** From the first to the last of an agent's segments. An agent of whom a record has none counts for the whole call. */
function partsOf({ agentIds, segments = [] }: Spanned, from: Date, until: Date): PartInCall[] {
  return agentIds.map((agentId) => {
    const own = segments.filter((each) => each.agentId === agentId);
    if (own.length === 0) return { agentId, from, until };
    return {
      agentId,
      from: new Date(Math.min(...own.map(({ fromMs }) => fromMs))),
      until: new Date(Math.max(...own.map(({ toMs }) => toMs))),
    };
  });
}

/** The record of a call that has ended, otherwise the live call. */
export const createCallParts =
  ({ calls }: Pick<Reads, 'calls'>, commands: CommandBus, now: () => Date): CallPartsOf =>
  async (callId) => {
    const ended = await calls.one(callId, ['agentIds', 'invitedAt', 'endedAt', 'segments']);
    if (ended !== undefined) return partsOf(ended, ended.invitedAt, ended.endedAt);
    const live = await commands.send('call.so-far', { callId }).catch(() => undefined);
    if (live === undefined) throw new CallCentreError('not-found', 'No such call');
    return partsOf(live, new Date(live.invitedAt), now());
  };
