import { codecTable, isSecure, type AudioDescription, type Codec, type Description, type Direction, type Endpoint } from './description.js';

/** The `o=` line (RFC 8866 section 5.2). Its version grows with each description that is sent to one side. */
export interface Origin {
  readonly sessionId: number;
  readonly version: number;
  readonly address: string;
}

const family = (address: string): 'IP4' | 'IP6' => (address.includes(':') ? 'IP6' : 'IP4');
/** While ICE has found no pair there is no address (RFC 8840 section 4.1.3). */
const WAITS_FOR_ICE: Endpoint = { address: '0.0.0.0', port: 9 };

/** Only the audio medium, as the relay gets it. */
export const writeAudio = (audio: AudioDescription, origin: Origin): string => [...head(audio, origin), ...section(audio), ''].join('\r\n');

/** An answer to a party: its audio at the index where it was offered, every other medium refused. */
export function writeAnswer(
  audio: AudioDescription,
  { audioPlace, others }: Pick<Description, 'audioPlace' | 'others'>,
  origin: Origin,
): string {
  const refused = others.map(({ kind, protocol }) => [`m=${kind} 0 ${protocol} 0`]);
  const sections = [...refused.slice(0, audioPlace), section(audio), ...refused.slice(audioPlace)];
  return [...head(audio, origin), ...sections.flat(), ''].join('\r\n');
}

function head({ endpoint }: AudioDescription, { sessionId, version, address }: Origin): string[] {
  const at = (endpoint ?? WAITS_FOR_ICE).address;
  return ['v=0', `o=- ${sessionId} ${version} IN ${family(address)} ${address}`, 's=-', `c=IN ${family(at)} ${at}`, 't=0 0'];
}

function section(audio: AudioDescription): string[] {
  const { codecs, digitsPayloadType, direction, packetTimeMs, rtcpMux, rtcpPort, mid } = audio;
  const { port } = audio.endpoint ?? WAITS_FOR_ICE;
  const types = [...codecs.map(({ payloadType }) => payloadType), ...(digitsPayloadType === undefined ? [] : [digitsPayloadType])];
  return [
    `m=audio ${port} ${audio.profile} ${types.join(' ')}`,
    ...codecs.flatMap(codecLines),
    ...(digitsPayloadType === undefined ? [] : [`a=rtpmap:${digitsPayloadType} telephone-event/8000`, `a=fmtp:${digitsPayloadType} 0-15`]),
    `a=${direction}`,
    ...(packetTimeMs === undefined ? [] : [`a=ptime:${packetTimeMs}`]),
    ...(rtcpMux ? ['a=rtcp-mux'] : []),
    ...(rtcpPort === undefined ? [] : [`a=rtcp:${rtcpPort}`]),
    ...(mid === undefined ? [] : [`a=mid:${mid}`]),
    ...cryptoLines(audio),
    ...(isSecure(audio) ? securityLines(audio) : []),
  ];
}

function codecLines({ name, payloadType, parameters }: Codec): string[] {
  const encoding = name === 'OPUS' ? 'opus/48000/2' : `${name}/${codecTable[name].clockRate}`;
  const written = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return [`a=rtpmap:${payloadType} ${encoding}`, ...(written.length === 0 ? [] : [`a=fmtp:${payloadType} ${written.join(';')}`])];
}

const cryptoLines = ({ crypto }: AudioDescription): string[] =>
  crypto.map(({ tag, suite, key }) => `a=crypto:${tag} ${suite} inline:${key}`);

function securityLines({ dtls, ice, tlsId }: AudioDescription): string[] {
  return [
    ...(dtls === undefined
      ? []
      : [...dtls.fingerprints.map(({ hash, value }) => `a=fingerprint:${hash} ${value}`), `a=setup:${dtls.setup}`]),
    ...(tlsId === undefined ? [] : [`a=tls-id:${tlsId}`]),
    ...(ice === undefined
      ? []
      : [
          `a=ice-ufrag:${ice.ufrag}`,
          `a=ice-pwd:${ice.password}`,
          ...(ice.trickles ? ['a=ice-options:trickle'] : []),
          ...ice.candidates.map(
            ({ foundation, component, priority, address, port, type }) =>
              `a=candidate:${foundation} ${component} UDP ${priority} ${address} ${port} typ ${type}${type === 'host' ? '' : ' raddr 0.0.0.0 rport 9'}`,
          ),
        ]),
  ];
}

/** The inner side of a leg speaks plain G.711 A-law. This describes its other end to the relay. */
export function innerAudio(endpoint: Endpoint, digitsPayloadType: number, direction: Direction = 'sendrecv'): AudioDescription {
  return {
    endpoint,
    profile: 'RTP/AVP',
    codecs: [{ name: 'PCMA', payloadType: 8, parameters: {} }],
    digitsPayloadType,
    direction,
    packetTimeMs: 20,
    rtcpMux: false,
    rtcpPort: undefined,
    dtls: undefined,
    ice: undefined,
    crypto: [],
    mid: undefined,
    tlsId: undefined,
  };
}

/** Nobody: the discard port (RFC 863) of this host. */
export const NOBODY: Endpoint = { address: '127.0.0.1', port: 9 };
