import { CallCentreError } from '../shared/domain/failure.js';
import { isDone } from '../shared/platform/network/rtpengine-ng.js';
import { directionOf, sameEndpoint, TAGS, type Anchor, type AnchorMedia, type Anchors } from './anchor.js';
import { chosenFrom, offeredIn, withoutEvents } from './codecs.js';
import { byEncryption, offeredBy } from './encryption.js';
import { answeredAudio, createNegotiation, originOf, type Negotiated } from './negotiation.js';
import { isWebRtc, type AudioDescription, type Description, type Endpoint } from './sdp/description.js';
import type { Peers } from './sdp/peers.js';
import { readDescription } from './sdp/reader.js';
import { NOBODY, writeAnswer, writeAudio } from './sdp/writer.js';
import { createLegBook, type LegBook, type LegBookDependencies } from './legs/leg-book.js';
import { createLegCopies } from './legs/leg-copies.js';
import { createLegRelease } from './legs/leg-release.js';
import { UNCOUNTED } from './relays/relay-counts.js';
import { newestSsrc } from './statistics.js';

export type { AnchorMedia, Anchors, AnchorState } from './anchor.js';

export interface AnchorDependencies extends LegBookDependencies {
  readonly peers: Peers;
  readonly seatCodec: 'pcma' | 'opus';
  readonly tlsId: (id: string) => string;
  /** Reports packets for a leg that came from elsewhere than its party and have not been reported yet. */
  readonly onStrangers: (id: string, packets: number) => void;
}

/** How long an SSRC from `query` is reused: the answer to `query` contains the whole state of a leg, which is expensive for the relay. */
const VOICE_FOR_MS = 1_000;

/** Without this flag the prompt and the joined party interleave. */
const BLOCKED = ['block egress'];
/** 10 ms of silence, a WAV file of 8 kHz A-law. */
const SILENCE = `RIFF\x74\0\0\0WAVEfmt \x10\0\0\0\x06\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x50\0\0\0${'U'.repeat(80)}`;

const mediaOf = ({ id, kind, relay, outer, inner }: Anchor): AnchorMedia => ({
  relay,
  mediaCallId: id,
  callerTag: TAGS[kind].outer,
  farTag: TAGS[kind].inner,
  ...(outer === undefined || inner === NOBODY ? {} : { ports: { caller: outer.port, far: inner.port, farAddress: inner.address } }),
});

/** Sends the description and the direction of a leg to its relay. */
function createPointing(book: LegBook, { peers, seatCodec }: Pick<AnchorDependencies, 'peers' | 'seatCodec'>) {
  const { unstated, inTurn, madeAnew } = book;
  const negotiation = createNegotiation(book.command);

  /** The party's description and the target of the inner side, as the relay should have them. */
  async function negotiate(anchor: Anchor): Promise<Negotiated> {
    const negotiated = await inTurn(anchor, async () => {
      if (anchor.outer !== undefined) await negotiation.find(anchor, (endpoint) => peers.allows(endpoint, anchor.door));
      const exchanged = await negotiation.exchange(anchor, anchor.towards, seatCodec);
      // A leg keeps its ports for life. The relay lost it, and made another of this name from the offer: the party sends to the old port.
      if (anchor.inner !== NOBODY && !sameEndpoint(exchanged.inner, anchor.inner)) await madeAnew(anchor);
      unstated.delete(anchor.id);
      return exchanged;
    });
    anchor.inner = negotiated.inner;
    return negotiated;
  }

  /** Only the target of the inner side. A relay that refuses this gets both sides again. */
  async function redirect(anchor: Anchor, written = true): Promise<void> {
    // A party behind NAT that has been found meanwhile is described again, with its address.
    const whole = anchor.innerOffer === undefined || (anchor.behindNat && anchor.found === undefined);
    const taken =
      !whole &&
      (await inTurn(anchor, async () => {
        // Whatever is still to be stored for the leg goes with the next description.
        const writes = written || unstated.has(anchor.id);
        const answered = await isDone(negotiation.answerAgain(anchor, anchor.towards, writes));
        if (answered && writes) unstated.delete(anchor.id);
        return answered;
      }));
    if (!taken) await negotiate(anchor);
  }

  async function point(anchor: Anchor, towards: Endpoint, written = true): Promise<void> {
    const before = anchor.towards;
    if (sameEndpoint(before, towards)) return;
    anchor.towards = towards;
    try {
      await redirect(anchor, written);
    } catch (error) {
      // A change that the relay did not take has not happened: the next request for the same target must not be answered as done.
      if (sameEndpoint(anchor.towards, towards)) anchor.towards = before;
      throw error;
    }
  }

  return { negotiation, negotiate, redirect, point };
}

