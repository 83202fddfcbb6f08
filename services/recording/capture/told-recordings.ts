import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { Logger } from '../../shared/platform/processes/logger.js';

/** Live calls are taken up again after this time without telephony's word. */
const WITHIN_MS = 1_000;

/** Whether telephony, and with it the page, takes a call to be recorded or paused. */
export interface ToldRecording {
  readonly recording: 'on' | 'paused' | 'off';
  readonly pause?: { readonly reason: string; readonly since: string } | undefined;
}

/** Telephony's word on its live calls; none while it is away. */
export function toldRecordings(commands: Pick<CommandBus, 'send'>, log: Pick<Logger, 'warn'>): Promise<ReadonlyMap<CallId, ToldRecording>> {
  return commands.send('calls.live', {}, { timeoutMs: WITHIN_MS }).then(
    (calls) => new Map(calls.map(({ callId, recording, pause }) => [callId, { recording, pause }])),
    (error: unknown) => {
      log.warn({ err: error }, 'telephony did not say which live calls are paused');
      return new Map();
    },
  );
}
