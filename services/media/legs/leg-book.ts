import { CallCentreError } from '../../shared/domain/failure.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { NgLost, type NgClient, type NgReply, type NgRequest } from '../../shared/platform/network/rtpengine-ng.js';
import type { Anchor } from '../anchor.js';
import { createLegCounts } from './leg-counts.js';
import { createLegTurns } from './leg-turns.js';
import { NOBODY } from '../sdp/writer.js';

export interface LegBookDependencies {
  readonly relays: ReadonlyMap<string, NgClient>;
  /** The relay for a new leg. Throws `media-relay-unavailable` when none is up. */
  readonly choose: () => string;
  /** Called when the relay ended during a command for this leg. The leg is given up, and no command is sent for it again. */
  readonly onLost: (id: string) => void;
  /**
   * `address:port` where this process receives digits and that a relay on any machine can reach; if missing, the relay reports them to the
   * address from its start.
   */
  readonly keysTo?: string | undefined;
  readonly nowMs: () => number;
  readonly log: Logger;
}

export type LegBook = ReturnType<typeof createLegBook>;

/** The legs with media, and what else is known about each. */
function createKnownLegs(nowMs: () => number) {
  const anchors = new Map<string, Anchor>();
  const turns = createLegTurns();
  const counts = createLegCounts(nowMs);
  /** The number of packets from strangers already reported for each leg. */
  const strangers = new Map<string, number>();
  /** Legs whose prompt was stopped without a description afterwards. The live state still says that they are blocked. */
  const unstated = new Set<string>();
  /** The SSRCs that the relay was asked for a moment ago. Several parts hear about a join, and each of them asks. */
  const voices = new Map<string, { readonly ssrc: Promise<number | undefined>; readonly askedAtMs: number }>();
  /** Legs of an earlier process. */
  const adopted = new Set<string>();
  /** Legs that have ended here, listed by the relay that could not be informed. */
  const undeleted = new Map<string, string>();

  function forget(id: string): void {
    for (const known of [anchors, adopted, strangers, unstated, voices]) known.delete(id);
  }

  return { anchors, adopted, strangers, unstated, undeleted, voices, counts, turns, forget };
}

/** The legs with media, what is known about each besides its description, and how a command reaches its relay. */
export function createLegBook({ relays, choose, onLost, keysTo, nowMs, log }: LegBookDependencies) {
  const legs = createKnownLegs(nowMs);
  const { anchors, adopted, undeleted, turns, forget } = legs;

  function ng(relay: string): NgClient {
    const client = relays.get(relay);
    if (client === undefined) throw new CallCentreError('media-relay-unavailable', 'No such media relay');
    return client;
  }

  function get(id: string): Anchor {
    const anchor = anchors.get(id);
    if (anchor === undefined) throw new CallCentreError('no-such-call', 'This leg has no media');
    return anchor;
  }

  function add(anchor: Pick<Anchor, 'id' | 'kind' | 'behindNat' | 'door' | 'encryption' | 'codecs' | 'tones' | 'party' | 'sends'>): Anchor {
    if (anchors.has(anchor.id)) throw new CallCentreError('already-exists', 'This leg has media already');
    const added: Anchor = {
      ...anchor,
      relay: choose(),
      createdAtMs: nowMs(),
      found: undefined,
      version: 0,
      said: undefined,
      outer: undefined,
      inner: NOBODY,
      towards: NOBODY,
    };
    anchors.set(anchor.id, added);
    undeleted.delete(anchor.id);
    return added;
  }

  /** Gives up a leg that its relay may have, or may have again. */
  function abandon(id: string): void {
    const anchor = anchors.get(id);
    forget(id);
    if (anchor !== undefined) undeleted.set(id, anchor.relay);
  }

  /** An offer and its answer are one command. */
  async function inTurn<T>(anchor: Anchor, order: () => Promise<T>): Promise<T> {
    return turns.take(anchor.id, () => {
      if (anchors.get(anchor.id) !== anchor) throw new CallCentreError('no-such-call', 'This leg has been released');
      return order();
    });
  }

  async function command(anchor: Anchor, ngCommand: Omit<NgRequest, 'call-id'>, unread?: ReadonlySet<string>): Promise<NgReply> {
    const describes = ngCommand.command === 'offer' || ngCommand.command === 'answer';
    const tellsKeys = describes && keysTo !== undefined;
    try {
      const reply = await ng(anchor.relay).send(
        { ...ngCommand, ...(tellsKeys ? { 'DTMF-log-dest': keysTo } : {}), 'call-id': anchor.id },
        unread === undefined ? {} : { unread },
      );
      if (tellsKeys) anchor.keysTo = keysTo;
      return reply;
    } catch (error) {
      // A query cannot crash the relay.
      if (error instanceof NgLost && ngCommand.command !== 'query' && anchors.get(anchor.id) === anchor) giveUp(anchor, ngCommand);
      throw error;
    }
  }

  /**
   * The command may have ended the relay, and nobody can tell whether it did: a second try could end it again, and interrupt every call
   * once more. Legs without a command under way are above suspicion.
   */
  function giveUp({ id }: Anchor, { command: ngCommand }: Pick<NgRequest, 'command'>): void {
    log.error({ legId: id, command: ngCommand }, 'the media relay ended during a command for this leg: the leg is abandoned');
    abandon(id);
    onLost(id);
  }

  /** The relay had lost a leg and made another in its place, which no party sends to. It is deleted, and the leg is given up. */
  async function madeAnew(anchor: Anchor): Promise<never> {
    log.error({ legId: anchor.id }, 'the media relay had lost this leg and made another in its place: the leg is abandoned');
    await ng(anchor.relay)
      .send({ command: 'delete', 'call-id': anchor.id, 'delete-delay': 0 })
      .catch((error: unknown) => log.warn({ err: error, legId: anchor.id }, 'a leg still exists'));
    if (anchors.get(anchor.id) === anchor) {
      forget(anchor.id);
      onLost(anchor.id);
    }
    throw new CallCentreError('media-relay-unavailable', 'The media relay has lost this leg');
  }

  /** Legs of an earlier process, on another machine than this one. */
  const heardElsewhere = (): readonly string[] =>
    [...adopted].filter((id) => anchors.get(id)?.keysTo !== undefined && anchors.get(id)?.keysTo !== keysTo);

  return { ...legs, heardElsewhere, ng, get, add, abandon, madeAnew, inTurn, command };
}
