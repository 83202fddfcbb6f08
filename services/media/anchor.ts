import type { MediaEncryption } from '../shared/contracts/calls/flow.js';
import type { PartyDoor } from '../shared/domain/calls/party-door.js';
import type { TrunkCodec } from '../shared/domain/calls/trunk-codecs.js';
import type { NgRequest } from '../shared/platform/network/rtpengine-ng.js';
import type { LegStatistics, SideCounts } from './statistics.js';
import { isWebRtc, type AudioDescription, type Endpoint } from './sdp/description.js';

/** `caller`: a trunk leg that invited us; `seat`: a seat session; `dialled`: a leg that we invite. */
export type AnchorKind = 'caller' | 'seat' | 'dialled';

export const TAGS = {
  caller: { outer: 'A', inner: 'far' },
  seat: { outer: 'web', inner: 'core' },
  dialled: { outer: 'B', inner: 'far' },
} as const satisfies Record<AnchorKind, { outer: string; inner: string }>;

/** The relay's logical interfaces: parties are reached on one, and the parts of this product send to each other on the other. */
export const OUTER = 'outer';
export const INNER = 'inner';

export const DEFAULT_DIGITS_PAYLOAD_TYPE = 101;

/**
 * One leg at the relay. Its outer side talks to the party. Its inner side is plain G.711 and is connected to nobody, to the inner side of
 * another anchor, or to the mixer. The party never notices: its port stays, and no re-INVITE is sent.
 */
export interface Anchor {
  readonly id: string;
  readonly kind: AnchorKind;
  readonly relay: string;
  readonly createdAtMs: number;
  /** Whether its packets come from an address other than its description names, as the settings of the trunk say. */
  behindNat: boolean;
  /** Decides where on this machine its media may be sent; missing until a party that we invite has answered, and for legs of an older process. */
  door?: PartyDoor | undefined;
  /** The encryption that its trunk allows; `off` for seats, whose DTLS is a separate matter. */
  encryption: MediaEncryption;
  /** The codecs of its trunk in order of preference; missing when the trunk sets none, for seats, and for legs of an older process. */
  codecs?: readonly TrunkCodec[] | undefined;
  /** Digits of this leg are tones, as its trunk says: no telephone-event is described to the party, nor taken from it. */
  tones?: boolean | undefined;
  /** The party's description; missing until a party that we invite has answered. */
  party: AudioDescription | undefined;
  /** Where a party behind NAT was found. Nothing else is learned from then on. */
  found: Endpoint | undefined;
  /** How many descriptions have been sent to the party. */
  version: number;
  /** Our side, as the relay last described it. */
  said: AudioDescription | undefined;
  /** Where the relay receives the party's media. */
  outer: Endpoint | undefined;
  inner: Endpoint;
  /** The relay's last offer for its inner side; missing until it has the description of the party, and for legs of an older process. */
  innerOffer?: InnerOffer | undefined;
  /** A digit was sent to the party, so the relay can insert further ones into the media. */
  sendsKeys?: true;
  /** Where the relay was told to report digits; missing when it reports them to the address from its start. */
  keysTo?: string | undefined;
  towards: Endpoint;
  /**
   * Something was played to the party. So the live state may say that it hears only what is played to it, even when that is over: the relay
   * does not report writes that fail. A relay that reads this back plays nothing, and the party would hear nobody.
   */
  played?: true | undefined;
  /** False while the party holds, with or without music. */
  sends: boolean;
  /** Packets of the party that never reached the relay, as far as anybody looked. */
  missing?: number | undefined;
}

/** The media properties of a trunk. */
export type MediaTerms = Pick<Anchor, 'encryption' | 'codecs' | 'tones'>;

export type InnerOffer = Pick<AudioDescription, 'direction'> & { readonly digitsPayloadType: number };

export type AnchorState = Readonly<Anchor>;

/** What the recorder subscribes to. */
export interface AnchorMedia {
  readonly relay: string;
  readonly mediaCallId: string;
  readonly callerTag: string;
  readonly farTag: string;
  /** Where the relay receives the two sides, to find them in its capture. These addresses last as long as the leg. */
  readonly ports?: RelayPorts;
}

