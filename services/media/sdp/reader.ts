import { CallCentreError } from '../../shared/domain/failure.js';
import { familyOf } from '../../shared/platform/network/networks.js';
import { readCandidate, readCrypto, readFingerprint } from './security-lines.js';
import {
  codecTable,
  directions,
  mediaKinds,
  otherProtocols,
  packetTimesMs,
  profiles,
  type AudioDescription,
  type Candidate,
  type Codec,
  type CodecName,
  type Crypto,
  type Description,
  type Direction,
  type Dtls,
  type Profile,
  type RefusedMedium,
} from './description.js';

/** A browser's offer has about 3,000 characters in 60 lines. */
export const limits = {
  characters: 16_384,
  lines: 400,
  lineCharacters: 1_024,
  media: 8,
  formats: 32,
  candidates: 32,
  cryptoLines: 16,
} as const;

const malformed = (what: string): CallCentreError =>
  new CallCentreError('invalid-request', `The session description is malformed: ${what}`);
const noAudio = (): CallCentreError => new CallCentreError('no-common-codec', 'No audio codec in common');

interface Section {
  readonly kind: RefusedMedium['kind'];
  readonly port: number;
  readonly protocol: RefusedMedium['protocol'];
  readonly formats: readonly string[];
  readonly lines: string[];
}

/**
 * Reads a party's description. Fails with `invalid-request` when the text is not a session description or exceeds a limit, and with
 * `no-common-codec` when it offers no audio that we support.
 */
export function readDescription(text: string): Description {
  const { session, sections } = split(text);
  const audioPlace = sections.findIndex(({ kind, port, protocol }) => kind === 'audio' && port > 0 && isProfile(protocol));
  const section = sections[audioPlace];
  if (section === undefined) throw noAudio();
  const audio = readAudio(section, session);
  if (audio.codecs.length === 0) throw noAudio();
  return {
    audio,
    audioPlace,
    others: sections.flatMap(({ kind, protocol }, place) => (place === audioPlace ? [] : [{ kind, protocol }])),
  };
}

const isProfile = (protocol: string): protocol is Profile => profiles.some((known) => known === protocol);
const oneOf = <T extends string | number>(known: readonly T[], value: string | number): T | undefined =>
  known.find((each) => each === value);

function split(text: string): { readonly session: string[]; readonly sections: Section[] } {
  if (text.length > limits.characters) throw malformed('too long');
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  if (lines.length > limits.lines) throw malformed('too many lines');
  if (lines[0] !== 'v=0') throw malformed('no version');
  const session: string[] = [];
  const sections: Section[] = [];
  for (const line of lines) {
    if (line.length > limits.lineCharacters) throw malformed('a line is too long');
    if (!/^[a-z]=[^\0]*$/.test(line)) throw malformed('a malformed line');
    if (line.startsWith('m=')) sections.push(readMediaLine(line));
    else (sections.at(-1)?.lines ?? session).push(line);
  }
  if (sections.length > limits.media) throw malformed('too many media');
  return { session, sections };
}

function readMediaLine(line: string): Section {
  const parts = /^m=(\w+) (\d{1,5})(?:\/\d+)? (\S+)((?: \S+)+)$/.exec(line.trimEnd());
  const [, kindText = '', portText = '', protocolText = '', formatText = ''] = parts ?? [];
  const kind = oneOf(mediaKinds, kindText);
  const protocol = otherProtocols.find((known) => known.toUpperCase() === protocolText.toUpperCase());
  const port = Number(portText);
  if (kind === undefined || protocol === undefined || port > 65_535) throw malformed('a medium of an unknown kind');
  const formats = formatText.trim().split(' ');
  if (formats.length > limits.formats) throw malformed('too many formats');
  return { kind, port, protocol, formats, lines: [] };
}

