import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** How often it is checked whether the mixer is there, while a supervisor needs it. */
export const MIXER_LOOK_MS = 1_000;
const ANSWER_WITHIN_MS = 800;

interface Supervised {
  readonly callId: CallId;
  readonly agentId: AgentId;
}

/** Tells supervisors that they do not hear their call, once for each time that the mixer is away. */
export interface MixerWatch {
  look(): Promise<void>;
  /** A mixer has started: there was none before, perhaps for less time than between two checks. */
  started(): void;
}

export function createMixerWatch({
  commands,
  supervised,
  tell,
}: {
  readonly commands: Pick<CommandBus, 'send'>;
  /** Who supervises which call now. */
  readonly supervised: () => readonly Supervised[];
  readonly tell: (supervised: Supervised) => void;
}): MixerWatch {
  let isTold = false;
  let looking = false;
  return {
    async look() {
      if (looking || isTold || supervised().length === 0) return;
      looking = true;
      const isThere = await commands.send('mixer.status', {}, { timeoutMs: ANSWER_WITHIN_MS }).then(
        () => true,
        () => false,
      );
      looking = false;
      if (isThere || isTold) return;
      isTold = true;
      supervised().forEach(tell);
    },
    started() {
      if (!isTold) supervised().forEach(tell);
      isTold = false;
    },
  };
}
