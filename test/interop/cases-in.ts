import { incoming, asked, type InteropCase } from './case.js';
import { CARRIER_HERTZ, type InteropCentre, type Talk } from './centre.js';
import { digitRtp, disturbed, toneDigitRtp, toneRtp, withPauses, writeCapture, type RtpPacket } from './recorded-sound.js';
import { CallingCarrier, maybe, mark, ok, pause, play, recv, response, sdp, waitAt, type Step } from './scenario.js';

// A carrier that calls us.

const taken = (carrier: CallingCarrier, first = carrier.invite()): Step[] => [first, maybe(100, 180, 183), response(200), carrier.ack()];
export const only = (payloadType: string, name: string, digits = true): string =>
  sdp({
    payloads: `${payloadType}${digits ? ' 101' : ''}`,
    maps: [`${payloadType} ${name}`, ...(digits ? ['101 telephone-event/8000'] : [])],
  });
export const refused = (carrier: CallingCarrier, status: number, first = carrier.invite()): Step[] => [
  first,
  maybe(100),
  response(status),
  carrier.ackRefusal(),
];

/** Sound of the scenario's own, from a capture file that is written now. */
const played = (centre: InteropCentre, name: string, packets: readonly RtpPacket[]): Step => {
  const file = centre.file(`${name}.pcap`);
  writeCapture(file, packets);
  return waitAt('silent') + play(file);
};
const hearsPlayed = async (centre: InteropCentre, { carrier }: Talk): Promise<void> => {
  await carrier.go('silent');
  await centre.hearsCarrier();
};

const CODECS: readonly InteropCase[] = [
  incoming('codecs', ['pcma', 'PCMA: heard both ways'], { steps: (carrier) => taken(carrier) }),
  incoming('codecs', ['pcmu', 'PCMU alone: heard both ways'], { steps: (c) => taken(c, c.invite({ body: only('0', 'PCMU/8000') })) }),
  incoming('codecs', ['g722', 'G.722 alone: heard both ways'], { steps: (c) => taken(c, c.invite({ body: only('9', 'G722/8000') })) }),
  incoming('codecs', ['opus', 'Opus alone: heard both ways'], { steps: (c) => taken(c, c.invite({ body: only('96', 'opus/48000/2') })) }),
  incoming('codecs', ['g729', 'G.729 alone: heard both ways'], { steps: (c) => taken(c, c.invite({ body: only('18', 'G729/8000') })) }),
  incoming('codecs', ['g729-first', 'G.729 before PCMA: PCMA is taken'], {
    steps: (c) => [
      c.invite({ body: sdp({ payloads: '18 8 101', maps: ['18 G729/8000', '8 PCMA/8000', '101 telephone-event/8000'] }) }),
      maybe(100),
      response(200, { pattern: 'm=audio [0-9]+ RTP/AVP 8' }),
      c.ack(),
    ],
  }),
  incoming('codecs', ['static-types', 'payload types without rtpmap'], {
    steps: (c) => taken(c, c.invite({ body: sdp({ payloads: '8', maps: [] }) })),
  }),
  incoming('codecs', ['ptime-40', 'ptime of 40 ms'], { steps: (c) => taken(c, c.invite({ body: sdp({ lines: ['a=ptime:40'] }) })) }),
  incoming('codecs', ['with-video', 'video beside sound: port 0 for it'], {
    steps: (c) => [
      c.invite({ body: sdp({ more: ['m=video 40000 RTP/AVP 99', 'a=rtpmap:99 H264/90000'] }) }),
      maybe(100),
      response(200, { pattern: 'm=video 0 ' }),
      c.ack(),
    ],
  }),
];

