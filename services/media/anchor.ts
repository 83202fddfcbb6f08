import type { MediaEncryption } from '../shared/contracts/calls/flow.js';
import type { TrunkCodec } from '../shared/domain/calls/trunk-codecs.js';
import type { NgRequest } from '../shared/platform/network/rtpengine-ng.js';
import type { LegStatistics } from './statistics.js';
import { isWebRtc, type AudioDescription, type Endpoint } from './sdp/description.js';

/** `caller`: a trunk leg that invited us; `seat`: a seat session; `dialled`: a leg that we invite. */
export type AnchorKind = 'caller' | 'seat' | 'dialled';

export const TAGS = {
  caller: { outer: 'A', inner: 'far' },
  seat: { outer: 'web', inner: 'core' },
  dialled: { outer: 'B', inner: 'far' },
} as const satisfies Record<AnchorKind, { outer: string; inner: string }>;

/** The relay's logical interfaces: parties are met on one, all that this product's parts send each other is on the other. */
export const OUTER = 'outer';
export const INNER = 'inner';

export const DEFAULT_DIGITS_PAYLOAD_TYPE = 101;

/**
 * One leg at the relay: its outer side talks to the party, its inner side is plain G.711 and is pointed at nobody, at another anchor's inner
 * side, or at the mixer. The party never notices: its port stays, and no re-INVITE is sent.
 */
export interface Anchor {
  readonly id: string;
  readonly kind: AnchorKind;
  readonly relay: string;
  readonly createdAtMs: number;
  /** Its packets come from another address than its description names; the trunk's sheet says so. */
  behindNat: boolean;
  /** What its trunk allows; `off` for seats, whose DTLS is not asked about here. */
  encryption: MediaEncryption;
  /** What its trunk uses, in the order of preference; absent where the sheet says nothing, for seats, and of legs of an older process. */
  codecs?: readonly TrunkCodec[] | undefined;
  /** What the party says of itself. Absent while a party that we invite has not answered. */
  party: AudioDescription | undefined;
  /** Where a party behind NAT was found; from then on nothing else is learned. */
  found: Endpoint | undefined;
  /** How many descriptions the party was given. */
  version: number;
  /** Our side, as the relay described it last. */
  said: AudioDescription | undefined;
  /** Where the relay receives the party. */
  outer: Endpoint | undefined;
  inner: Endpoint;
  /** What the relay last offered its inner side. Absent until it has the description of the party, and of legs of an older process. */
  innerOffer?: InnerOffer | undefined;
  /** A key was sent to the party: the relay can put further ones into the sound. */
  sendsKeys?: true;
  towards: Endpoint;
  /** False while the party holds, with music or without. */
  sends: boolean;
}

/** What a trunk says of the sound that it carries. */
export type MediaTerms = Pick<Anchor, 'encryption' | 'codecs'>;

export type InnerOffer = Pick<AudioDescription, 'direction'> & { readonly digitsPayloadType: number };

export type AnchorState = Readonly<Anchor>;

/** Where the recorder subscribes. */
export interface AnchorMedia {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
  /** Where the relay receives the two sides: for finding them in its capture. They last as long as the leg. */
  readonly ports?: RelayPorts;
}

/**
 * Orders of one leg reach the relay one after the other, in the order in which they were given: what is lost and sent again never comes
 * after a newer order, and nothing makes a leg anew that has been released.
 */
