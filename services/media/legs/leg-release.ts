import type { Logger } from '../../shared/platform/processes/logger.js';
import { NgRefused, type NgReply } from '../../shared/platform/network/rtpengine-ng.js';
import { sameEndpoint, TAGS, type Anchor, type Anchors, type PlaceCounts } from '../anchor.js';
import { UNCOUNTED } from '../relays/relay-counts.js';
import type { LegBook } from './leg-book.js';
import { packetsRefused, statisticsOf, type LegStatistics } from '../statistics.js';

/** Now and then the relay (12.5.1.31) crashes when it frees a leg during its ICE checks, so such a leg gets time to finish them. */
const ICE_ENDS_AFTER_S = 3;

/** Deletes legs at their relays, and counts the packets that they received until then. */
export function createLegRelease({
  book,
  onStrangers,
  log,
}: {
  readonly book: LegBook;
  /** Reports packets for a leg that came from elsewhere than its party and have not been reported yet. */
  readonly onStrangers: (id: string, packets: number) => void;
  readonly log: Logger;
}): Pick<Anchors, 'release' | 'discard' | 'releaseAgain' | 'statistics' | 'countsOf'> {
  const { anchors, adopted, strangers, unstated, undeleted, voices, counts, turns, ng, command } = book;

  async function release(id: string): Promise<LegStatistics | undefined> {
    const anchor = anchors.get(id);
    // A process that ends together with its calls must not end before the relay was informed.
    if (anchor === undefined) return turns.over(id)?.then(() => undefined);
    for (const known of [anchors, adopted, unstated, voices]) known.delete(id);
    // Waits for the command under way: an offer that reaches the relay after the deletion would create the leg again, for nobody.
    return turns.take(id, async () => {
      if (anchor.party?.ice === undefined) return counted(anchor, await deleteLeg(anchor.relay, id, 0));
      // A newly joined party must not hear the old session beside the new one. A leg that the relay does not have fails at its deletion.
      await command(anchor, { command: 'block media', 'from-tag': TAGS[anchor.kind].outer }).catch(() => undefined);
      return counted(anchor, await deleteLeg(anchor.relay, id, ICE_ENDS_AFTER_S));
    });
  }

  async function deleteLeg(relay: string, id: string, delayS: number): Promise<NgReply> {
    try {
      const reply = await ng(relay).send({ command: 'delete', 'call-id': id, 'delete-delay': delayS }, { unread: UNCOUNTED });
      undeleted.delete(id);
      return reply;
    } catch (error) {
      // A relay without this leg need not be informed again.
      if (error instanceof NgRefused) undeleted.delete(id);
      else undeleted.set(id, relay);
      throw error;
    }
  }

  /** Reads the counts of a leg, and reports new packets that came from elsewhere than its party. */
  function counted(anchor: Anchor, reply: NgReply): LegStatistics {
    const { id, kind } = anchor;
    const refused = packetsRefused(reply, TAGS[kind].inner);
    const fresh = refused - (strangers.get(id) ?? 0);
    if (fresh > 0) onStrangers(id, fresh);
    if (anchors.has(id)) strangers.set(id, refused);
    else strangers.delete(id);
    return statisticsOf(counts.read(anchor, reply).outer);
  }

  /** Its two sides alone: copies for others have no part in what a party sends. */
  async function sidesOf(anchor: Anchor): Promise<{ readonly outer: PlaceCounts; readonly inner: PlaceCounts }> {
    const reply = await command(anchor, { command: 'query', 'from-tag': TAGS[anchor.kind].outer }, UNCOUNTED);
    const { outer, inner } = counts.read(anchor, reply);
    return { outer: { place: `${anchor.id}/outer`, ...outer }, inner: { place: `${anchor.id}/inner`, ...inner } };
  }

  const areJoined = (one: Anchor, other: Anchor): boolean =>
    sameEndpoint(one.towards, other.inner) && sameEndpoint(other.towards, one.inner);

  return {
    release,
    async discard({ relay, mediaCallId }) {
      await deleteLeg(relay, mediaCallId, 0);
    },
    async releaseAgain(isUp) {
      for (const [id, relay] of [...undeleted])
        if (isUp(relay))
          await turns
            .take(id, () => deleteLeg(relay, id, 0))
            .catch((error: unknown) => log.warn({ err: error, legId: id }, 'a leg still exists'));
    },
    async statistics(id) {
      const anchor = anchors.get(id);
      if (anchor === undefined) return undefined;
      return counted(anchor, await command(anchor, { command: 'query' }, UNCOUNTED));
    },
    async countsOf(id, otherId) {
      const [one, other] = [anchors.get(id), otherId === undefined ? undefined : anchors.get(otherId)];
      const outerOf = async (anchor: Anchor | undefined): Promise<PlaceCounts | undefined> =>
        anchor === undefined ? undefined : (await sidesOf(anchor)).outer;
      if (one === undefined || other === undefined || !areJoined(one, other)) return [await outerOf(one), await outerOf(other)];
      const { outer, inner } = await sidesOf(one);
      return [outer, inner];
    },
  };
}
