import type { Logger } from '../../shared/platform/processes/logger.js';

/** The relay gives up a write after 100 ms (infra/supervisor/plan/plan.ts). */
const SLOW_MS = 100;
/** A slower answer means that the live state hangs. */
const HANGS_MS = 1_000;
/** A fully loaded machine always answers slowly. Then all legs are stated again at this interval at most. */
const AGAIN_AFTER_MS = 60_000;
/** After a failed write the relay writes nothing for 5 s, so the live state must have been well for longer than that. */
const WELL_FOR_MS = 7_000;

/**
 * The relay stores its legs in the live state and does not report failed writes. They are inferred from here: an answer to us that takes as
 * long as the relay waits, or no answer, may mean a lost write. After the live state has been well for long enough, every leg is stated to
 * the relay again, which stores it.
 */
export interface RelayMemory {
  /** Called about once a second, and never while an earlier call is still running. */
  look(): Promise<void>;
  /** Called when the live state went down, perhaps only for a moment. */
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
  /** Of the writes that may be missing: when the first was missed, and when the last may have been. */
  let firstMissedMs = -Infinity;
  let lastMissedMs = -Infinity;
  let wellSinceMs = nowMs();
  let restatedMs = -Infinity;
  let looking = false;

  /** The duration of an answer; infinite without one. */
  async function answerMs(): Promise<number> {
    const askedMs = nowMs();
    return ping().then(
      () => nowMs() - askedMs,
      () => Infinity,
    );
  }

  function miss(): void {
    lastMissedMs = nowMs();
    if (!missed) firstMissedMs = lastMissedMs;
    missed = true;
  }

  /** After the last write that failed nothing is written for a while. A live state that is slow all the time is not waited for longer. */
  const writesAgain = (): boolean => nowMs() - lastMissedMs >= WELL_FOR_MS || nowMs() - firstMissedMs >= AGAIN_AFTER_MS;

  return {
    lost() {
      miss();
      wellSinceMs = nowMs();
    },
    async look() {
      if (looking) return;
      looking = true;
      try {
        const tookMs = await answerMs();
        if (tookMs >= SLOW_MS) miss();
        if (tookMs >= HANGS_MS) wellSinceMs = nowMs();
        if (!missed || !writesAgain() || nowMs() - wellSinceMs < WELL_FOR_MS || nowMs() - restatedMs < AGAIN_AFTER_MS) return;
        missed = false;
        restatedMs = nowMs();
        log.info({}, 'live state is back: all legs are sent to the media relay again, so that it stores them');
        await restateAll();
      } finally {
        looking = false;
      }
    },
  };
}