type Pointing = ReturnType<typeof createPointing>;

type LegTerms = Pick<Anchor, 'id' | 'kind' | 'door' | 'encryption' | 'codecs' | 'tones'>;

/** Descriptions from a party, and descriptions to it. */
function createDescribing({ inTurn }: LegBook, { negotiation }: Pointing, { peers, tlsId }: Pick<AnchorDependencies, 'peers' | 'tlsId'>) {
  /**
   * The party's description with allowed addresses and, for a browser, the constant name of its DTLS association. Only seats use ICE: no
   * carrier here needs it, and otherwise the relay would run its checks for any caller.
   */
  function partyOf({ id, kind, door, encryption, codecs, tones }: LegTerms, { audio }: Description): AudioDescription {
    if (kind !== 'seat')
      return peers.checked(withoutEvents(byEncryption(chosenFrom({ ...audio, ice: undefined }, codecs), encryption), tones), door);
    const checked = peers.checked({ ...audio, crypto: [] }, door);
    return isWebRtc(checked) && checked.dtls !== undefined ? { ...checked, tlsId: checked.tlsId ?? tlsId(id) } : checked;
  }

  function answerTo(anchor: Anchor, offer: Description, { outer }: Negotiated): string {
    anchor.outer = outer.endpoint;
    anchor.said = { ...outer, profile: offer.audio.profile };
    anchor.version += 1;
    return writeAnswer({ ...anchor.said, mid: offer.audio.mid }, offer, originOf(anchor, anchor.version, outer.endpoint?.address));
  }

  /**
   * Has the relay describe the side of a party that has not described itself yet. The relay's earlier description of that side is then
   * void.
   */
  async function offerOut(anchor: Anchor, captured: boolean): Promise<string> {
    const offered = await inTurn(anchor, () => negotiation.offerOut(anchor, captured));
    anchor.outer = offered.endpoint;
    anchor.said = withoutEvents(offeredIn(offeredBy(offered, anchor.encryption), anchor.codecs), anchor.tones);
    return writeAudio(anchor.said, originOf(anchor, anchor.version, offered.endpoint?.address));
  }

  /** The party describes itself again within its call. */
  function describe(anchor: Anchor, before: AudioDescription, party: AudioDescription): void {
    if (!sameEndpoint(party.endpoint ?? before.endpoint, before.endpoint)) anchor.found = undefined;
    anchor.party =
      party.ice === undefined ? { ...party, endpoint: party.endpoint ?? before.endpoint, direction: directionOf(party) } : party;
    // A party that holds may send music or nothing (RFC 3264 section 8.4), so its silence means nothing.
    anchor.sends = anchor.party.direction === 'sendrecv';
  }

  return { partyOf, answerTo, offerOut, describe };
}

