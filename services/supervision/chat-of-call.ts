import type { CommandBus } from '../shared/contracts/calls/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Reads } from '../shared/records/reads.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

/** Who talked in a call, from its first ring to its end or to now. */
export type CallSpanOf = (callId: CallId) => Promise<{ readonly agentIds: readonly AgentId[]; readonly from: Date; readonly until: Date }>;

/** The record of a call that has ended, otherwise the live call. */
export const createCallSpan =
  ({ calls }: Pick<Reads, 'calls'>, commands: CommandBus, now: () => Date): CallSpanOf =>
  async (callId) => {
    const ended = await calls.one(callId, ['agentIds', 'invitedAt', 'endedAt']);
    if (ended !== undefined) return { agentIds: ended.agentIds, from: ended.invitedAt, until: ended.endedAt };
    const live = await commands.send('call.so-far', { callId }).catch(() => undefined);
    if (live === undefined) throw new CallCentreError('not-found', 'No such call');
    return { agentIds: live.agentIds, from: new Date(live.invitedAt), until: now() };
  };
