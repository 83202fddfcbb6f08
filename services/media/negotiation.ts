import { CallCentreError } from '../shared/domain/failure.js';
import type { NgReply, NgRequest } from '../shared/platform/network/rtpengine-ng.js';
import { codecOf, DEFAULT_DIGITS_PAYLOAD_TYPE, INNER, OUTER, TAGS, towardsInner, type Anchor, type InnerOffer } from './anchor.js';
import { addedBy, chosenFrom, withoutEvents } from './codecs.js';
import { byEncryption } from './encryption.js';
import type { RelayCounts } from './relays/relay-counts.js';
import { answering, type AudioDescription, type Description, type Endpoint } from './sdp/description.js';
import { readDescription } from './sdp/reader.js';
import { innerAudio, NOBODY, writeAudio, type Origin } from './sdp/writer.js';

/** The port of a side stays for the lifetime of its leg, and packets from another address than its party's are dropped. */
const FLAGS = ['port latching', 'strict source'];
/** For a leg to which a digit was sent. The relay then has to process the media, which costs time, so no other leg has it. */
const KEYS_SENT = ['inject-DTMF'];
const flagsOf = ({ sendsKeys }: Pick<Anchor, 'sendsKeys'>): string[] => (sendsKeys === true ? [...FLAGS, ...KEYS_SENT] : FLAGS);
/** With each description the relay stores the whole leg in the live state, unless it is told not to. */
const UNWRITTEN = ['no-redis-update'];

export type Command = (anchor: Anchor, ngCommand: Omit<NgRequest, 'call-id'>) => Promise<NgReply>;

/** The relay's result of an offer and its answer: how the party reaches it, and where the inner side is. */
export interface Negotiated {
  readonly outer: AudioDescription;
  readonly inner: Endpoint;
}

/** The offer-answer exchanges of one leg with the relay. Every description that the relay reads here was written here. */
export interface Negotiation {
  /** Offers the party's description, then answers for the inner side, which is connected to `towards`. */
  exchange(anchor: Anchor, towards: Endpoint, seatCodec: 'pcma' | 'opus'): Promise<Negotiated>;
  /**
   * Connects the inner side of a leg whose party is described elsewhere: the relay's last offer is answered again. Without `written`, a
   * restarted relay uses the old target until it is told about the leg.
   */
  answerAgain(anchor: Anchor, towards: Endpoint, written: boolean): Promise<void>;
  /** Our offer to a party that we invite, by the encryption of its leg. It may be repeated until the party has answered: the ports stay. */
  offerOut(anchor: Anchor, captured: boolean): Promise<AudioDescription>;
  answerOut(anchor: Anchor, party: AudioDescription): Promise<Endpoint>;
  /** Fixes the address of a party behind NAT, once it has sent something. */
  find(anchor: Anchor, allows: (endpoint: Endpoint) => boolean): Promise<void>;
}

