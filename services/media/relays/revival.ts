import type { Logger } from '../../shared/platform/processes/logger.js';
import { NgRefused, type NgClient, type NgReply } from '../../shared/platform/network/rtpengine-ng.js';
import type { Anchors } from '../anchors.js';

/** The number of names in one answer of `list`, which is one datagram; a name may have 70 bytes. Missing legs are queried by name. */
const LISTED_AT_ONCE = 500;

interface ListReply extends NgReply {
  readonly calls?: readonly string[];
}

/**
 * Handles the restart of a relay. The relay reads its legs back from the live state; legs that it lacks are lost. The others are stated to
 * it again one after the other, so that a leg that crashes the relay is known, and reported as revived: playback to them has ended, and
 * browsers find that their ICE session is gone.
 */
export interface Revival {
  /**
   * Fails when the relay does not answer. Resolves when the lost legs are known; the rest follows in the background. Legs that nobody has are
   * deleted, once `dropUnclaimed` was called: their end did not reach the live state, because that was away.
   */
  of(relay: string): Promise<void>;
  /** Checks the legs of an earlier process. Legs that the relay does not have are lost. */
  check(relay: string): Promise<void>;
  /** Deletes legs of an earlier process that belong to no call or seat of this one. Nobody else would end them. */
  dropUnclaimed(relay: string): Promise<void>;
}

export function createRevival({
  clients,
  anchors,
  onLost,
  onRevived,
  log,
}: {
  readonly clients: ReadonlyMap<string, NgClient>;
  readonly anchors: Pick<Anchors, 'of' | 'forget' | 'revive' | 'has' | 'isEnding' | 'discard'>;
  readonly onLost: (legId: string) => void;
  readonly onRevived: (legId: string) => void;
  readonly log: Logger;
}): Revival {
  async function isThere(client: NgClient, legId: string): Promise<boolean> {
    try {
      await client.send({ command: 'query', 'call-id': legId });
      return true;
    } catch (error) {
      if (error instanceof NgRefused) return false;
      throw error;
    }
  }

  /** Whether it is known which legs the calls and seats of earlier processes have. */
  let knowsLeft = false;

  async function listOf(relay: string): Promise<readonly string[]> {
    const listed: ListReply | undefined = await clients.get(relay)?.send({ command: 'list', limit: LISTED_AT_ONCE });
    return listed?.calls ?? [];
  }

  /** The legs that the relay still has. The others are lost. */
  async function sift(relay: string, legs: readonly string[], calls: readonly string[]): Promise<readonly string[]> {
    const client = clients.get(relay);
    if (client === undefined || legs.length === 0) return [];
    const listed = new Set(calls);
    const there: string[] = [];
    const gone: string[] = [];
    for (const legId of legs) (listed.has(legId) || (await isThere(client, legId)) ? there : gone).push(legId);
    log.warn({ relay, legs: there.length, lost: gone.length }, 'legs that the media relay holds');
    for (const legId of gone) {
      if (!anchors.has(legId)) continue;
      anchors.forget(legId);
      onLost(legId);
    }
    return there;
  }

  async function restateAll(legs: readonly string[]): Promise<void> {
    for (const legId of legs) {
      if (!anchors.has(legId)) continue;
      try {
        await anchors.revive(legId);
      } catch (error) {
        log.warn({ err: error, legId }, 'a leg could not be restored at the media relay');
      }
      if (anchors.has(legId)) onRevived(legId);
    }
  }

  async function drop(relay: string, calls: readonly string[]): Promise<void> {
    const unclaimed = calls.filter((legId) => !anchors.has(legId) && !anchors.isEnding(legId));
    if (unclaimed.length > 0) log.warn({ relay, legs: unclaimed.length }, 'legs without a call are removed from the media relay');
    for (const mediaCallId of unclaimed)
      await anchors
        .discard({ relay, mediaCallId })
        .catch((error: unknown) => log.warn({ err: error, legId: mediaCallId }, 'a leg without a call could not be removed'));
  }

  return {
    async of(relay) {
      // The legs first: one that is made while the relay answers is not in its answer.
      const legs = anchors.of(relay);
      const calls = await listOf(relay);
      const there = await sift(relay, legs, calls);
      void restateAll(there).then(() => (knowsLeft ? drop(relay, calls) : undefined));
    },
    async check(relay) {
      await sift(relay, anchors.of(relay), await listOf(relay));
    },
    async dropUnclaimed(relay) {
      knowsLeft = true;
      await drop(relay, await listOf(relay));
    },
  };
}
