import type { NgRequest } from '../shared/platform/rtpengine-ng.js';
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
  /** What the party says of itself. Absent while a party that we invite has not answered. */
  party: AudioDescription | undefined;
  /** Where a party behind NAT was found; from then on nothing else is learned. */
  found: Endpoint | undefined;
  /** How many descriptions the party was given. */
  version: number;
  /** Where the relay receives the party. */
  outer: Endpoint | undefined;
  inner: Endpoint;
  towards: Endpoint;
  /** False while the party holds, with music or without. */
  sends: boolean;
}

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

export interface RelayPorts {
  readonly caller: number;
  readonly far: number;
  /** The far side is received at this address: the same port may be another leg's on the other interface. */
  readonly farAddress: string;
}

export const sameEndpoint = (one: Endpoint | undefined, other: Endpoint | undefined): boolean =>
  one?.address === other?.address && one?.port === other?.port;

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