function readAudio(section: Section, session: readonly string[]): AudioDescription {
  const attributes = valuesOf(section.lines);
  const inherited = valuesOf(session);
  const first = (name: string): string | undefined => attributes.get(name)?.[0] ?? inherited.get(name)?.[0];
  const address = connectionOf(section.lines) ?? connectionOf(session);
  if (address === undefined) throw malformed('no address');
  const { codecs, digitsPayloadType } = readFormats(section, attributes);
  const profile = section.protocol as Profile;
  // Plain RTP has neither DTLS nor, here, ICE: only browsers need them.
  const secure = profile.includes('SAVP');
  const ice = secure ? readIce(attributes, first) : undefined;
  const unspecified = address === '0.0.0.0' || address === '::';
  const direction = directionOf(attributes) ?? directionOf(inherited) ?? 'sendrecv';
  return {
    endpoint: unspecified ? undefined : { address, port: section.port },
    profile,
    codecs,
    digitsPayloadType,
    direction: unspecified && ice === undefined ? held[direction] : direction,
    packetTimeMs: oneOf(packetTimesMs, Number(attributes.get('ptime')?.[0])),
    rtcpMux: attributes.has('rtcp-mux'),
    rtcpPort: portOf(attributes.get('rtcp')?.[0]),
    dtls: secure ? readDtls(attributes, inherited, first) : undefined,
    ice,
    crypto: (attributes.get('crypto') ?? []).slice(0, limits.cryptoLines).flatMap((value): Crypto[] => readCrypto(value)),
    mid: /^[A-Za-z0-9_-]{1,16}$/.exec(attributes.get('mid')?.[0] ?? '')?.[0],
    tlsId: /^[A-Za-z0-9+/_-]{20,255}$/.exec(attributes.get('tls-id')?.[0] ?? '')?.[0],
  };
}

/** A side without an address receives nothing. */
const held: Readonly<Record<Direction, Direction>> = {
  sendrecv: 'sendonly',
  sendonly: 'sendonly',
  recvonly: 'inactive',
  inactive: 'inactive',
};

/** Values of `a=` lines by name. A property without a value has an empty one. */
function valuesOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const attribute = /^a=([A-Za-z0-9-]+)(?::(.*))?$/.exec(line.trimEnd());
    if (attribute === null) continue;
    const [, name = '', value = ''] = attribute;
    const values = found.get(name);
    if (values === undefined) found.set(name, [value]);
    else values.push(value);
  }
  return found;
}

const directionOf = (attributes: ReadonlyMap<string, unknown>): Direction | undefined => directions.find((name) => attributes.has(name));

const portOf = (value: string | undefined): number | undefined => {
  const port = Number(/^(\d{1,5})(?: |$)/.exec(value ?? '')?.[1]);
  return port >= 1 && port <= 65_535 ? port : undefined;
};

/** The address of a `c=` line (RFC 8866 section 5.7). A host name is refused. */
function connectionOf(lines: readonly string[]): string | undefined {
  const line = lines.find((each) => each.startsWith('c='));
  if (line === undefined) return undefined;
  const [, family = '', address = ''] = /^c=IN (IP4|IP6) (\S+)$/.exec(line.trimEnd()) ?? [];
  if (family === `IP${familyOf(address) ?? 0}`) return address;
  throw malformed('a malformed address');
}

function readFormats(
  { formats }: Section,
  attributes: ReadonlyMap<string, readonly string[]>,
): { readonly codecs: Codec[]; readonly digitsPayloadType: number | undefined } {
  const maps = new Map<number, { readonly name: string; readonly clockRate: number }>();
  for (const value of attributes.get('rtpmap') ?? []) {
    const [, type = '', name = '', rate = ''] = /^(\d{1,3}) ([A-Za-z0-9-]+)\/(\d{1,6})(?:\/\d)?$/.exec(value) ?? [];
    if (type !== '') maps.set(Number(type), { name: name.toUpperCase(), clockRate: Number(rate) });
  }
  const parameters = new Map((attributes.get('fmtp') ?? []).map((value) => [Number.parseInt(value, 10), value.replace(/^\d+ /, '')]));
  const codecs: Codec[] = [];
  let digitsPayloadType: number | undefined;
  for (const format of formats) {
    const payloadType = Number(/^\d{1,3}$/.exec(format)?.[0]);
    if (!(payloadType <= 127)) continue;
    const map = maps.get(payloadType) ?? fixedMap(payloadType);
    if (map?.name === 'TELEPHONE-EVENT' && map.clockRate === 8_000 && payloadType >= 96) digitsPayloadType ??= payloadType;
    const name = (Object.keys(codecTable) as CodecName[]).find(
      (known) => known === map?.name && codecTable[known].clockRate === map.clockRate,
    );
    if (name === undefined || codecs.some((codec) => codec.name === name || codec.payloadType === payloadType)) continue;
    // A static payload type that RFC 3551 assigns to another codec is ignored.
    if (payloadType < 96 && codecTable[name].fixed !== payloadType) continue;
    codecs.push({ name, payloadType, parameters: parametersOf(name, parameters.get(payloadType)) });
  }
  return { codecs, digitsPayloadType };
}