/**
 * Commands for one leg reach the relay one after the other, in the order in which they were given. A command that is lost and sent again
 * never arrives after a newer one, and nothing creates a released leg again.
 */
export interface Anchors {
  /**
   * The relay takes the party's offer. Fails with `invalid-request`, `no-common-codec`, `media-address-not-allowed` or
   * `media-relay-unavailable`. `behindNat`: its packets come from an address other than it describes. `door`: where it comes from. `encryption`, `codecs`, `tones`: what
   * its trunk allows.
   */
  accept(leg: {
    readonly id: string;
    readonly kind: 'caller' | 'seat';
    readonly sdp: string;
    readonly behindNat?: boolean;
    readonly door?: PartyDoor;
    readonly encryption?: MediaEncryption;
    readonly codecs?: readonly TrunkCodec[] | undefined;
    readonly tones?: boolean;
  }): Promise<{ sdp: string } & AnchorMedia>;
  /** An offer for a party that we invite. `captured`: the relay captures what it receives from the party, as it does for every caller. */
  invite(leg: { readonly id: string; readonly captured: boolean }): Promise<{ sdp: string } & AnchorMedia>;
  /** Makes the offer of `invite` again for a particular trunk, with SDES keys and in its codecs, before the party has answered. */
  offerFor(id: string, terms: MediaTerms): Promise<string>;
  /** Takes the party's description. The others as in `accept`. */
  inviteAnswered(id: string, sdp: string, party?: { readonly behindNat?: boolean; readonly door?: PartyDoor }): Promise<AnchorMedia>;
  /** The party describes itself again: hold, another codec, another address. Resolves with our answer. */
  reoffer(id: string, sdp: string): Promise<string>;
  /** Offers the current media to a party that asks for an offer, and takes its answer. */
  offerAgain(id: string): string;
  offerAnswered(id: string, sdp: string): Promise<void>;
  /** Connects the two inner sides. */
  pair(one: string, other: string): Promise<void>;
  /**
   * Connects the inner side to nobody. Does nothing for an anchor that is gone. `otherEnds`: the leg that it was joined with is released as
   * well, so the relay need not store the change.
   */
  part(id: string, how?: { readonly otherEnds?: boolean }): Promise<void>;
  /** Connects the inner side to an endpoint of the mixer. Resolves with the address that the mixer must send to. */
  innerOf(id: string): Endpoint;
  attach(id: string, towards: Endpoint): Promise<void>;
  /**
   * Copies what the party sends to where `openFor` says, which learns where the copy comes from. Nothing else about the leg changes.
   * Resolves with the name of the copy.
   */
  copy(id: string, openFor: (from: Endpoint) => Promise<Endpoint>): Promise<string>;
  /** Does nothing for a leg or a copy that is gone. */
  endCopy(id: string, name: string): Promise<void>;
  /** Ends the copies that an earlier process asked for: nobody knows of them any more. */
  endOtherCopies(id: string): Promise<void>;
  /** Starts or stops the echo: the party hears its own voice. */
  echo(id: string, on: boolean): Promise<void>;
  /** Replaces what is played to the party. Resolves with its length. `times` 0 means for ever. */
  play(id: string, file: string, times: number): Promise<{ durationMs: number }>;
  stopPlay(id: string): Promise<void>;
  /**
   * Describes a leg so that digits can be sent to it. Without this the relay accepts the command and sends nothing. False when the leg is
   * already described this way.
   */
  readyForKeys(id: string): Promise<boolean>;
  sendKey(id: string, key: string): Promise<void>;
  /** The SSRC under which this party's voice goes to the joined party; missing until it has sent something. */
  ssrcOf(id: string): Promise<number | undefined>;
  statistics(id: string): Promise<LegStatistics | undefined>;
  /**
   * What the parties of two legs have sent. Legs that are joined are asked for at one relay at once: what comes from the other party is what
   * the first leg receives on its inner side. `place`: what is counted; counts of different places do not go on from one another. Missing: a
   * leg that is gone.
   */
  countsOf(id: string, otherId: string | undefined): Promise<readonly [PlaceCounts | undefined, PlaceCounts | undefined]>;
  seats(): readonly string[];
  /** Legs that should be sending and of which nothing was counted yet. */
  uncounted(): readonly string[];
  /** Deletes a leg. Resolves with what it counted; undefined when it had no media. */
  release(id: string): Promise<LegStatistics | undefined>;
  /** Drops a leg of an earlier process. */
  discard(place: Pick<AnchorMedia, 'relay' | 'mediaCallId'>): Promise<void>;
  /** Deletes a leg at a relay that is up again but did not delete the leg when it was asked. Otherwise the leg would live on. */
  releaseAgain(isUp: (relay: string) => boolean): Promise<void>;
  has(id: string): boolean;
  /** Legs that should be sending media. */
  sending(): readonly string[];
  /** The legs of an earlier process whose digits the relay tells to another place than to this process. */
  heardElsewhere(): readonly string[];
  /** Those legs among them that an earlier process made: nobody may have heard of their end. */
  adopted(): readonly string[];
  /** Whether a leg that ended here is still being deleted at its relay, or could not be deleted yet. */
  isEnding(id: string): boolean;
  /** The legs of one relay. Not those whose first description is under way: the command itself shows whether the relay has made them. */
  of(relay: string): readonly string[];
  /** The relay has lost this leg. */
  forget(id: string): void;
  /** The relay does not answer. Should it have this leg when it answers again, the leg is deleted there. */
  abandon(id: string): void;
  /**
   * Tells the relay again what it should know about a leg, without its party noticing. Does nothing for a leg that is not answered or is
   * gone.
   */
  restate(id: string): Promise<void>;
  /**
   * The same for a leg that a relay has after a restart, or that the partner has which came in its place. What it may still play is stopped: a
   * partner that had the leg before was not told of anything since.
   */
  revive(id: string): Promise<void>;
  count(relay: string): number;
  /** For a process that takes over dialogs: the state that must be stored to continue with an anchor, and how to restore it. */
  export(id: string): AnchorState | undefined;
  adopt(state: AnchorState): void;
}

