import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { CallsOfNumber } from '../ports.js';

/** Stored calls, and the live one: a complaint is opened while the caller is still there, and during the survey afterwards. */
export const withLiveCalls = (stored: CallsOfNumber, commands: CommandBus): CallsOfNumber => ({
  ...stored,
  async callerOf(callId) {
    const known = await stored.callerOf(callId);
    if (known !== undefined) return known;
    // Refused, so it does not go on either.
    const live = await commands.send('call.caller', { callId }).catch(() => undefined);
    // Between the two queries the call may have ended.
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
