import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CallCentreError } from '../../shared/domain/failure.js';
import { isWebRtc, packetTimesMs, type Description } from './description.js';
import type { PartyDoor } from '../../shared/domain/calls/party-door.js';
import { createPeers, type Peers } from './peers.js';
import { limits, readDescription } from './reader.js';
import { innerAudio, writeAnswer, writeAudio } from './writer.js';

const origin = { sessionId: 1, version: 1, address: '192.0.2.1' };
const lines = (...extra: string[]): string =>
  ['v=0', 'o=- 1 1 IN IP4 192.0.2.9', 's=-', 'c=IN IP4 192.0.2.9', 't=0 0', 'm=audio 4000 RTP/AVP 8 0 101', ...extra, ''].join('\r\n');
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    return error instanceof CallCentreError ? error.code : String(error);
  }
};

const FINGERPRINT = Array.from({ length: 32 }, (_, at) => at.toString(16).padStart(2, '0').toUpperCase()).join(':');
const browser = [
  'v=0',
  'o=- 46117 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0 1',
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 8 101',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  'a=candidate:1 1 udp 2113937151 2f0c.local 50001 typ host generation 0 network-cost 999',
  'a=candidate:2 1 udp 2113937150 192.0.2.44 50002 typ host generation 0',
  'a=candidate:3 1 tcp 1518280447 192.0.2.44 9 typ host tcptype active',
  'a=candidate:4 1 udp 1677729535 127.0.0.1 50003 typ srflx raddr 192.0.2.44 rport 50002',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1;x-evil=1',
  'a=rtpmap:101 telephone-event/8000',
  'a=ssrc:77 cname:x',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  '',
].join('\r\n');

describe('a description is read into values', () => {
  test('of a carrier', () => {
    const { audio } = readDescription(lines('a=rtpmap:101 telephone-event/8000', 'a=sendonly', 'a=ptime:30'));
    expect(audio).toMatchObject({
      endpoint: { address: '192.0.2.9', port: 4000 },
      digitsPayloadType: 101,
      direction: 'sendonly',
      packetTimeMs: 30,
    });
    expect(audio.codecs.map(({ name }) => name)).toEqual(['PCMA', 'PCMU']);
  });

  test('of a browser: candidates with an address, known parameters, and the data channel refused in the answer', () => {
    const description = readDescription(browser);
    const { audio } = description;
    expect(isWebRtc(audio)).toBe(true);
    expect(audio.endpoint).toBeUndefined();
    expect(audio.direction).toBe('sendrecv');
    expect(audio.ice?.candidates.map(({ address }) => address)).toEqual(['192.0.2.44', '127.0.0.1']);
    expect(audio.codecs[0]).toEqual({ name: 'OPUS', payloadType: 111, parameters: { useinbandfec: '1', minptime: '10' } });
    const answer = writeAnswer({ ...audio, endpoint: { address: '192.0.2.1', port: 40_000 } }, description, origin);
    expect(answer.match(/^m=.*/gm)).toEqual(['m=audio 40000 UDP/TLS/RTP/SAVPF 111 0 8 101', 'm=application 0 UDP/DTLS/SCTP 0']);
    expect(answer).not.toContain('evil');
  });

  test.each(['999999', '20000', '0', '-1', '15', '1e9', '20.5', ''])('a packet time of %s ms is not passed on', (packetTime) => {
    const { audio } = readDescription(lines(`a=ptime:${packetTime}`, `a=maxptime:${packetTime}`));
    expect(writeAudio(audio, origin)).not.toContain('ptime');
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['no version', 'm=audio 1 RTP/AVP 8'],
    ['too many lines', lines(...Array.from({ length: limits.lines }, () => 'a=x'))],
    ['too long a line', lines(`a=x:${'y'.repeat(limits.lineCharacters)}`)],
    ['too many media', lines(...Array.from({ length: 500 }, () => 'm=audio 0 RTP/AVP 0'))],
    ['a name for an address', lines().replace('c=IN IP4 192.0.2.9', 'c=IN IP4 relay.example')],
    ['a port beyond 65535', lines().replace('4000', '70000')],
    ['an unknown protocol', lines('m=audio 1 RTP/EVIL 0')],
  ])('refused as malformed: %s', (_, text) => expect(codeOf(() => readDescription(text))).toBe('invalid-request'));

  test.each<[string, string]>([
    ['audio refused by port 0', lines().replace('4000', '0')],
    ['video alone', lines().replace('m=audio 4000', 'm=video 4000')],
    ['no codec that we speak', lines().replace(' 8 0 101', ' 97')],
    ['a number that belongs to another codec', lines('a=rtpmap:8 GSM/8000').replace(' 8 0 101', ' 8')],
  ])('no audio in common: %s', (_, text) => expect(codeOf(() => readDescription(text))).toBe('no-common-codec'));
});

