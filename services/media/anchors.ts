import { CallCentreError } from '../shared/domain/failure.js';
import type { Logger } from '../shared/platform/logger.js';
import type { NgClient, NgReply, NgRequest } from '../shared/platform/rtpengine-ng.js';
import { answering, hasKnownCodec, innerSdp, mediaLineCount, NOBODY, readAudio, withTlsId, type AudioOffer, type Endpoint } from './sdp.js';
import { legStatistics, newestSsrc, type LegStatistics } from './statistics.js';

/** `caller`: a trunk leg that invited us; `seat`: a seat session; `dialled`: a leg that we invite. */
export type AnchorKind = 'caller' | 'seat' | 'dialled';

const TAGS = {
  caller: { outer: 'A', inner: 'far' },
  seat: { outer: 'web', inner: 'core' },
  dialled: { outer: 'B', inner: 'far' },
} as const satisfies Record<AnchorKind, { outer: string; inner: string }>;

const DEFAULT_KEYS_PAYLOAD_TYPE = 101;

/**
 * One leg at the relay: its outer side talks to the party, its inner side is plain G.711 and is pointed at nobody, at another anchor's inner
 * side, or at the mixer. The party never notices: its port stays, and no re-INVITE is sent.
 */
interface Anchor {
  readonly id: string;
  readonly kind: AnchorKind;
  readonly relay: string;
  readonly createdAtMs: number;
  outerSdp: string;
  /** Where the relay receives the party. Absent in what an older process handed on. */
  outerPort?: number | undefined;
  inner: Endpoint;
  keysPayloadType: number;
  codec: NgRequest['codec'] | undefined;
  isWebRtc: boolean;
  towards: Endpoint;
  /** False while the party says that it sends nothing: it has put us on hold without music. */
  sends: boolean;
}

/** Where the recorder subscribes. */
export interface AnchorMedia {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
  /** Where the relay receives the two sides: for finding them in its capture. They last as long as the leg. */
  readonly ports?: { readonly caller: number; readonly far: number };
}

export interface Anchors {
  /** The relay takes the party's offer. Fails with `no-common-codec` or `media-relay-unavailable`. */
  accept(leg: { readonly id: string; readonly kind: 'caller' | 'seat'; readonly sdp: string }): Promise<{ sdp: string } & AnchorMedia>;
  /** An offer for a party that we invite. `captured`: the relay writes down what it hears of it, as of everyone who calls. */
  invite(leg: { readonly id: string; readonly captured: boolean }): Promise<{ sdp: string } & AnchorMedia>;
  inviteAnswered(id: string, sdp: string): Promise<AnchorMedia>;
  /** The party describes itself anew: hold, another codec, another address. Resolves with the answer to it. */
  reoffer(id: string, sdp: string): Promise<string>;
  /** Both inner sides at each other. */
  pair(one: string, other: string): Promise<void>;
  /** The inner side at nobody. Does nothing for an anchor that is gone. */
  part(id: string): Promise<void>;
  /** The inner side at an endpoint of the mixer; resolves with the address that the mixer must send to. */
  innerOf(id: string): Endpoint;
  attach(id: string, towards: Endpoint): Promise<void>;
  /** The party hears itself. */
  echo(id: string, on: boolean): Promise<void>;
  /** Replaces what is being played to the party; resolves with its length. `times` 0 means for ever. */
  play(id: string, file: string, times: number): Promise<{ durationMs: number }>;
  stopPlay(id: string): Promise<void>;
  sendKey(id: string, key: string): Promise<void>;
  /** The SSRC under which this party's voice goes to the one it is joined with, once it has sent something. */
  ssrcOf(id: string): Promise<number | undefined>;
  statistics(id: string): Promise<LegStatistics | undefined>;
  /** Safe to call twice: the second does nothing. */
  release(id: string): Promise<LegStatistics | undefined>;
  /** Drops a leg that an earlier process made. */
  discard(place: Pick<AnchorMedia, 'relay' | 'mediaCallId'>): Promise<void>;
  has(id: string): boolean;
  /** Legs that should be sending sound. */
  sending(): readonly string[];
  /** The anchors of one relay that were made before `beforeMs`: forgotten here, named to the caller. */
  forgetRelay(relay: string, beforeMs: number): readonly string[];
  count(relay: string): number;
  /** For a process that took over dialogs: what must be kept to go on with an anchor, and how to take it up again. */
  export(id: string): AnchorState | undefined;
  adopt(state: AnchorState): void;
}