export interface Anchors {
  /**
   * The relay takes the party's offer. Fails with `invalid-request`, `no-common-codec`, `media-address-not-allowed` or
   * `media-relay-unavailable`. `behindNat`: its packets come from another address than it describes. `encryption`, `codecs`: what its trunk
   * allows.
   */
  accept(leg: {
    readonly id: string;
    readonly kind: 'caller' | 'seat';
    readonly sdp: string;
    readonly behindNat?: boolean;
    readonly encryption?: MediaEncryption;
    readonly codecs?: readonly TrunkCodec[] | undefined;
  }): Promise<{ sdp: string } & AnchorMedia>;
  /** An offer for a party that we invite. `captured`: the relay writes down what it hears of it, as of everyone who calls. */
  invite(leg: { readonly id: string; readonly captured: boolean }): Promise<{ sdp: string } & AnchorMedia>;
  /** The offer of `invite` anew, as a trunk wants it: with keys for encrypted sound, in its codecs; before the party has answered. */
  offerFor(id: string, terms: MediaTerms): Promise<string>;
  /** What the party says of itself, `behindNat` as at `accept`. */
  inviteAnswered(id: string, sdp: string, behindNat?: boolean): Promise<AnchorMedia>;
  /** The party describes itself anew: hold, another codec, another address. Resolves with the answer to it. */
  reoffer(id: string, sdp: string): Promise<string>;
  /** An offer of the sound as it is, for a party that asks for one; and what it answers. */
  offerAgain(id: string): string;
  offerAnswered(id: string, sdp: string): Promise<void>;
  /** Both inner sides at each other. */
  pair(one: string, other: string): Promise<void>;
  /**
   * The inner side at nobody. Does nothing for an anchor that is gone. `otherEnds`: the leg that it was joined with is released as well, and
   * the relay need not write to the live state that they parted.
   */
  part(id: string, how?: { readonly otherEnds?: boolean }): Promise<void>;
  /** The inner side at an endpoint of the mixer; resolves with the address that the mixer must send to. */
  innerOf(id: string): Endpoint;
  attach(id: string, towards: Endpoint): Promise<void>;
  /** The party hears itself. */
  echo(id: string, on: boolean): Promise<void>;
  /** Replaces what is being played to the party; resolves with its length. `times` 0 means for ever. */
  play(id: string, file: string, times: number): Promise<{ durationMs: number }>;
  stopPlay(id: string): Promise<void>;
  /** Describes a leg so that keys can be sent to it, without which the relay takes the order and sends none; false when it is so already. */
  readyForKeys(id: string): Promise<boolean>;
  sendKey(id: string, key: string): Promise<void>;
  /** The SSRC under which this party's voice goes to the one it is joined with, once it has sent something. */
  ssrcOf(id: string): Promise<number | undefined>;
  statistics(id: string): Promise<LegStatistics | undefined>;
  /** Safe to call twice: the second waits for the first, and has nothing to count. */
  release(id: string): Promise<LegStatistics | undefined>;
  /** Drops a leg that an earlier process made. */
  discard(place: Pick<AnchorMedia, 'relay' | 'mediaCallId'>): Promise<void>;
  /** Deletes what a relay that is up again did not delete when it was asked: it would go on with the leg. */
  releaseAgain(isUp: (relay: string) => boolean): Promise<void>;
  has(id: string): boolean;
  /** Legs that should be sending sound. */
  sending(): readonly string[];
  /** Those of them that an earlier process made: their end may have been told to nobody. */
  adopted(): readonly string[];
  /** The legs of one relay that were made before `beforeMs`. */
  of(relay: string, beforeMs: number): readonly string[];
  /** The relay has nothing of this leg any more. */
  forget(id: string): void;
  /** The relay is told again what it should know of a leg; its party notices nothing. Does nothing for a leg that is not answered or gone. */
  restate(id: string): Promise<void>;
  count(relay: string): number;
  /** For a process that took over dialogs: what must be kept to go on with an anchor, and how to take it up again. */
  export(id: string): AnchorState | undefined;
  adopt(state: AnchorState): void;
}

export interface RelayPorts {
  readonly caller: number;
  readonly far: number;
  /** The far side is received at this address: the same port may be another leg's on the other interface. */
  readonly farAddress: string;
}

export const sameEndpoint = (one: Endpoint | undefined, other: Endpoint | undefined): boolean =>
  one?.address === other?.address && one?.port === other?.port;

/** An address that was taken away (0.0.0.0, RFC 2543) is a hold: the leg keeps the one it had, and nothing is sent there. */
export const directionOf = ({ endpoint, direction }: AudioDescription): AudioDescription['direction'] =>
  endpoint !== undefined ? direction : direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';

/** G.711 A-law is passed through when the party has it; anything else is transcoded by the relay. */
export function codecOf(kind: AnchorKind, party: AudioDescription, seatCodec: 'pcma' | 'opus'): NonNullable<NgRequest['codec']> {
  const names = party.codecs.map(({ name }) => name);
  if (kind === 'seat' && seatCodec === 'opus' && names.includes('OPUS'))
    return { consume: ['opus'], strip: ['PCMA', 'PCMU', 'G722', 'red', 'CN'], transcode: ['PCMA'] };
  // Digits that come as tones are turned into events by the relay when the party has no telephone-event.
  const digits = party.digitsPayloadType === undefined ? { transcode: ['telephone-event'] } : {};
  if (names.includes('PCMA')) return { strip: ['all'], except: ['PCMA', 'telephone-event'], ...digits };
  return { mask: ['all'], transcode: ['PCMA', 'telephone-event'] };
}

/** What the relay is asked to make of a browser's side for the inner one. */
export const towardsInner = (party: AudioDescription): Partial<NgRequest> =>
  isWebRtc(party)
    ? { 'transport-protocol': 'RTP/AVP', ICE: 'remove', 'rtcp-mux': ['demux'] }
    : party.profile === 'RTP/AVP'
      ? {}
      : { 'transport-protocol': 'RTP/AVP' };