test('0.0.0.0 is a hold', () => {
  const { audio } = readDescription(lines().replaceAll('192.0.2.9', '0.0.0.0'));
  expect(audio.endpoint).toBeUndefined();
  expect(audio.direction).toBe('sendonly');
});

test('whatever is read and written is read again as the same, and holds no text of the party', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...browser.split('\r\n'),
      ...lines('a=ptime:20', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:' + 'A'.repeat(40)).split('\r\n'),
    ),
    fc.string({ maxLength: 40 }).map((text) => `a=${text}`),
    fc
      .tuple(fc.constantFrom('ptime', 'rtpmap', 'fmtp', 'candidate', 'mid', 'rtcp'), fc.string({ maxLength: 30 }))
      .map(([name, text]) => `a=${name}:${text}`),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.constantFrom(browser, lines()), fc.nat(20), (extra, base, at) => {
      const text = [...base.split('\r\n').slice(0, at), ...extra, ...base.split('\r\n').slice(at)].join('\r\n');
      let description: Description;
      try {
        description = readDescription(text);
      } catch (error) {
        expect(error).toBeInstanceOf(CallCentreError);
        return;
      }
      const written = writeAudio(description.audio, origin);
      for (const line of written.split('\r\n')) expect(line).toMatch(/^(?:[a-z]=[\x20-\x7e]+)?$/);
      const again = readDescription(written);
      expect(writeAudio(again.audio, origin)).toBe(written);
      for (const [, packetTime] of written.matchAll(/ptime:(\d+)/g)) expect(packetTimesMs).toContain(Number(packetTime));
    }),
    { numRuns: 500 },
  );
});

const CARRIER: PartyDoor = { door: 'trunk', addresses: ['203.0.113.7'] };
const SEAT: PartyDoor = { door: 'seat' };