function fixedMap(payloadType: number): { readonly name: string; readonly clockRate: number } | undefined {
  const found = Object.entries(codecTable).find(([, { fixed }]) => fixed === payloadType);
  return found && { name: found[0], clockRate: found[1].clockRate };
}

/** For Opus: the parameters of RFC 7587 section 6.1 that affect the audio. For G.729: whether it sends silence frames (RFC 4856). */
const parameterRules: Readonly<Partial<Record<CodecName, Readonly<Record<string, (value: string) => boolean>>>>> = {
  OPUS: {
    useinbandfec: (value) => /^[01]$/.test(value),
    usedtx: (value) => /^[01]$/.test(value),
    cbr: (value) => /^[01]$/.test(value),
    stereo: (value) => /^[01]$/.test(value),
    'sprop-stereo': (value) => /^[01]$/.test(value),
    minptime: (value) => /^(?:10|20|40|60)$/.test(value),
    maxaveragebitrate: (value) => /^\d{4,6}$/.test(value) && Number(value) >= 6_000 && Number(value) <= 510_000,
    maxplaybackrate: (value) => /^(?:8000|12000|16000|24000|48000)$/.test(value),
  },
  G729: { annexb: (value) => /^(?:yes|no)$/.test(value) },
};

function parametersOf(name: CodecName, text: string | undefined): Readonly<Record<string, string>> {
  const rules = parameterRules[name];
  if (rules === undefined || text === undefined) return {};
  const given = text.split(';').map((pair) => pair.trim().split('=', 2));
  return Object.fromEntries(
    Object.entries(rules).flatMap(([key, fits]) => {
      const value = given.find(([each]) => each === key)?.[1];
      return value !== undefined && fits(value) ? [[key, value]] : [];
    }),
  );
}

type First = (name: string) => string | undefined;

function readIce(attributes: ReadonlyMap<string, readonly string[]>, first: First): AudioDescription['ice'] {
  // RFC 8839 section 5.4: 4 to 256 and 22 to 256 characters. In practice nobody sends longer values than these.
  const ufrag = /^[A-Za-z0-9+/]{4,64}$/.exec(first('ice-ufrag') ?? '')?.[0];
  const password = /^[A-Za-z0-9+/]{22,128}$/.exec(first('ice-pwd') ?? '')?.[0];
  if (ufrag === undefined || password === undefined) return undefined;
  return {
    ufrag,
    password,
    candidates: (attributes.get('candidate') ?? []).slice(0, limits.candidates).flatMap((value): Candidate[] => readCandidate(value)),
    trickles: (first('ice-options') ?? '').split(' ').includes('trickle'),
  };
}

function readDtls(
  attributes: ReadonlyMap<string, readonly string[]>,
  inherited: ReadonlyMap<string, readonly string[]>,
  first: First,
): Dtls | undefined {
  const fingerprints = (attributes.get('fingerprint') ?? inherited.get('fingerprint') ?? []).slice(0, 4).flatMap(readFingerprint);
  if (fingerprints.length === 0) return undefined;
  return { fingerprints, setup: oneOf(['active', 'passive', 'actpass'] as const, first('setup') ?? '') ?? 'actpass' };
}