export function createNegotiation(command: Command): Negotiation {
  async function answer(anchor: Anchor, inner: InnerOffer, towards: Endpoint, more: readonly string[] = []): Promise<NgReply> {
    const sides = TAGS[anchor.kind];
    return command(anchor, {
      command: 'answer',
      'from-tag': sides.outer,
      'to-tag': sides.inner,
      sdp: writeAudio(innerAudio(towards, inner.digitsPayloadType, answering[inner.direction]), originOf(anchor, anchor.version)),
      flags: [...flagsOf(anchor), ...more],
      'endpoint-learning': 'off',
    });
  }

  async function exchange(anchor: Anchor, towards: Endpoint, seatCodec: 'pcma' | 'opus'): Promise<Negotiated> {
    const { outer, inner } = TAGS[anchor.kind];
    const { party } = anchor;
    if (party === undefined) throw new CallCentreError('wrong-state', 'This leg has not been answered');
    const first = anchor.outer === undefined;
    anchor.innerOffer = undefined;
    const offered = await command(anchor, {
      command: 'offer',
      'from-tag': outer,
      ...(first ? {} : { 'to-tag': inner }),
      sdp: writeAudio({ ...party, endpoint: anchor.found ?? party.endpoint }, originOf(anchor, anchor.version)),
      direction: [OUTER, INNER],
      codec: codecOf(anchor.kind, party, seatCodec),
      ...sourceOf(anchor, UNWRITTEN),
      ...towardsInner(party),
      ...(first && anchor.kind === 'caller' ? { 'record call': 'yes', metadata: `leg:${anchor.id}` } : {}),
    });
    const { endpoint, digitsPayloadType = digitsOf(party), direction } = told(offered);
    // The answer follows at once, and with it the relay stores the leg.
    const answered = await answer(anchor, { digitsPayloadType, direction }, towards);
    anchor.innerOffer = { digitsPayloadType, direction };
    return { outer: told(answered), inner: placeOf({ endpoint }) };
  }

  return {
    exchange,
    async answerAgain(anchor, towards, written) {
      if (anchor.innerOffer === undefined) throw new CallCentreError('wrong-state', 'This leg has not been described to the relay');
      await answer(anchor, anchor.innerOffer, towards, written ? [] : UNWRITTEN);
    },
    async offerOut(anchor, captured) {
      const offered = await command(anchor, {
        command: 'offer',
        'from-tag': TAGS.dialled.inner,
        sdp: writeAudio(innerAudio(NOBODY, DEFAULT_DIGITS_PAYLOAD_TYPE), originOf(anchor, anchor.version)),
        direction: [INNER, OUTER],
        flags: FLAGS,
        'endpoint-learning': 'off',
        codec: { transcode: addedBy(anchor.codecs) },
        ...(anchor.encryption === 'off' ? {} : { 'transport-protocol': 'RTP/SAVP', DTLS: 'off' }),
        ...(captured ? { 'record call': 'yes', metadata: `leg:${anchor.id}` } : {}),
      });
      return told(offered);
    },
    async answerOut(anchor, party) {
      const answered = await command(anchor, {
        command: 'answer',
        'from-tag': TAGS.dialled.inner,
        'to-tag': TAGS.dialled.outer,
        sdp: writeAudio(party, originOf(anchor, anchor.version)),
        ...sourceOf(anchor),
      });
      return placeOf(told(answered));
    },
    async find(anchor, allows) {
      if (!anchor.behindNat || anchor.found !== undefined) return;
      const reply: RelayCounts = await command(anchor, { command: 'query' });
      const stream = reply.tags?.[TAGS[anchor.kind].outer]?.medias?.[0]?.streams?.[0];
      const { address, port } = stream?.endpoint ?? {};
      if (address === undefined || port === undefined || (stream?.stats?.packets ?? 0) === 0) return;
      if (allows({ address, port })) anchor.found = { address, port };
    },
  };
}

/**
 * Where packets of the party come from. The relay uses the described address, except for a party behind NAT: the first packet shows its
 * address, and `asymmetric` with that address keeps later exchanges from learning it again.
 */
function sourceOf(anchor: Anchor, more: readonly string[] = []): Pick<NgRequest, 'flags' | 'endpoint-learning'> {
  const { behindNat, found } = anchor;
  const flags = [...flagsOf(anchor), ...more];
  if (!behindNat) return { flags, 'endpoint-learning': 'off' };
  return found === undefined
    ? { flags, 'endpoint-learning': 'immediate' }
    : { flags: [...flags, 'asymmetric'], 'endpoint-learning': 'off' };
}

/** The origin of descriptions for the relay. The session is the leg's, and the address has no meaning. */
export const originOf = ({ createdAtMs }: Pick<Anchor, 'createdAtMs'>, version: number, address = '127.0.0.1'): Origin => ({
  sessionId: createdAtMs,
  version: version + 1,
  address,
});

const digitsOf = (party: AudioDescription): number => party.digitsPayloadType ?? DEFAULT_DIGITS_PAYLOAD_TYPE;

/** A reply without audio found no common codec. A reply with a second medium cannot be answered. */
function told({ sdp }: NgReply): AudioDescription {
  const description: Description = readDescription(sdp ?? '');
  if (description.others.length > 0) throw new CallCentreError('no-common-codec', 'The media relay offered more than audio');
  return description.audio;
}

function placeOf({ endpoint }: Pick<AudioDescription, 'endpoint'>): Endpoint {
  if (endpoint === undefined) throw new CallCentreError('no-common-codec', 'The media relay named no address');
  return endpoint;
}

/** What an answer to our offer may contain: codecs that we offered, with one of our keys or plain, as the leg allows. */
export function answeredAudio(
  { audio, others }: Description,
  { encryption, codecs: wanted, tones, said }: Pick<Anchor, 'encryption' | 'codecs' | 'tones' | 'said'>,
): AudioDescription {
  const codecs = audio.codecs.filter(({ name }) => said?.codecs.some((offered) => offered.name === name) === true);
  if (others.length > 0 || codecs.length === 0 || !/^RTP\/S?AVP$/.test(audio.profile))
    throw new CallCentreError('no-common-codec', 'The far party refused the audio');
  return withoutEvents(byEncryption(chosenFrom({ ...audio, ice: undefined, codecs }, wanted), encryption, said?.crypto ?? []), tones);
}
