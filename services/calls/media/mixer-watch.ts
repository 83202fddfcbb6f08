import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** How often it is checked whether the mixer is there, while a supervisor needs it. */
export const MIXER_LOOK_MS = 1_000;
const ANSWER_WITHIN_MS = 800;

interface Supervised {
  readonly callId: CallId;
  readonly agentId: AgentId;
}

/** Tells supervisors that they do not hear their call: once for each time that the mixer is away, or has no place for them. */
export interface MixerWatch {
  look(): Promise<void>;
  /** A mixer has started: there was none before, perhaps for less time than between two checks. */
  started(): void;
}

export function createMixerWatch({
  commands,
  supervised,
  unheard,
  tell,
}: {
  readonly commands: Pick<CommandBus, 'send'>;
  /** Who supervises which call now. */
  readonly supervised: () => readonly Supervised[];
  /** The calls whose listeners could not be joined and are tried again. */
  readonly unheard: () => ReadonlySet<string>;
  readonly tell: (supervised: Supervised) => void;
}): MixerWatch {
  const told = new Set<string>();
  const keyOf = ({ callId, agentId }: Supervised): string => `${callId}/${agentId}`;
  let missed = 0;
  let looking = false;

  function tellThem(them: readonly Supervised[]): void {
    for (const each of them.filter((one) => !told.has(keyOf(one)))) {
      told.add(keyOf(each));
      tell(each);
    }
  }

  return {
    async look() {
      if (looking || supervised().length === 0) return;
      looking = true;
      const failure = await commands.send('mixer.status', {}, { timeoutMs: ANSWER_WITHIN_MS }).then(() => undefined, failureOf);
      looking = false;
      const now = supervised();
      missed = failure === undefined ? 0 : missed + 1;
      // Nobody serves it: it is away. A single answer may be late on a busy machine.
      if (failure === 'service-unavailable' || missed > 1) tellThem(now);
      if (failure !== undefined) return;
      const silent = now.filter(({ callId }) => unheard().has(callId));
      const keys = new Set(silent.map(keyOf));
      for (const key of told) if (!keys.has(key)) told.delete(key);
      tellThem(silent);
    },
    started() {
      tellThem(supervised());
      told.clear();
      missed = 0;
    },
  };
}
