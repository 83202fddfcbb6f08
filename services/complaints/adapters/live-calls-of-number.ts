import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { CallsOfNumber } from '../ports.js';

/**
 * Adds the live call to the stored ones: a complaint may be opened while the caller is still on the line, or during the survey afterwards.
 */
export const withLiveCalls = (stored: CallsOfNumber, commands: CommandBus): CallsOfNumber => ({
  ...stored,
  async callerOf(callId) {
    const known = await stored.callerOf(callId);
    if (known !== undefined) return known;
    // A refused query means that the call is not live either.
    const live = await commands.send('call.caller', { callId }).catch(() => undefined);
    // The call may have ended between the two queries.
    if (live === undefined) return stored.callerOf(callId);
    const { number, at, agentId, clientUnit, queueId } = live;
    return {
      number,
      at: new Date(at),
      ...(agentId === undefined ? {} : { agentId }),
      ...(clientUnit === undefined ? {} : { clientUnit }),
      ...(queueId === undefined ? {} : { queueId }),
    };
  },
});