describe('where a party may be', () => {
  const peersOf = (allowedNetworks: string[] = []): Peers =>
    createPeers({
      allowedNetworks,
      ownAddresses: () => ['192.0.2.1', '127.0.0.1', '2001:db8::1'],
      ownBroadcasts: () => ['192.0.2.255'],
      innerAddresses: ['127.0.0.2'],
      ownPorts: new Set([22_222, 27_018]),
      ownRanges: [
        { from: 40_000, to: 44_999 },
        { from: 46_000, to: 48_999 },
      ],
      relayAddresses: ['198.51.100.6'],
      testCallAddress: '192.0.2.1',
      ownServers: [{ address: '198.51.100.5', port: 27_017 }],
    });

  test.each([
    '127.0.0.1',
    '127.8.8.8',
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.1.1.1',
    '255.255.255.255',
    '169.254.169.254',
    '192.0.2.1',
    '192.0.2.255',
    '::1',
    '::',
    'fe80::1',
    'ff02::1',
    '2001:db8:0:0::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '2002:7f00:1::',
    'localhost',
  ])('not at %s', (address) => {
    expect(peersOf().allows({ address, port: 4_000 }, CARRIER)).toBe(false);
    expect(codeOf(() => peersOf().checked(innerAudio({ address, port: 4_000 }, 101), CARRIER))).toBe('media-address-not-allowed');
  });

  test.each(['192.0.2.2', '10.1.1.1', '2001:db8::2', '203.0.113.7'])('at %s', (address) =>
    expect(peersOf().allows({ address, port: 4_000 }, CARRIER)).toBe(true),
  );

  test('on this machine where the site says so, but at no port and no inner address of the product', () => {
    const peers = peersOf(['127.0.0.0/8', '192.0.2.1']);
    expect(peers.allows({ address: '127.0.0.1', port: 4_000 }, SEAT)).toBe(true);
    expect(peers.allows({ address: '192.0.2.1', port: 4_000 }, SEAT)).toBe(true);
    for (const port of [22_222, 22_221, 27_018]) expect(peers.allows({ address: '127.0.0.1', port }, SEAT)).toBe(false);
    expect(peers.allows({ address: '127.0.0.2', port: 4_000 }, SEAT)).toBe(false);
    expect(peers.allows({ address: '::ffff:127.0.0.2', port: 4_000 }, SEAT)).toBe(false);
    expect(peers.allows({ address: '198.51.100.5', port: 27_017 }, SEAT)).toBe(false);
  });

  test('not at the address that reaches every host of an own network, even where the site allows that network', () => {
    expect(peersOf(['192.0.2.0/24']).allows({ address: '192.0.2.255', port: 50_000 }, SEAT)).toBe(false);
    expect(peersOf(['192.0.2.0/24']).allows({ address: '192.0.2.254', port: 50_000 }, SEAT)).toBe(true);
  });

  test('at the address of our own test calls only through their door, and from a port that the system gives', () => {
    const atTestCalls = (port: number, door: PartyDoor | undefined): boolean => peersOf().allows({ address: '192.0.2.1', port }, door);
    expect(atTestCalls(50_123, { door: 'test' })).toBe(true);
    for (const door of [CARRIER, { door: 'trunk', addresses: ['192.0.2.1'] } as const, SEAT, undefined])
      expect([door, atTestCalls(50_123, door)]).toEqual([door, false]);
    for (const port of [40_123, 5_060]) expect(atTestCalls(port, { door: 'test' })).toBe(false);
  });

  test('on the loopback, for a trunk, only where that trunk is itself, and where the site says so too', () => {
    const from = (address: string): PartyDoor => ({ door: 'trunk', addresses: ['203.0.113.7', address] });
    const [at, trial] = [{ address: '127.0.0.9', port: 50_000 }, peersOf(['127.0.0.0/8'])];
    expect(trial.allows(at, from('127.0.0.9'))).toBe(true);
    expect(trial.allows(at, from('127.0.0.8/30'))).toBe(true);
    expect(trial.allows({ ...at, address: '::ffff:127.0.0.9' }, from('127.0.0.9'))).toBe(true);
    expect(peersOf().allows(at, from('127.0.0.9'))).toBe(false);
    for (const address of ['127.0.0.8', '198.51.100.1']) expect(trial.allows(at, from(address))).toBe(false);
    expect(trial.allows(at, { door: 'trunk', addresses: [] })).toBe(false);
    expect(trial.allows({ address: '127.0.0.9', port: 22_222 }, from('127.0.0.9'))).toBe(false);
  });

  test('in no sound port of the relay, the recorder and the mixer, wherever one of them may be', () => {
    const peers = peersOf(['127.0.0.0/8', '192.0.2.1']);
    for (const port of [40_000, 42_001, 44_999, 46_000, 48_999])
      for (const address of ['127.0.0.1', '127.0.0.9', '192.0.2.1', '::ffff:192.0.2.1', '198.51.100.6'])
        expect([address, port, peers.allows({ address, port }, SEAT)]).toEqual([address, port, false]);
    for (const port of [39_999, 45_000, 49_000]) expect(peers.allows({ address: '192.0.2.1', port }, SEAT)).toBe(true);
    // A telephone on another host may use any port.
    expect(peers.allows({ address: '203.0.113.7', port: 40_000 }, SEAT)).toBe(true);
  });

  test('candidates of a browser that are not allowed are left out, and its address is that of the first that is', () => {
    const { endpoint, ice } = peersOf().checked(readDescription(browser).audio, SEAT);
    expect(ice?.candidates).toHaveLength(1);
    expect(endpoint).toEqual({ address: '192.0.2.44', port: 50_002 });
  });
});
