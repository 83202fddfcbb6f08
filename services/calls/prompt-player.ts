import type { Logger } from '../shared/platform/logger.js';
import type { Language } from './call.js';
import type { CallMedia, Prompts } from './ports.js';

/** The relay starts a file up to 30 ms after it is told; ending a little late keeps the last sound. */
const TAIL_MS = 40;

/** Plays prompts one after the other to a caller and tells when the last has been heard. A new list replaces the one that is playing. */
export interface PromptPlayer {
  play(legId: string, list: readonly string[], language: Language, ended: (heard: 'all' | 'not-all') => void): Promise<void>;
  stop(legId: string): Promise<void>;
  /** Forgets without touching the leg. */
  forget(legId: string): void;
}

export function createPromptPlayer({
  media,
  prompts,
  later,
  log,
}: {
  readonly media: CallMedia;
  readonly prompts: Prompts;
  /** Runs later; returns how to call it off. */
  readonly later: (ms: number, run: () => void) => () => void;
  readonly log: Logger;
}): PromptPlayer {
  const playing = new Map<string, { cancel: () => void }>();

  function forget(legId: string): void {
    playing.get(legId)?.cancel();
    playing.delete(legId);
  }

  async function play(
    legId: string,
    list: readonly string[],
    language: Language,
    ended: (heard: 'all' | 'not-all') => void,
  ): Promise<void> {
    forget(legId);
    const turn = { cancel: (): void => undefined };
    playing.set(legId, turn);
    let heard: 'all' | 'not-all' = 'all';
    const next = async (index: number): Promise<void> => {
      if (playing.get(legId) !== turn) return;
      const promptId = list[index];
      if (promptId === undefined) {
        playing.delete(legId);
        ended(heard);
        return;
      }
      const file = prompts.file(promptId, language);
      let durationMs = 0;
      try {
        if (file === undefined) {
          log.warn({ legId, promptId }, 'prompt is missing');
          heard = 'not-all';
        } else ({ durationMs } = await media.play(legId, file, 1));
      } catch (error) {
        // The call goes on without the words; a lost relay is told by its own event.
        log.warn({ err: error, legId, promptId }, 'prompt could not be played');
        heard = 'not-all';
      }
      if (playing.get(legId) !== turn) return;
      turn.cancel = later(durationMs + TAIL_MS, () => void next(index + 1));
    };
    await next(0);
  }

  return {
    play,
    async stop(legId) {
      if (!playing.has(legId)) return;
      forget(legId);
      await media.stopPlay(legId);
    },
    forget,
  };
}