/** Exchanges descriptions with a party: its offers and answers, and ours. */
function exchanges({
  book,
  pointing,
  deps,
  release,
}: {
  book: LegBook;
  pointing: Pointing;
  deps: AnchorDependencies;
  release: Anchors['release'];
}): Pick<Anchors, 'accept' | 'invite' | 'offerFor' | 'inviteAnswered' | 'reoffer' | 'offerAgain' | 'offerAnswered'> {
  const { voices, get, add, inTurn } = book;
  const { peers } = deps;
  const { negotiation, negotiate } = pointing;
  const { partyOf, answerTo, offerOut, describe } = createDescribing(book, pointing, deps);
  return {
    async accept({ id, kind, sdp, behindNat = false, door, encryption = 'off', codecs, tones }) {
      const offer = readDescription(sdp);
      const party = partyOf({ id, kind, door, encryption, codecs, tones }, offer);
      if (party.endpoint === undefined && party.ice === undefined)
        throw new CallCentreError('media-address-not-allowed', 'The first offer of a call must name an address for its media');
      const anchor = add({ id, kind, behindNat, door, encryption, codecs, tones, party, sends: true });
      try {
        return { sdp: answerTo(anchor, offer, await negotiate(anchor)), ...mediaOf(anchor) };
      } catch (error) {
        // Nobody waits for a relay that may be silent.
        void release(id).catch(() => undefined);
        throw error;
      }
    },

    async invite({ id, captured }) {
      const anchor = add({ id, kind: 'dialled', behindNat: false, encryption: 'off', party: undefined, sends: false });
      try {
        return { sdp: await offerOut(anchor, captured), ...mediaOf(anchor) };
      } catch (error) {
        // A relay that was only slow makes the leg all the same.
        void release(id).catch(() => undefined);
        throw error;
      }
    },
    async offerFor(id, { encryption, codecs, tones }) {
      const anchor = get(id);
      anchor.encryption = encryption;
      anchor.codecs = codecs;
      anchor.tones = tones;
      return offerOut(anchor, false);
    },

    async inviteAnswered(id, sdp, { behindNat = false, door } = {}) {
      const anchor = get(id);
      anchor.behindNat = behindNat;
      anchor.door = door;
      const party = answeredAudio(readDescription(sdp), anchor);
      if (party.endpoint === undefined)
        throw new CallCentreError('media-address-not-allowed', 'An answer must name the address for its media');
      anchor.inner = await inTurn(anchor, () => negotiation.answerOut(anchor, peers.checked(party, door)));
      anchor.party = party;
      anchor.sends = true;
      return mediaOf(anchor);
    },

    async reoffer(id, sdp) {
      const anchor = get(id);
      const offer = readDescription(sdp);
      const before = anchor.party;
      voices.delete(id);
      const party = partyOf(anchor, offer);
      if (party.profile !== before?.profile) throw new CallCentreError('no-common-codec', 'A leg cannot change its media transport');
      describe(anchor, before, party);
      return answerTo(anchor, offer, await negotiate(anchor));
    },
    offerAgain(id) {
      const anchor = get(id);
      if (anchor.said === undefined) throw new CallCentreError('wrong-state', 'This leg has not been described yet');
      anchor.version += 1;
      return writeAudio({ ...anchor.said, direction: 'sendrecv' }, originOf(anchor, anchor.version, anchor.said.endpoint?.address));
    },
    async offerAnswered(id, sdp) {
      const anchor = get(id);
      voices.delete(id);
      const party = peers.checked(answeredAudio(readDescription(sdp), anchor), anchor.door);
      if (party.profile !== anchor.party?.profile) throw new CallCentreError('no-common-codec', 'A leg cannot change its media transport');
      describe(anchor, anchor.party, party);
      await negotiate(anchor);
    },
  };
}

/** Plays prompts and digits to a leg. */
function playing(
  { anchors, unstated, turns, get, inTurn, command }: LegBook,
  { redirect, negotiate }: Pointing,
): Pick<Anchors, 'play' | 'stopPlay' | 'revive' | 'readyForKeys' | 'sendKey'> {
  /** Stops what the relay plays. False when it plays nothing, and its party can hear whoever it is joined with. */
  async function silence(anchor: Anchor): Promise<boolean> {
    const stop = (): Promise<boolean> => isDone(command(anchor, { command: 'stop media', 'from-tag': TAGS[anchor.kind].outer }));
    if (await stop()) return true;
    if (anchor.played !== true) return false;
    // Nothing else takes back a block that the relay has read from the live state (12.5.1.31).
    await command(anchor, { command: 'play media', 'from-tag': TAGS[anchor.kind].outer, blob: SILENCE, flags: BLOCKED });
    return stop();
  }

  return {
    async play(id, file, times) {
      const anchor = get(id);
      const reply = await inTurn(anchor, () => {
        anchor.played = true;
        return command(anchor, {
          command: 'play media',
          'from-tag': TAGS[anchor.kind].outer,
          file,
          'repeat-times': times === 0 ? 100_000 : times,
          flags: BLOCKED,
        });
      });
      return { durationMs: (reply.duration ?? 0) * Math.max(times, 1) };
    },
    async stopPlay(id) {
      const anchor = anchors.get(id);
      if (anchor === undefined) return;
      await inTurn(anchor, async () => {
        // The relay refuses to stop a prompt that never began. Then nothing has to be described again.
        if (await silence(anchor)) unstated.add(id);
      });
      // The relay stores a leg only with its description. Without a new one a restarted relay would still block what it blocked for the
      // prompt. A party that is joined to the leg at this moment describes it anyway, because that turn comes first.
      await turns.over(id);
      if (unstated.has(id) && anchor.party !== undefined && anchors.get(id) === anchor) await redirect(anchor);
    },
    async revive(id) {
      const anchor = anchors.get(id);
      if (anchor === undefined) return;
      await inTurn(anchor, () => silence(anchor));
      if (anchor.party !== undefined) await negotiate(anchor);
    },
    async readyForKeys(id) {
      const anchor = get(id);
      if (anchor.sendsKeys === true) return false;
      anchor.sendsKeys = true;
      await negotiate(anchor);
      return true;
    },
    async sendKey(id, key) {
      const anchor = get(id);
      await inTurn(anchor, () => command(anchor, { command: 'play DTMF', 'from-tag': TAGS[anchor.kind].inner, code: key, duration: 160 }));
    },
  };
}

