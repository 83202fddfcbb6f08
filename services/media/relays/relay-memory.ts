import type { Logger } from '../../shared/platform/processes/logger.js';

/** The relay gives up a write after 100 ms (infra/supervisor/plan/plan.ts). */
const SLOW_MS = 100;
/** Slower than this, it hangs. */
const HANGS_MS = 1_000;
/** A machine that is full answers slowly all the time: then all legs are stated again so often, and not more. */
const AGAIN_AFTER_MS = 60_000;
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
  /** The live state went away, perhaps for a moment only. */
  lost(): void;
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
  let restatedMs = -Infinity;
  let looking = false;

  /** How long an answer takes; for ever when there is none. */
  async function answerMs(): Promise<number> {
    const askedMs = nowMs();
    return ping().then(
      () => nowMs() - askedMs,
      () => Infinity,
    );
  }

  return {
    lost() {
      missed = true;
      wellSinceMs = nowMs();
    },
    async look() {
      if (looking) return;
      looking = true;
      try {
        const tookMs = await answerMs();
        if (tookMs >= SLOW_MS) missed = true;
        if (tookMs >= HANGS_MS) wellSinceMs = nowMs();
        if (!missed || nowMs() - wellSinceMs < WELL_FOR_MS || nowMs() - restatedMs < AGAIN_AFTER_MS) return;
        missed = false;
        restatedMs = nowMs();
        log.info({}, 'live state is well again: the media relay is told all legs again, so that it keeps them');
        await restateAll();
      } finally {
        looking = false;
      }
    },
  };
}
