import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

const WAIT_MS = 2_000;

export type TellTelephony = () => Promise<void>;

/**
 * When this resolves, the stored settings are in force for the next call: telephony, which caches them, has read them again. A telephony
 * process that does not answer reads them at its start, or within a minute.
 */
export const createTellTelephony =
  ({ commands, log }: { readonly commands: CommandBus; readonly log: Logger }): TellTelephony =>
  async () => {
    await commands
      .send('telephony.read-again', {}, { timeoutMs: WAIT_MS })
      .catch((error: unknown) => log.warn({ code: failureOf(error) }, 'telephony was not notified of a change'));
  };