const OFFERS: readonly InteropCase[] = [
  incoming('offers', ['delayed-offer', 'INVITE without a description: our offer, its answer in the ACK'], {
    steps: (c) => [c.invite({ body: '' }), maybe(100), response(200, { pattern: 'm=audio' }), c.ack({ body: sdp() })],
  }),
  incoming('offers', ['re-invite-delayed', 're-INVITE without a description'], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('INVITE'),
      maybe(100),
      response(200, { pattern: 'm=audio' }),
      c.ack({ body: sdp({ version: 2 }) }),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('offers', ['media-moves', 're-INVITE moves the sound to another port'], {
    steps: (c) => [
      ...taken(c, c.invite({ body: sdp({ port: '9' }) })),
      waitAt('talk'),
      c.request('INVITE', { body: sdp({ version: 2 }) }),
      maybe(100),
      response(200),
      c.ack(),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('offers', ['update', 'UPDATE with a description (RFC 3311)'], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('UPDATE', { body: sdp({ version: 2 }) }),
      response(200, { pattern: 'm=audio' }),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('offers', ['timer-update', 'session timer refreshed by UPDATE without a description (RFC 4028)'], {
    steps: (c) => [
      c.invite({ headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac', 'Min-SE: 90'] }),
      maybe(100),
      response(200),
      c.ack(),
      waitAt('talk'),
      c.request('UPDATE', { headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] }),
      response(200),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('offers', ['timer-re-invite', 'session timer refreshed by a re-INVITE with the same description'], {
    steps: (c) => [
      c.invite({ headers: ['Supported: timer', 'Session-Expires: 90;refresher=uac'] }),
      maybe(100),
      response(200),
      c.ack(),
      waitAt('talk'),
      c.request('INVITE', { body: sdp(), headers: ['Session-Expires: 90;refresher=uac'] }),
      maybe(100),
      response(200),
      c.ack(),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('offers', ['100rel-supported', 'Supported: 100rel'], {
    steps: (c) => taken(c, c.invite({ headers: ['Supported: 100rel, replaces, norefersub'] })),
  }),
];

async function renegotiated(centre: InteropCentre, { carrier }: Talk): Promise<void> {
  await carrier.go('talk');
  await carrier.reached('again');
  await centre.hearsEcho();
}

const hold = (id: string, what: string, held: Parameters<typeof sdp>[0], direction: string): InteropCase =>
  incoming('hold', [id, what], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('INVITE', { body: sdp({ version: 2, ...held }) }),
      maybe(100),
      response(200, { pattern: direction }),
      c.ack(),
      waitAt('held'),
      c.request('INVITE', { body: sdp({ version: 3 }) }),
      maybe(100),
      response(200, { pattern: 'm=audio' }),
      c.ack(),
      mark('again'),
    ],
    async talk(centre, { carrier }) {
      await centre.hearsEcho();
      await carrier.go('talk');
      await carrier.go('held');
      await carrier.reached('again');
      await centre.hearsEcho();
    },
  });

const HOLD: readonly InteropCase[] = [
  hold('hold-sendonly', 'hold by sendonly, and resumed', { lines: ['a=sendonly'] }, 'a=recvonly'),
  hold('hold-inactive', 'hold by inactive, and resumed', { lines: ['a=inactive'] }, 'a=inactive'),
  hold('hold-zero', 'hold by c=0.0.0.0 (RFC 2543), and resumed', { address: '0.0.0.0' }, 'm=audio'),
];

const toFive = (
  id: string,
  what: string,
  steps: (carrier: CallingCarrier, centre: InteropCentre) => readonly Step[],
  echoes = false,
): InteropCase =>
  incoming('digits', [id, what], {
    carrier: new CallingCarrier('4001001'),
    echoes,
    steps,
    async talk(centre, { callId }) {
      const queued = await centre.rig.event('call.queued', (event) => event['callId'] === callId);
      if (queued['queueId'] !== 'five') throw new Error(`the caller came to the queue ${String(queued['queueId'])}`);
    },
  });

/** Sound with a digit in it, once the menu has been played. */
const withDigit = (centre: InteropCentre, name: string, packets: readonly RtpPacket[]): Step => {
  const file = centre.file(`${name}.pcap`);
  writeCapture(file, packets);
  return play(file);
};
const silence = toneRtp(0, 1_500);

const DIGITS: readonly InteropCase[] = [
  toFive('digit-4733', 'a digit by RFC 4733', (c, centre) => [
    ...taken(c),
    withDigit(centre, 'digit-4733', [...silence, ...digitRtp('5', 1_500)]),
  ]),
  toFive('digit-info-relay', 'a digit by INFO (application/dtmf-relay)', (c) => [
    ...taken(c),
    pause(1_000),
    c.request('INFO', { headers: ['Content-Type: application/dtmf-relay'], body: 'Signal=5\nDuration=160' }),
    response(200),
  ]),
  toFive('digit-info', 'a digit by INFO (application/dtmf)', (c) => [
    ...taken(c),
    pause(1_000),
    c.request('INFO', { headers: ['Content-Type: application/dtmf'], body: '5' }),
    response(200),
  ]),
  toFive('digit-tones', 'a digit as tones, where telephone-event is not offered', (c, centre) => [
    ...taken(c, c.invite({ body: sdp({ payloads: '8', maps: ['8 PCMA/8000'] }) })),
    withDigit(centre, 'digit-tones', toneDigitRtp('5', 1_500)),
  ]),
  incoming('digits', ['info-unknown', 'INFO of another kind: 200, and nothing happens'], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('INFO', { headers: ['Content-Type: application/media_control+xml'], body: '<media_control/>' }),
      response(200),
      mark('again'),
    ],
    talk: renegotiated,
  }),
];

const TONE_MS = 6_000;
const SOUND: readonly InteropCase[] = [
  incoming('sound', ['out-of-order', 'RTP out of order, lost (5 %) and twice'], {
    echoes: false,
    steps: (c, centre) => [...taken(c), played(centre, 'disturbed', disturbed(toneRtp(CARRIER_HERTZ, TONE_MS)))],
    talk: hearsPlayed,
  }),
  incoming('sound', ['ssrc-changes', 'another SSRC in the middle of a call'], {
    echoes: false,
    steps: (c, centre) => [
      ...taken(c),
      played(centre, 'ssrc', [...toneRtp(0, 1_000), ...toneRtp(CARRIER_HERTZ, TONE_MS, { ssrc: 0x55667788, firstFrame: 50 })]),
    ],
    talk: hearsPlayed,
  }),
  incoming('sound', ['comfort-noise', 'comfort noise and pauses (RFC 3389)'], {
    echoes: false,
    steps: (c, centre) => [
      ...taken(c, c.invite({ body: sdp({ payloads: '8 13 101', maps: ['8 PCMA/8000', '13 CN/8000', '101 telephone-event/8000'] }) })),
      played(centre, 'noise', withPauses(toneRtp(CARRIER_HERTZ, TONE_MS))),
    ],
    talk: hearsPlayed,
  }),
];

const IN_CALL: readonly InteropCase[] = [
  incoming('in a call', ['refer', 'REFER: declined with 603, the call goes on'], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('REFER', { headers: ['Refer-To: <sip:13900000009@carrier.test>'] }),
      response(603),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('in a call', ['t38', 're-INVITE to T.38: 488, the call goes on'], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('INVITE', { body: T38 }),
      maybe(100),
      response(488),
      c.ackRefusal(),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('in a call', ['message', 'MESSAGE within the dialog: 405, since nobody would read it; the call goes on'], {
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('MESSAGE', { headers: ['Content-Type: text/plain'], body: 'hello' }),
      response(405),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  incoming('in a call', ['options', 'OPTIONS within the dialog: 200'], {
    steps: (c) => [...taken(c), waitAt('talk'), c.request('OPTIONS'), response(200), mark('again')],
    talk: renegotiated,
  }),
  incoming('in a call', ['bye-reason', 'BYE with Reason (RFC 3326): the call is the caller’s to end'], {
    endedBy: 'carrier',
    steps: (c) => [
      ...taken(c),
      waitAt('talk'),
      c.request('BYE', { headers: ['Reason: Q.850;cause=16;text="Normal call clearing"', 'Reason: SIP;cause=200'] }),
      response(200),
    ],
    async talk(centre, { carrier, callId }) {
      await centre.hearsEcho();
      await carrier.go('talk');
      const { by, cause } = await centre.rig.ended(callId);
      if (by !== 'caller' || cause !== 'completed') throw new Error(`ended as ${String(cause)} by ${String(by)}`);
    },
  }),
  incoming('in a call', ['ack-late', 'the ACK comes after the 200 was repeated'], {
    steps: (c) => [c.invite(), maybe(100, 180, 183), response(200), pause(1_200), c.ack(), mark('again')],
    async talk(centre, { carrier }) {
      await carrier.reached('again');
      await centre.hearsEcho();
    },
  }),
  incoming('in a call', ['record-route', 'a route of two proxies: the BYE goes along it'], {
    steps: (c) => [
      c.invite({ headers: ['Record-Route: <sip:[local_ip]:[local_port];lr;hop=b>', 'Record-Route: <sip:192.0.2.7;lr;hop=a>'] }),
      maybe(100),
      response(200, { header: 'Record-Route', pattern: 'hop=b' }),
      c.ack(),
      recv('BYE', { header: 'Route', pattern: 'hop=b' }),
      ok(),
    ],
    // The scenario ends by itself, because it checks the route.
    endedBy: 'carrier',
    async talk(centre, { callId }) {
      await centre.hearsEcho();
      await centre.hangUp(callId);
    },
  }),
];
const T38 = [
  'v=0',
  'o=carrier 4711 2 IN IP4 [local_ip]',
  's=-',
  'c=IN IP4 [local_ip]',
  't=0 0',
  'm=image 40002 udptl t38',
  'a=T38FaxVersion:0',
].join('\n');

export const arrives = (
  id: string,
  what: string,
  shown: string,
  first: (carrier: CallingCarrier) => Step,
  carrier = new CallingCarrier(),
  more: Pick<Parameters<typeof incoming>[2], 'trunk'> = {},
): InteropCase =>
  incoming('numbers', [id, what], {
    ...more,
    carrier,
    steps: (c) => taken(c, first(c)),
    async talk(centre, { callId }) {
      const { callerMasked, called } = await centre.rig.event('call.arrived', (event) => event['callId'] === callId);
      const seen = `${String(callerMasked)} to ${String(called)}`;
      if (seen !== shown) throw new Error(`it came as ${seen}, not as ${shown}`);
      await centre.hearsEcho();
    },
  });
const from = (address: string): CallingCarrier => new CallingCarrier('4001000', address);

const NUMBERS: readonly InteropCase[] = [
  arrives(
    'caller-plus',
    'the caller as +8613800000001',
    '138****0001 to 4001000',
    (c) => c.invite(),
    from('<sip:+8613800000001@carrier.test>'),
  ),
  arrives(
    'caller-zero',
    'the caller as 013800000001',
    '138****0001 to 4001000',
    (c) => c.invite(),
    from('<sip:013800000001@carrier.test>'),
  ),
  arrives(
    'caller-86',
    'the caller as 8613800000001',
    '138****0001 to 4001000',
    (c) => c.invite(),
    from('<sip:8613800000001@carrier.test>'),
  ),
  arrives(
    'caller-tel',
    'the caller as tel:+86-138-0000-0001',
    '138****0001 to 4001000',
    (c) => c.invite(),
    from('<tel:+86-138-0000-0001>'),
  ),
  arrives('called-phone', 'the number called with ;user=phone', '138****0001 to 4001000', (c) =>
    c.invite({ uri: 'sip:4001000@[remote_ip]:[remote_port];user=phone' }),
  ),
  arrives('called-tel', 'the number called as a tel: address', '138****0001 to 4001000', (c) => c.invite({ uri: 'tel:4001000' })),
  arrives(
    'anonymous',
    'From: anonymous: the caller is withheld',
    'anonymous to 4001000',
    (c) => c.invite({ headers: ['Privacy: id'] }),
    from('"Anonymous" <sip:anonymous@anonymous.invalid>'),
  ),
  arrives(
    'privacy-id',
    'Privacy: id with From: anonymous: the number of P-Asserted-Identity is the caller, where the carrier is believed',
    '139****0009 to 4001000',
    (c) => c.invite({ headers: ['Privacy: id', 'P-Asserted-Identity: <sip:13900000009@carrier.test>'] }),
    from('"Anonymous" <sip:anonymous@anonymous.invalid>'),
    { trunk: { trustsIdentity: true } },
  ),
  arrives('asserted', 'P-Asserted-Identity of a carrier that is not believed: From counts', '138****0001 to 4001000', (c) =>
    c.invite({ headers: ['P-Asserted-Identity: <sip:13900000009@carrier.test>'] }),
  ),
  arrives('diversion', 'Diversion and History-Info: the call is taken', '138****0001 to 4001000', (c) =>
    c.invite({
      headers: ['Diversion: <sip:02161234567@carrier.test>;reason=unconditional', 'History-Info: <sip:02161234567@carrier.test>;index=1'],
    }),
  ),
];

const REFUSALS: readonly InteropCase[] = [
  asked('refusals', ['unknown-number', 'a number that is not ours: 404'], (c) => refused(c, 404), {
    carrier: () => new CallingCarrier('4009999'),
  }),
  asked('refusals', ['require-unknown', 'Require of an extension that nobody knows: 420'], (c) =>
    refused(c, 420, c.invite({ headers: ['Require: no-such-extension'] })),
  ),
  asked('refusals', ['unknown-dialog', 'BYE of a dialog that is not there: 481'], (c) => [
    c.outside('BYE', { headers: [] }).replace('[peer_tag_param]', ';tag=nobody'),
    response(481),
  ]),
  asked('refusals', ['register', 'REGISTER of a carrier: 405'], (c) => [
    c.outside('REGISTER', { headers: ['Expires: 60'] }),
    response(405),
  ]),
  asked('refusals', ['options-ping', 'OPTIONS: 200 with what is allowed'], (c) => [
    c.outside('OPTIONS'),
    response(200, { header: 'Allow', pattern: 'INVITE' }),
  ]),
  asked('refusals', ['fax-only', 'T.38 alone in the INVITE: 488'], (c) => refused(c, 488, c.invite({ body: T38 }))),
  asked('refusals', ['media-nowhere', 'sound to be sent to 224.0.0.1: 488'], (c) =>
    refused(c, 488, c.invite({ body: sdp({ address: '224.0.0.1' }) })),
  ),
  asked('refusals', ['srtp-not-set', 'RTP/SAVP at a trunk that is not set to encrypt: 488'], (c) =>
    refused(c, 488, c.invite({ body: sdp().replace('RTP/AVP', 'RTP/SAVP') })),
  ),
];

const TRANSPORT: readonly InteropCase[] = [
  incoming('transport', ['tcp', 'over TCP'], { transport: 'tcp', steps: (c) => taken(c) }),
  incoming('transport', ['compact', 'compact header names'], {
    steps: (c) =>
      taken(
        c,
        c
          .invite()
          .replace('\nVia:', '\nv:')
          .replace('\nFrom:', '\nf:')
          .replace('\nTo:', '\nt:')
          .replace('\nContact:', '\nm:')
          .replace('Content-Type:', 'c:'),
      ),
  }),
  incoming('transport', ['long', 'a message of 6,000 bytes in fragments'], {
    steps: (c) =>
      taken(c, c.invite({ headers: Array.from({ length: 50 }, (_, place) => `X-Carrier-${String(place)}: ${'x'.repeat(100)}`) })),
  }),
];

export const casesIn: readonly InteropCase[] = [
  ...CODECS,
  ...OFFERS,
  ...HOLD,
  ...DIGITS,
  ...SOUND,
  ...IN_CALL,
  ...NUMBERS,
  ...REFUSALS,
  ...TRANSPORT,
];
