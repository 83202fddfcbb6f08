import { CallCentreError } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { NgClient } from '../../shared/platform/network/rtpengine-ng.js';
import type { RelayCounts } from './relay-counts.js';

/** A relay that has not answered this many checks is down and gets no new legs. */
const SILENT_LOOKS = 2;
const SILENT_AFTER_MS = 900;
/** The calls of a silent relay are given up only after this: a slow relay still carries their media, and a restarted one says so itself. */
const LOST_AFTER_MS = 10_000;

/** The earliest and the latest moment at which something can have happened. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When a relay started that said its uptime in answer to a check. It counts whole seconds of the clock, so it may be a second off either
 * way; when between sending and answer it counted is unknown, and on a busy machine that is seconds.
 */
const startOf = (uptimeS: number, sentAtMs: number, answeredAtMs: number): Span => ({
  fromMs: sentAtMs - (uptimeS + 1) * 1_000,
  toMs: answeredAtMs - (uptimeS - 1) * 1_000,
});

const areApart = (one: Span, other: Span): boolean => one.toMs < other.fromMs || other.toMs < one.fromMs;

/** Between two checks others ask for the count no more often than this: the inventory, or a process that is about to end. */
const MOST_ASKED_BY_OTHERS = 3;

/**
 * Whether one relay may have counted both. Two starts that may be the same moment are the same start only if so: a relay that was started
 * again has forgotten the last check, and a partner that had the addresses before has counted more checks than there were since.
 */
const goesOn = ({ from, to, sent }: { readonly from: number; readonly to: number; readonly sent: number }): boolean =>
  to > from && to - from <= sent + MOST_ASKED_BY_OTHERS;

interface Watched {
  up: boolean;
  missed: number;
  answeredAtMs: number;
  /** Its legs have been abandoned since it last answered. */
  lost: boolean;
  started: Span | undefined;
  /** It was restarted or replaced, and has not yet been asked which legs it has. */
  isUnasked: boolean;
  /** The number of checks that the relay had answered before the last check, by its own count. */
  looksAnswered: number;
}

/** Tracks which relays are up, which have restarted or were replaced by a partner, and which are lost. The owner calls `look` regularly. */
export interface Relays {
  look(): Promise<void>;
  /** The relay with the fewest legs among those that are up. */
  choose(): string;
  status(): Readonly<Record<string, { up: boolean; legs: number }>>;
}

export function createRelays({
  clients,
  legs,
  onRestart,
  onGone,
  nowMs,
  log,
}: {
  readonly clients: ReadonlyMap<string, NgClient>;
  readonly legs: (relay: string) => number;
  /**
   * Called when the relay has restarted, or its partner has replaced it, and has only the legs that were stored elsewhere. Any leg may be one
   * that it does not have: a partner may have begun long before it got the addresses. Called again at the next check when this fails.
   */
  readonly onRestart: (relay: string) => Promise<void>;
  /** Called when the relay did not come back in time. */
  readonly onGone: (relay: string) => void;
  readonly nowMs: () => number;
  readonly log: Logger;
}): Relays {
  const watched = new Map<string, Watched>(
    [...clients.keys()].map((relay) => [
      relay,
      { up: true, missed: 0, answeredAtMs: nowMs(), lost: false, started: undefined, isUnasked: false, looksAnswered: -1 },
    ]),
  );

  async function lookAt(relay: string, client: NgClient, state: Watched): Promise<void> {
    const sentAtMs = nowMs();
    try {
      const reply: RelayCounts = await client.send({ command: 'statistics' }, { timeoutMs: SILENT_AFTER_MS });
      const answeredAtMs = nowMs();
      const started = startOf(Number(reply.statistics?.totalstatistics?.uptime ?? 0), sentAtMs, answeredAtMs);
      const before = state.started;
      // Silent when this process began. The relay may have restarted, and nobody has asked it for the legs of the earlier process yet.
      const firstAfterSilence = before === undefined && state.missed > 0;
      const sent = state.missed + 1;
      if (!state.up) log.info({ relay }, 'media relay is back');
      state.up = true;
      state.missed = 0;
      const lastAnsweredAtMs = state.answeredAtMs;
      state.answeredAtMs = answeredAtMs;
      state.lost = false;
      const looksAnswered = Number(reply.statistics?.controlstatistics?.totalstatscount);
      const isAnother =
        before !== undefined && (areApart(started, before) || !goesOn({ from: state.looksAnswered, to: looksAnswered, sent }));
      state.looksAnswered = looksAnswered;
      state.started = started;
      if (isAnother)
        log.error({ relay }, started.toMs < lastAnsweredAtMs ? 'media relay was replaced by its partner' : 'media relay was started again');
      state.isUnasked ||= isAnother || firstAfterSilence;
      if (state.isUnasked) {
        await onRestart(relay);
        state.isUnasked = false;
      }
    } catch {
      state.missed += 1;
      if (state.up && state.missed >= SILENT_LOOKS) {
        state.up = false;
        log.error({ relay }, 'media relay is silent: no new legs are sent to it');
      }
      if (!state.lost && nowMs() - state.answeredAtMs >= LOST_AFTER_MS) {
        state.lost = true;
        log.error({ relay }, 'the media relay does not come back: its legs are abandoned');
        onGone(relay);
      }
    }
  }

  /** One at a time: a second check of a slow relay would take its first answer for an old one. */
  let looking: Promise<void> | undefined;
  async function lookAtAll(): Promise<void> {
    await Promise.all(
      [...clients].map(([relay, client]) => {
        const state = watched.get(relay);
        return state === undefined ? Promise.resolve() : lookAt(relay, client, state);
      }),
    );
  }

  return {
    look: () => (looking ??= lookAtAll().finally(() => (looking = undefined))),
    choose() {
      const up = [...watched].filter(([, state]) => state.up).map(([relay]) => relay);
      const [best] = up.sort((a, b) => legs(a) - legs(b));
      if (best === undefined) throw new CallCentreError('media-relay-unavailable', 'No media relay is up');
      return best;
    },
    status: () => Object.fromEntries([...watched].map(([relay, state]) => [relay, { up: state.up, legs: legs(relay) }])),
  };
}