export interface PlaceCounts extends SideCounts {
  readonly place: string;
}

export interface RelayPorts {
  readonly caller: number;
  readonly far: number;
  /** The far end is received at this address. The same port on the other interface may belong to another leg. */
  readonly farAddress: string;
}

export const sameEndpoint = (one: Endpoint | undefined, other: Endpoint | undefined): boolean =>
  one?.address === other?.address && one?.port === other?.port;

/** An address that was removed (0.0.0.0, RFC 2543) means hold: the leg keeps its former address, and nothing is sent there. */
export const directionOf = ({ endpoint, direction }: AudioDescription): AudioDescription['direction'] =>
  endpoint !== undefined ? direction : direction === 'sendrecv' || direction === 'sendonly' ? 'sendonly' : 'inactive';

/** G.711 A-law is passed through when the party supports it. The relay transcodes any other codec. */
export function codecOf(kind: AnchorKind, party: AudioDescription, seatCodec: 'pcma' | 'opus'): NonNullable<NgRequest['codec']> {
  const names = party.codecs.map(({ name }) => name);
  if (kind === 'seat' && seatCodec === 'opus' && names.includes('OPUS'))
    return { consume: ['opus'], strip: ['PCMA', 'PCMU', 'G722', 'red', 'CN'], transcode: ['PCMA'] };
  // The relay turns digits that arrive as tones into events when the party has no telephone-event.
  const digits = party.digitsPayloadType === undefined ? { transcode: ['telephone-event'] } : {};
  if (names.includes('PCMA')) return { strip: ['all'], except: ['PCMA', 'telephone-event'], ...digits };
  return { mask: ['all'], transcode: ['PCMA', 'telephone-event'] };
}

/** What the relay must change in a browser's side for the inner side. */
export const towardsInner = (party: AudioDescription): Partial<NgRequest> =>
  isWebRtc(party)
    ? { 'transport-protocol': 'RTP/AVP', ICE: 'remove', 'rtcp-mux': ['demux'] }
    : party.profile === 'RTP/AVP'
      ? {}
      : { 'transport-protocol': 'RTP/AVP' };
