import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { CallEvent } from '../machine/call-events.js';
import type { Live } from '../running/controller.js';
import type { CallId } from '../../shared/domain/ids.js';

const AGAIN_MS = 1_000;
const TIMER = 'resume-recording';

export interface RecorderOrders {
  /** A pause that the recorder did not carry out comes back as `pause-failed`: nobody may rely on it. */
  pause(live: Live, order: { readonly reason: string; readonly token: string }): Promise<void>;
  /** Repeated until the recorder has resumed. A recorder that is just starting would otherwise stay paused to the end of the call. */
  resume(live: Live): Promise<void>;
}

/** Tells the recorder when to pause and when to resume. */
export function createRecorderOrders({
  commands,
  later,
  tell,
  log,
}: {
  readonly commands: Pick<CommandBus, 'send'>;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly tell: (callId: CallId, event: CallEvent) => void;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}): RecorderOrders {
  async function resume(live: Live): Promise<void> {
    const { id } = live.call;
    try {
      await commands.send('recorder.resume', { callId: id });
    } catch (error) {
      // The recorder is recording already.
      if (failureOf(error) === 'wrong-state') return;
      log.warn({ callId: id, code: failureOf(error) }, 'the recorder did not resume recording; it is asked again');
      live.timers.get(TIMER)?.();
      live.timers.set(
        TIMER,
        later(AGAIN_MS, () => {
          live.timers.delete(TIMER);
          if (live.call.recording === 'on' && live.call.stage.kind !== 'ended') void resume(live);
        }),
      );
    }
  }

  return {
    async pause({ call }, { reason, token }) {
      try {
        await commands.send('recorder.pause', { callId: call.id, reason });
      } catch (error) {
        log.error({ callId: call.id, code: failureOf(error) }, 'the recorder did not pause');
        tell(call.id, { type: 'pause-failed', token });
      }
    },
    resume,
  };
}