export type AnchorState = Readonly<Anchor>;

export interface AnchorDependencies {
  readonly relays: ReadonlyMap<string, NgClient>;
  /** The relay for a new leg; throws `media-relay-unavailable` when none is up. */
  readonly choose: () => string;
  readonly seatCodec: 'pcma' | 'opus';
  readonly tlsId: (id: string) => string;
  readonly nowMs: () => number;
  readonly log: Logger;
}

export function createAnchors({ relays, choose, seatCodec, tlsId, nowMs, log }: AnchorDependencies): Anchors {
  const anchors = new Map<string, Anchor>();
  const turns = new Map<string, Promise<unknown>>();

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

  const command = (anchor: Anchor, ngCommand: Omit<NgRequest, 'call-id'>): Promise<NgReply> =>
    ng(anchor.relay).send({ ...ngCommand, 'call-id': anchor.id });

  /** An offer and its answer belong together: another pair for the same leg waits until this one is through. */
  async function negotiate(anchor: Anchor, towards: Endpoint, again: boolean): Promise<{ outer: string; inner: Endpoint }> {
    const turn = (turns.get(anchor.id) ?? Promise.resolve()).then(() => offerAndAnswer(anchor, towards, again));
    const over = turn.catch(() => undefined);
    turns.set(anchor.id, over);
    void over.then(() => turns.get(anchor.id) === over && turns.delete(anchor.id));
    return turn;
  }

  /** Offer of the outer side, then the answer that points the inner side somewhere; returns both descriptions. */
  async function offerAndAnswer(anchor: Anchor, towards: Endpoint, again: boolean): Promise<{ outer: string; inner: Endpoint }> {
    const { outer, inner } = TAGS[anchor.kind];
    // A browser would not hear of the relay's new ICE credentials: its checks fail from then on, and its sound dies seven seconds later.
    const flags = ['port latching', 'strict source', ...(again && !anchor.isWebRtc ? ['reset'] : [])];
    const offered = await command(anchor, {
      command: 'offer',
      'from-tag': outer,
      ...(again ? { 'to-tag': inner } : {}),
      sdp: anchor.outerSdp,
      flags,
      ...(anchor.codec === undefined ? {} : { codec: anchor.codec }),
      ...(anchor.isWebRtc ? { 'transport-protocol': 'RTP/AVP', ICE: 'remove', 'rtcp-mux': ['demux'] } : {}),
      ...(again || anchor.kind === 'seat' ? {} : { 'record call': 'yes', metadata: `leg:${anchor.id}` }),
    });
    const innerOffer = readAudio(offered.sdp ?? '');
    const answer = innerSdp(towards, innerOffer?.keysPayloadType ?? anchor.keysPayloadType, answering[innerOffer?.direction ?? 'sendrecv']);
    if (innerOffer === undefined || mediaLineCount(offered.sdp ?? '') < mediaLineCount(answer))
      throw new CallCentreError('no-common-codec', 'The media relay found no audio to offer');
    const answered = await command(anchor, {
      command: 'answer',
      'from-tag': outer,
      'to-tag': inner,
      sdp: answer,
      flags,
      'endpoint-learning': 'off',
    });
    return { outer: answered.sdp ?? '', inner: innerOffer.endpoint };
  }

  async function point(anchor: Anchor, towards: Endpoint): Promise<void> {
    const before = anchor.towards;
    anchor.towards = towards;
    if (before.address === towards.address && before.port === towards.port) return;
    const { inner } = await negotiate(anchor, towards, true);
    if (inner.port !== anchor.inner.port) log.warn({ legId: anchor.id }, 'inner port of a leg changed when it was re-pointed');
    anchor.inner = inner;
  }

  const mediaOf = (anchor: Anchor): AnchorMedia => ({
    relay: anchor.relay,
    mediaCallId: anchor.id,
    callerTag: TAGS[anchor.kind].outer,
    farTag: TAGS[anchor.kind].inner,
    ...(anchor.outerPort === undefined || anchor.inner === NOBODY ? {} : { ports: { caller: anchor.outerPort, far: anchor.inner.port } }),
  });

  async function open(kind: AnchorKind, id: string, sdp: string): Promise<{ anchor: Anchor; outer: string }> {
    const offer = readAudio(sdp);
    if (offer === undefined || !hasKnownCodec(offer)) throw new CallCentreError('no-common-codec', 'No audio codec in common');
    if (anchors.has(id)) throw new CallCentreError('already-exists', 'This leg has media already');
    const anchor: Anchor = {
      id,
      kind,
      relay: choose(),
      createdAtMs: nowMs(),
      outerSdp: offer.isWebRtc ? withTlsId(sdp, tlsId(id)) : sdp,
      inner: NOBODY,
      keysPayloadType: offer.keysPayloadType ?? DEFAULT_KEYS_PAYLOAD_TYPE,
      codec: codecOf(kind, offer, seatCodec),
      isWebRtc: offer.isWebRtc,
      towards: NOBODY,
      sends: true,
    };
    anchors.set(id, anchor);
    try {
      const { outer, inner } = await negotiate(anchor, NOBODY, false);
      anchor.inner = inner;
      anchor.outerPort = readAudio(outer)?.endpoint.port;
      if (anchor.outerPort === undefined) throw new CallCentreError('no-common-codec', 'No audio codec in common');
      return { anchor, outer };
    } catch (error) {
      await release(id).catch(() => undefined);
      throw error;
    }
  }

  async function release(id: string): Promise<LegStatistics | undefined> {
    const anchor = anchors.get(id);
    if (anchor === undefined) return undefined;
    anchors.delete(id);
    const reply = await command(anchor, { command: 'delete', 'delete-delay': 0 });
    return legStatistics(reply, TAGS[anchor.kind].outer);
  }

  return {
    async accept({ id, kind, sdp }) {
      const { anchor, outer } = await open(kind, id, sdp);
      return { sdp: outer, ...mediaOf(anchor) };
    },

    async invite({ id, captured }) {
      const anchor: Anchor = {
        id,
        kind: 'dialled',
        relay: choose(),
        createdAtMs: nowMs(),
        outerSdp: '',
        inner: NOBODY,
        keysPayloadType: DEFAULT_KEYS_PAYLOAD_TYPE,
        codec: undefined,
        isWebRtc: false,
        towards: NOBODY,
        sends: false,
      };
      anchors.set(id, anchor);
      try {
        const offered = await command(anchor, {
          command: 'offer',
          'from-tag': TAGS.dialled.inner,
          sdp: innerSdp(NOBODY, DEFAULT_KEYS_PAYLOAD_TYPE),
          flags: ['port latching', 'strict source'],
          'endpoint-learning': 'off',
          codec: { transcode: ['PCMU'] },
          ...(captured ? { 'record call': 'yes', metadata: `leg:${id}` } : {}),
        });
        anchor.outerPort = readAudio(offered.sdp ?? '')?.endpoint.port;
        return { sdp: offered.sdp ?? '', ...mediaOf(anchor) };
      } catch (error) {
        anchors.delete(id);
        throw error;
      }
    },

    async inviteAnswered(id, sdp) {
      const anchor = get(id);
      if (readAudio(sdp) === undefined || mediaLineCount(sdp) > 1)
        throw new CallCentreError('no-common-codec', 'The far party refused the audio');
      const answered = await command(anchor, {
        command: 'answer',
        'from-tag': TAGS.dialled.inner,
        'to-tag': TAGS.dialled.outer,
        sdp,
        flags: ['port latching', 'strict source'],
      });
      anchor.outerSdp = sdp;
      anchor.inner = readAudio(answered.sdp ?? '')?.endpoint ?? NOBODY;
      anchor.keysPayloadType = readAudio(sdp)?.keysPayloadType ?? DEFAULT_KEYS_PAYLOAD_TYPE;
      anchor.codec = codecOf('caller', readAudio(sdp), seatCodec);
      anchor.sends = true;
      return mediaOf(anchor);
    },

    async reoffer(id, sdp) {
      const anchor = get(id);
      const offer = readAudio(sdp);
      if (offer === undefined || !hasKnownCodec(offer) || mediaLineCount(sdp) > 1)
        throw new CallCentreError('no-common-codec', 'No audio codec in common');
      anchor.outerSdp = sdp;
      anchor.keysPayloadType = offer.keysPayloadType ?? DEFAULT_KEYS_PAYLOAD_TYPE;
      anchor.codec = codecOf(anchor.kind, offer, seatCodec);
      anchor.sends = offer.direction === 'sendrecv' || offer.direction === 'sendonly';
      const { outer, inner } = await negotiate(anchor, anchor.towards, true);
      if (inner.port !== anchor.inner.port) log.warn({ legId: id }, 'inner port of a leg changed by the offer of its party');
      anchor.inner = inner;
      return outer;
    },

    async pair(one, other) {
      const [a, b] = [get(one), get(other)];
      await Promise.all([point(a, b.inner), point(b, a.inner)]);
    },
    async part(id) {
      const anchor = anchors.get(id);
      if (anchor !== undefined) await point(anchor, NOBODY);
    },
    innerOf: (id) => get(id).inner,
    async attach(id, towards) {
      await point(get(id), towards);
    },
    async echo(id, on) {
      const anchor = get(id);
      await point(anchor, on ? anchor.inner : NOBODY);
    },

    async play(id, file, times) {
      const anchor = get(id);
      const reply = await command(anchor, {
        command: 'play media',
        'from-tag': TAGS[anchor.kind].outer,
        file,
        'repeat-times': times === 0 ? 100_000 : times,
        // Without it the prompt and the joined party interleave.
        flags: ['block egress'],
      });
      return { durationMs: (reply.duration ?? 0) * Math.max(times, 1) };
    },
    async stopPlay(id) {
      const anchor = anchors.get(id);
      if (anchor !== undefined) await command(anchor, { command: 'stop media', 'from-tag': TAGS[anchor.kind].outer });
    },
    async sendKey(id, key) {
      const anchor = get(id);
      await command(anchor, { command: 'play DTMF', 'from-tag': TAGS[anchor.kind].inner, code: key, duration: 160 });
    },

    async ssrcOf(id) {
      const anchor = get(id);
      return newestSsrc(await command(anchor, { command: 'query' }), TAGS[anchor.kind].outer);
    },
    async statistics(id) {
      const anchor = anchors.get(id);
      if (anchor === undefined) return undefined;
      return legStatistics(await command(anchor, { command: 'query' }), TAGS[anchor.kind].outer);
    },
    release,
    async discard({ relay, mediaCallId }) {
      await ng(relay).send({ command: 'delete', 'call-id': mediaCallId, 'delete-delay': 0 });
    },
    has: (id) => anchors.has(id),
    sending: () => [...anchors.values()].flatMap(({ id, kind, sends }) => (kind !== 'seat' && sends ? [id] : [])),

    forgetRelay(relay, beforeMs) {
      const lost = [...anchors.values()].filter((anchor) => anchor.relay === relay && anchor.createdAtMs < beforeMs).map(({ id }) => id);
      for (const id of lost) anchors.delete(id);
      return lost;
    },
    count: (relay) => [...anchors.values()].filter((anchor) => anchor.relay === relay).length,
    export: (id) => anchors.get(id),
    adopt(state) {
      anchors.set(state.id, { ...state });
    },
  };
}

/** G.711 A-law is passed through when the party has it; anything else is transcoded by the relay. */
function codecOf(kind: AnchorKind, offer: AudioOffer | undefined, seatCodec: 'pcma' | 'opus'): NgRequest['codec'] | undefined {
  if (offer === undefined) return undefined;
  if (kind === 'seat' && seatCodec === 'opus' && offer.codecs.includes('OPUS'))
    return { consume: ['opus'], strip: ['PCMA', 'PCMU', 'G722', 'red', 'CN'], transcode: ['PCMA'] };
  // Keys that come as tones are turned into events by the relay when the party has no telephone-event.
  const keys = offer.keysPayloadType === undefined ? { transcode: ['telephone-event'] } : {};
  if (offer.codecs.includes('PCMA')) return { strip: ['all'], except: ['PCMA', 'telephone-event'], ...keys };
  return { mask: ['all'], transcode: ['PCMA', 'telephone-event'] };
}