function createVoices({ voices, counts, get, command }: LegBook, nowMs: () => number): Pick<Anchors, 'ssrcOf'> {
  return {
    async ssrcOf(id) {
      const anchor = get(id);
      const known = voices.get(id);
      if (known !== undefined && nowMs() - known.askedAtMs < VOICE_FOR_MS) return known.ssrc;
      const ssrc = command(anchor, { command: 'query', 'from-tag': TAGS[anchor.kind].outer }, UNCOUNTED).then((reply) => {
        counts.read(anchor, reply);
        return newestSsrc(reply, TAGS[anchor.kind].outer);
      });
      const asked = { ssrc, askedAtMs: nowMs() };
      voices.set(id, asked);
      const forgetAnswer = (): void => {
        if (voices.get(id) === asked) voices.delete(id);
      };
      ssrc.then((found) => {
        if (found === undefined) forgetAnswer();
      }, forgetAnswer);
      return ssrc;
    },
  };
}

export function createAnchors(deps: AnchorDependencies): Anchors {
  const book = createLegBook(deps);
  const { anchors, adopted, get, forget } = book;
  const pointing = createPointing(book, deps);
  const { negotiate, point } = pointing;
  const ends = createLegRelease({ book, onStrangers: deps.onStrangers, log: deps.log });
  const sending = (): readonly string[] => [...anchors.values()].flatMap(({ id, kind, sends }) => (kind !== 'seat' && sends ? [id] : []));

  return {
    ...exchanges({ book, pointing, deps, release: ends.release }),
    ...playing(book, pointing),
    ...createVoices(book, deps.nowMs),
    ...createLegCopies(book),
    ...ends,
    async pair(one, other) {
      const [a, b] = [get(one), get(other)];
      await Promise.all([point(a, b.inner), point(b, a.inner)]);
    },
    async part(id, { otherEnds = false } = {}) {
      const anchor = anchors.get(id);
      // A leg that is ending must not be heard: a restarted relay may connect to it until it is told about the leg.
      if (anchor !== undefined) await point(anchor, NOBODY, !otherEnds);
    },
    innerOf: (id) => get(id).inner,
    async attach(id, towards) {
      await point(get(id), towards);
    },
    async echo(id, on) {
      const anchor = get(id);
      await point(anchor, on ? anchor.inner : NOBODY);
    },

    has: (id) => anchors.has(id),
    sending,
    seats: () => [...anchors.values()].flatMap(({ id, kind }) => (kind === 'seat' ? [id] : [])),
    uncounted: () => sending().filter((id) => book.counts.isNew(get(id))),

    isEnding: (id) => book.undeleted.has(id) || (!anchors.has(id) && book.turns.over(id) !== undefined),
    of: (relay) => [...anchors.values()].filter((anchor) => anchor.relay === relay && anchor.outer !== undefined).map(({ id }) => id),
    forget,
    abandon: book.abandon,
    async restate(id) {
      const anchor = anchors.get(id);
      if (anchor?.party !== undefined) await negotiate(anchor);
    },
    count: (relay) => [...anchors.values()].filter((anchor) => anchor.relay === relay).length,
    export: (id) => anchors.get(id),
    heardElsewhere: book.heardElsewhere,
    adopted: () => sending().filter((id) => adopted.has(id)),
    adopt(state) {
      adopted.add(state.id);
      anchors.set(state.id, { ...state });
    },
  };
}
