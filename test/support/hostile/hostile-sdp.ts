/** Session descriptions as nobody should send them: made from a seed, so that what killed a relay can be made again. */

/** mulberry32: small, fast, the same everywhere. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FINGERPRINT = Array.from({ length: 32 }, (_, at) => (at * 7).toString(16).padStart(2, '0').slice(-2).toUpperCase()).join(':');

const carrier = (port: number): string[] => [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.9',
  's=-',
  'c=IN IP4 127.0.0.9',
  't=0 0',
  `m=audio ${port} RTP/AVP 8 0 9 18 3 101`,
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:18 G729/8000',
  'a=fmtp:18 annexb=no',
  'a=rtpmap:101 telephone-event/8000',
  'a=fmtp:101 0-16',
  'a=ptime:20',
  'a=maxptime:150',
  'a=sendrecv',
];

const browser = (port: number): string[] => [
  'v=0',
  'o=- 4611 2 IN IP4 127.0.0.9',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  `m=audio ${port} UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 101`,
  'c=IN IP4 127.0.0.9',
  `a=rtcp:${port} IN IP4 127.0.0.9`,
  `a=candidate:1 1 udp 2113937151 127.0.0.9 ${port} typ host generation 0`,
  'a=candidate:2 1 udp 1677729535 127.0.0.9 5002 typ srflx raddr 0.0.0.0 rport 0',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=ice-options:trickle',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
  'a=mid:0',
  'a=sendrecv',
  'a=rtcp-mux',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:101 telephone-event/8000',
  'a=ssrc:3735928559 cname:fuzz',
];

const secured = (port: number): string[] => [
  ...carrier(port).map((line) => line.replace('RTP/AVP', 'RTP/SAVP')),
  `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${'A'.repeat(40)}`,
];

/** What has ended relays or confused them, here or elsewhere. */
const HOSTILE_LINES = [
  'a=ptime:999999',
  'a=ptime:30000',
  'a=ptime:0',
  'a=ptime:-20',
  'a=ptime:40',
  'a=maxptime:999999',
  'a=rtpmap:8 PCMA/0',
  'a=rtpmap:8 PCMA/8000/255',
  'a=rtpmap:111 opus/48000/999',
  'a=rtpmap:96 PCMA/4294967295',
  'a=rtpmap:97 AMR/8000',
  'a=rtpmap:98 EVS/16000',
  'a=fmtp:111 maxaveragebitrate=4294967295;stereo=9',
  'a=fmtp:111 maxaveragebitrate=6000;cbr=1;usedtx=1;stereo=1;minptime=60;maxplaybackrate=8000',
  'a=fmtp:101 0-4294967295',
  'a=rtcp:0',
  'a=rtcp:65535',
  'a=rtcp:1',
  'a=rtcp-mux-only',
  'a=candidate:1 1 udp 4294967295 255.255.255.255 65535 typ host',
  'a=candidate:1 2 UDP 1 ::1 1 typ relay raddr ::1 rport 1',
  'a=candidate:+/+ 256 TCP 0 0.0.0.0 0 typ prflx',
  'a=ice-lite',
  'a=ice-mismatch',
  'a=ice-ufrag:',
  'a=ice-pwd:short',
  'a=end-of-candidates',
  'a=setup:holdconn',
  'a=fingerprint:md5 00',
  'a=crypto:0 NULL_NULL inline:',
  'a=crypto:999999999 AES_256_CM_HMAC_SHA1_80 inline:' + 'A'.repeat(62) + '==',
  'a=crypto:2 AEAD_AES_256_GCM inline:' + 'B'.repeat(60),
  'a=T38FaxVersion:0',
  'a=group:BUNDLE 0 0 0 0',
  'a=mid:' + 'x'.repeat(900),
  'a=inactive',
  'a=recvonly',
  'c=IN IP4 0.0.0.0',
  'c=IN IP6 ::',
  'c=IN IP4 127.0.0.9/127/3',
  'm=audio 0 RTP/AVP 8',
  'm=audio 5004 RTP/AVP 8',
  'm=audio 65535 RTP/SAVPF 0 8',
  'm=video 5006 RTP/AVP 96',
  'm=image 5008 udptl t38',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'b=AS:-1',
  'k=clear:x',
  'z=0 0',
  'a=',
  'a=:',
  '=',
  '',
];

const CHARACTERS = ['\0', '\u0001', ' ', '\t', '%s', '%n', '-', '999999999999999999999', '../', '\u7535', ':', ';', '/', '|'];

export function hostileSdp(random: () => number): string {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const port = 2 * (5_000 + Math.floor(random() * 20_000));
  const lines = pick([carrier, carrier, browser, secured])(port);
  const mutations = Math.floor(random() * 6);
  for (let made = 0; made < mutations; made += 1) {
    const at = Math.floor(random() * lines.length);
    const line = lines[at] ?? '';
    switch (Math.floor(random() * 8)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, line);
        break;
      case 2:
      case 3:
        lines.splice(at, 0, pick(HOSTILE_LINES));
        break;
      case 4:
        lines[at] = line.replace(/\d+/, () => String(Math.floor(random() ** 4 * 2 ** 33)));
        break;
      case 5:
        lines[at] = line.slice(0, Math.floor(random() * line.length)) + pick(CHARACTERS) + line.slice(Math.floor(random() * line.length));
        break;
      case 6:
        lines.push(...Array.from({ length: Math.floor(random() * 60) }, () => pick(HOSTILE_LINES)));
        break;
      default:
        lines.splice(at, 2, lines[at + 1] ?? '', line);
    }
  }
  return lines.join(random() < 0.95 ? '\r\n' : '\n') + '\r\n';
}
