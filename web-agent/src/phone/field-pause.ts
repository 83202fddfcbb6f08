import type { LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import type { Ack, FromPage, FromPagePayload } from '../../../services/shared/contracts/calls/seat-socket.js';
import type { Clock } from '../../../services/shared/domain/time/clock.js';

/** Between two fields nothing has the focus for a moment. */
const LET_GO_MS = 300;
const REASON = 'sensitive-field';

/** Keeps the recording paused while a sensitive field of the form has the focus, and no longer. */
export interface FieldPause {
  focus(): void;
  blur(): void;
  /** Something about the call or the connection may have changed. */
  told(): void;
  stop(): void;
}

export interface FieldPausePorts {
  readonly call: () => LiveCall | null;
  readonly linkUp: () => boolean;
  readonly ask: <N extends FromPage>(name: N, payload: FromPagePayload<N>) => Promise<Ack>;
  readonly clock: Clock;
}

/**
 * Adjusts the recording to the focus whenever either changes: a pause left by the page before a reload is ended, and a refused one is
 * requested again. A focus pauses a call only once, so that the server's time limit holds.
 */
export function createFieldPause({ call, linkUp, ask, clock }: FieldPausePorts): FieldPause {
  let focused = false;
  let paused: string | null = null;
  let asking = false;
  let cancelLetGo: (() => void) | undefined;

  async function send<N extends FromPage>(name: N, payload: FromPagePayload<N>): Promise<boolean> {
    asking = true;
    try {
      return (await ask(name, payload)).ok;
    } finally {
      asking = false;
    }
  }

  async function bring(): Promise<void> {
    const live = call();
    if (live === null || asking || !linkUp()) return;
    const { callId, pause, recording } = live;
    if (focused && paused !== callId && (recording === 'on' || pause?.by === 'field')) {
      if (!(await send('call:pause-recording', { callId, reason: REASON, by: 'field' }))) return;
      paused = callId;
      // The focus may have moved meanwhile.
      return bring();
    }
    if (!focused && (pause?.by === 'field' || paused === callId)) {
      if (await send('call:resume-recording', { callId, by: 'field' })) paused = null;
    }
  }

  return {
    focus() {
      cancelLetGo?.();
      focused = true;
      paused = null;
      void bring();
    },
    blur() {
      cancelLetGo?.();
      cancelLetGo = clock.after(LET_GO_MS, () => {
        focused = false;
        void bring();
      });
    },
    told: () => void bring(),
    stop: () => cancelLetGo?.(),
  };
}
