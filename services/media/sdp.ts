/** The little of SDP (RFC 8866) that media control needs: it never edits what a browser and the relay negotiate. */

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface AudioOffer {
  readonly endpoint: Endpoint;
  /** Encoding names in the order of preference, upper case. */
  readonly codecs: readonly string[];
  /** Payload type of telephone-event at 8 kHz. */
  readonly keysPayloadType: number | undefined;
  readonly isWebRtc: boolean;
  /** RFC 3264 section 5.1, as the describing side sees it. */
  readonly direction: Direction;
}

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What answers a direction when we have nothing against it (RFC 3264 section 6.1). */
export const answering = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
} as const satisfies Record<Direction, Direction>;

const STATIC_CODECS: Readonly<Record<string, string>> = { '0': 'PCMU', '3': 'GSM', '4': 'G723', '8': 'PCMA', '9': 'G722', '18': 'G729' };
/** What the relay can decode. */
const KNOWN_CODECS = ['PCMA', 'PCMU', 'G722', 'OPUS', 'G729', 'GSM'];

/** The first audio stream of an SDP, or undefined when there is none or it is refused (port 0). */
export function readAudio(sdp: string): AudioOffer | undefined {
  const lines = sdp.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith('m=audio '));
  if (start < 0) return undefined;
  const next = lines.findIndex((line, index) => index > start && line.startsWith('m='));
  const section = lines.slice(start, next < 0 ? undefined : next);
  const [port, profile, ...payloadTypes] = (section[0] ?? '').slice('m=audio '.length).trim().split(/\s+/);
  const connection = [...section, ...lines.slice(0, start)].find((line) => line.startsWith('c=IN '));
  const address = connection?.split(/\s+/)[2]?.split('/')[0];
  if (port === undefined || profile === undefined || address === undefined || Number(port) === 0) return undefined;
  const names = new Map<string, string>();
  let keysPayloadType: number | undefined;
  for (const line of section) {
    const map = /^a=rtpmap:(\d+) ([^/]+)\/(\d+)/.exec(line);
    if (map === null) continue;
    const [, payloadType = '', name = '', rate] = map;
    names.set(payloadType, name.toUpperCase());
    if (name.toLowerCase() === 'telephone-event' && rate === '8000') keysPayloadType = Number(payloadType);
  }
  return {
    endpoint: { address, port: Number(port) },
    codecs: payloadTypes.map((type) => names.get(type) ?? STATIC_CODECS[type] ?? '').filter((name) => name !== ''),
    keysPayloadType,
    isWebRtc: profile.includes('SAVPF'),
    direction: directionOf(section) ?? directionOf(lines.slice(0, start)) ?? 'sendrecv',
  };
}

const directionOf = (lines: readonly string[]): Direction | undefined =>
  lines
    .map((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.exec(line.trim())?.[1] as Direction | undefined)
    .find((found) => found !== undefined);

/** How many m-lines an SDP has: the relay must never be given an answer with more than the offer. */
export const mediaLineCount = (sdp: string): number => sdp.split(/\r?\n/).filter((line) => line.startsWith('m=')).length;

export const hasKnownCodec = (offer: AudioOffer): boolean => offer.codecs.some((codec) => KNOWN_CODECS.includes(codec));

/** The inner side of a leg speaks plain G.711 A-law: this is what it is told that the other end is. */
export function innerSdp(endpoint: Endpoint, keysPayloadType: number, direction: Direction = 'sendrecv'): string {
  const family = endpoint.address.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=- 1 1 IN ${family} ${endpoint.address}`,
    's=-',
    `c=IN ${family} ${endpoint.address}`,
    't=0 0',
    `m=audio ${endpoint.port} RTP/AVP 8 ${keysPayloadType}`,
    'a=rtpmap:8 PCMA/8000',
    `a=rtpmap:${keysPayloadType} telephone-event/8000`,
    `a=fmtp:${keysPayloadType} 0-15`,
    `a=${direction}`,
    'a=ptime:20',
    '',
  ].join('\r\n');
}

/** Nobody: the discard port (RFC 863) of this host. */
export const NOBODY: Endpoint = { address: '127.0.0.1', port: 9 };

/**
 * Adds the same `a=tls-id` (RFC 8842 section 4) to every description of one seat session: without it the relay takes an ICE restart for a
 * new DTLS association and the audio dies.
 */
export function withTlsId(sdp: string, tlsId: string): string {
  if (/^a=tls-id:/m.test(sdp) || !/^a=fingerprint:/m.test(sdp)) return sdp;
  return sdp.replace(/^(a=fingerprint:[^\r\n]*)/m, `$1\r\na=tls-id:${tlsId}`);
}
