/**
 * An SDP body (RFC 8866) as this product understands it. It contains only parsed values, never text that a party wrote for the relay to
 * read.
 */

export interface Endpoint {
  /** IPv4 or IPv6 literal. */
  readonly address: string;
  readonly port: number;
}

export const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;
export type Direction = (typeof directions)[number];

/** The direction that answers another when we do not restrict it (RFC 3264 section 6.1). */
export const answering = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
} as const satisfies Record<Direction, Direction>;

export const profiles = ['RTP/AVP', 'RTP/AVPF', 'RTP/SAVP', 'RTP/SAVPF', 'UDP/TLS/RTP/SAVP', 'UDP/TLS/RTP/SAVPF'] as const;
export type Profile = (typeof profiles)[number];

/** The codecs that the relay can decode, with the static payload type of RFC 3551 where there is one. */
export const codecTable = {
  PCMA: { clockRate: 8_000, fixed: 8 },
  PCMU: { clockRate: 8_000, fixed: 0 },
  G722: { clockRate: 8_000, fixed: 9 },
  G729: { clockRate: 8_000, fixed: 18 },
  GSM: { clockRate: 8_000, fixed: 3 },
  OPUS: { clockRate: 48_000, fixed: undefined },
} as const;
export type CodecName = keyof typeof codecTable;

/** Packet times that are passed on, in ms. A relay that gets 999999 crashes. */
export const packetTimesMs = [10, 20, 30, 40, 60] as const;

export interface Codec {
  readonly name: CodecName;
  readonly payloadType: number;
  /** From `a=fmtp`: known parameters with values in range. */
  readonly parameters: Readonly<Record<string, string>>;
}

export const fingerprintBytes = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const;
export type FingerprintHash = keyof typeof fingerprintBytes;

export interface Dtls {
  /** RFC 8122, upper case hexadecimal with colons. */
  readonly fingerprints: readonly { readonly hash: FingerprintHash; readonly value: string }[];
  readonly setup: 'active' | 'passive' | 'actpass';
}

export interface Candidate extends Endpoint {
  readonly foundation: string;
  readonly component: 1 | 2;
  readonly priority: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
}

export interface Ice {
  readonly ufrag: string;
  readonly password: string;
  /** UDP candidates with an address. Names (`.local`) are found by the checks of the other side (RFC 8445 section 7.3.1.3). */
  readonly candidates: readonly Candidate[];
  readonly trickles: boolean;
}

/**
 * The crypto suites that a carrier may use, with the bytes of master key and salt. Copies for the recorder use another suite; srtp.ts says
 * why.
 */
export const cryptoSuites = { AES_CM_128_HMAC_SHA1_80: 30, AES_CM_128_HMAC_SHA1_32: 30 } as const;
export type CryptoSuite = keyof typeof cryptoSuites;

/** SDES (RFC 4568): the master key and salt in base64. */
export interface Crypto {
  readonly tag: number;
  readonly suite: CryptoSuite;
  readonly key: string;
}

export const mediaKinds = ['audio', 'video', 'text', 'application', 'message', 'image'] as const;
export const otherProtocols = [...profiles, 'udptl', 'UDP/DTLS/SCTP', 'TCP/DTLS/SCTP', 'DTLS/SCTP', 'TCP/MSRP', 'TCP/BFCP'] as const;

/** A medium that is not the audio of the call. It is refused with port 0 (RFC 3264 section 6), and the relay never sees it. */
export interface RefusedMedium {
  readonly kind: (typeof mediaKinds)[number];
  readonly protocol: (typeof otherProtocols)[number];
}

/** One audio medium, as one side describes it. */
export interface AudioDescription {
  /** `undefined`: the side has put us on hold with the address 0.0.0.0 (RFC 3264 section 8.4), or waits for ICE. */
  readonly endpoint: Endpoint | undefined;
  readonly profile: Profile;
  /** In order of preference. */
  readonly codecs: readonly Codec[];
  /** Payload type of telephone-event at 8 kHz (RFC 4733). */
  readonly digitsPayloadType: number | undefined;
  readonly direction: Direction;
  readonly packetTimeMs: number | undefined;
  readonly rtcpMux: boolean;
  readonly rtcpPort: number | undefined;
  readonly dtls: Dtls | undefined;
  readonly ice: Ice | undefined;
  /** Together with `RTP/AVP`: the media may be encrypted (RFC 8643). */
  readonly crypto: readonly Crypto[];
  readonly mid: string | undefined;
  /** RFC 8842 section 4. */
  readonly tlsId: string | undefined;
}

export interface Description {
  readonly audio: AudioDescription;
  /** The index of the audio among the media lines; the others are refused. */
  readonly audioPlace: number;
  readonly others: readonly RefusedMedium[];
}

export const isSecure = ({ profile }: AudioDescription): boolean => profile.includes('SAVP');
/** A browser: DTLS-SRTP with feedback and ICE. */
export const isWebRtc = ({ profile, ice }: AudioDescription): boolean => profile.includes('SAVPF') && ice !== undefined;
