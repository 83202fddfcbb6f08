import type { Logger } from '../shared/platform/logger.js';

/** The relay gives up a write after 100 ms (infra/supervisor/plan.ts). */
const SLOW_MS = 100;
/** After a write that failed it writes nothing for 5 s. */
const WELL_FOR_MS = 7_000;

/**
 * The relay keeps its legs in the live state, and says nothing when it could not write. Whether it could is seen from here: an answer to us that
 * takes as long as the relay waits, or none, may have cost it a write. When the live state has been well for long enough every leg is
 * stated to the relay again, which writes it.
 */
export interface RelayMemory {
  /** Once a second or so; one at a time. */
  look(): Promise<void>;
}

export function createRelayMemory({
  ping,
  restateAll,
  nowMs,
  log,
}: {
  /** Fails when the live state does not answer. */
  readonly ping: () => Promise<unknown>;
  readonly restateAll: () => Promise<void>;
  readonly nowMs: () => number;
  readonly log: Logger;
}): RelayMemory {
  let missed = false;
  let wellSinceMs = nowMs();
  let looking = false;

  async function isWell(): Promise<boolean> {
    const askedMs = nowMs();
    return ping().then(
      () => nowMs() - askedMs < SLOW_MS,
      () => false,
    );
  }

  return {
    async look() {
      if (looking) return;
      looking = true;
      try {
        if (!(await isWell())) {
          missed = true;
          wellSinceMs = nowMs();
          return;
        }
        if (!missed || nowMs() - wellSinceMs < WELL_FOR_MS) return;
        missed = false;
        log.info({}, 'live state is well again: the media relay is told all legs again, so that it keeps them');
        await restateAll();
      } finally {
        looking = false;
      }
    },
  };
}
