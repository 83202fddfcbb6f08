import { outgoing, unsuccessful, type InteropCase } from './case.js';
import { CARRIER_HERTZ, OUTSIDE, type InteropCentre, type Talk } from './centre.js';
import { toneRtp, writeCapture } from './recorded-sound.js';
import { CalledCarrier, mark, maybe, ok, pause, play, recv, response, sdp, waitAt, type Step } from './scenario.js';

// A carrier that we call.

const answered = (c: CalledCarrier, body = sdp()): Step[] => [c.invited(), c.respond(180), c.answer(body), recv('ACK')];
const renegotiated = async (centre: InteropCentre, { carrier }: Talk): Promise<void> => {
  await carrier.go('talk');
  await carrier.reached('again');
  await centre.hearsEcho();
};
/** The carrier's own sound, from a capture. */
const carrierTone = (centre: InteropCentre, name: string): Step => {
  const file = centre.file(`${name}.pcap`);
  writeCapture(file, toneRtp(CARRIER_HERTZ, 6_000));
  return play(file);
};
const hearsBefore = async (centre: InteropCentre, { carrier }: Talk): Promise<void> => {
  await centre.hearsCarrier();
  await carrier.go('early');
};

const RINGING: readonly InteropCase[] = [
  outgoing('ringing', ['180', '180, then 200: heard both ways'], { steps: (c) => answered(c) }),
  outgoing('ringing', ['200-at-once', '200 without having rung'], { steps: (c) => [c.invited(), c.answer(), recv('ACK')] }),
  outgoing('ringing', ['183-without-sdp', '183 without a description, then 200'], {
    steps: (c) => [c.invited(), c.respond(183), c.answer(), recv('ACK')],
  }),
  outgoing('ringing', ['early-media', '183 with sound before the answer: the agent hears it'], {
    echoes: false,
    steps: (c, centre) => [
      c.invited(),
      c.respond(183, { body: sdp() }),
      carrierTone(centre, 'early'),
      waitAt('early'),
      c.answer(),
      recv('ACK'),
      carrierTone(centre, 'answered'),
    ],
    before: hearsBefore,
    talk: (centre) => centre.hearsCarrier(),
  }),
  outgoing('ringing', ['180-with-sdp', '180 with a description and sound'], {
    echoes: false,
    steps: (c, centre) => [
      c.invited(),
      c.respond(180, { body: sdp() }),
      carrierTone(centre, 'ring'),
      waitAt('early'),
      c.answer(),
      recv('ACK'),
      carrierTone(centre, 'rung'),
    ],
    before: hearsBefore,
    talk: (centre) => centre.hearsCarrier(),
  }),
  outgoing('ringing', ['181-182', '181 and 182 before it rings'], {
    steps: (c) => [c.invited(), c.respond(181), c.respond(182), c.respond(180), c.answer(), recv('ACK')],
  }),
  outgoing('ringing', ['forked-18x', '18x of three branches, the 200 of the second'], {
    steps: (c) => [
      c.invited(),
      c.respond(180, { tag: 'one' }),
      c.respond(183, { tag: 'two', body: sdp({ port: '9' }) }),
      c.respond(180),
      c.answer(),
      recv('ACK', { header: 'To', pattern: 'tag=called' }),
    ],
  }),
  outgoing('ringing', ['forked-200', '200 of two branches: the second is ended, the first is the call'], {
    steps: (c) => [
      c.invited(),
      c.respond(180),
      c.answer(),
      recv('ACK', { header: 'To', pattern: 'tag=called' }),
      c.respond(200, { tag: 'other', body: sdp({ port: '9' }) }),
      recv('ACK', { header: 'To', pattern: 'tag=other' }),
      recv('BYE', { header: 'To', pattern: 'tag=other' }),
      ok(),
    ],
  }),
  outgoing('ringing', ['100rel', '183 that is to be acknowledged (RFC 3262): PRACK'], {
    steps: (c) => [
      c.invited(),
      c.respond(183, { headers: ['Require: 100rel', 'RSeq: 1'], body: sdp() }),
      recv('PRACK', { header: 'RAck', pattern: '1 [0-9]+ INVITE' }),
      ok(),
      c.answer(),
      recv('ACK'),
    ],
  }),
  unsuccessful('ringing', ['cancelled', 'the agent calls off while it rings: CANCEL, 487'], {
    cause: 'far-no-answer',
    steps: (c) => [c.invited(), c.respond(180), mark('rings'), recv('CANCEL'), ok(), c.respond(487), recv('ACK')],
    async before(centre, { callId, carrier }) {
      await carrier.reached('rings');
      await centre.rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    },
  }),
  unsuccessful('ringing', ['200-after-cancel', '200 that crosses the CANCEL: acknowledged and ended'], {
    cause: 'far-no-answer',
    steps: (c) => [c.invited(), c.respond(180), mark('rings'), recv('CANCEL'), ok(), c.answer(), recv('ACK'), recv('BYE'), ok()],
    async before(centre, { callId, carrier }) {
      await carrier.reached('rings');
      await centre.rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    },
  }),
];

const ends = (status: number, what: string, cause: string, headers: readonly string[] = []): InteropCase =>
  unsuccessful('refused', [String(status), `${String(status)} ${what}: ends as ${cause}`], {
    cause,
    steps: (c) => [c.invited(), c.respond(100), c.respond(status, { headers }), recv('ACK')],
  });

const REFUSED: readonly InteropCase[] = [
  ends(404, 'no such number', 'far-unreachable', ['Reason: Q.850;cause=1;text="Unallocated number"']),
  ends(480, 'nobody there', 'far-no-answer'),
  ends(484, 'incomplete', 'far-unreachable'),
  ends(486, 'busy', 'far-busy'),
  ends(488, 'no codec', 'far-unreachable'),
  ends(500, 'the gateway failed', 'far-unreachable'),
  ends(503, 'the only address is full', 'far-unreachable'),
  ends(603, 'declined', 'far-busy'),
  ends(302, 'sent elsewhere: not followed', 'far-unreachable', ['Contact: <sip:13900000009@192.0.2.1>']),
];

const challenge = 'Digest realm="carrier", nonce="0123456789abcdef", algorithm=MD5, qop="auth"';
const digest = { username: 'site1', password: 'interop-secret' };
const challenged = (status: 401 | 407): InteropCase => {
  const [asks, answers] = status === 401 ? ['WWW-Authenticate', 'Authorization'] : ['Proxy-Authenticate', 'Proxy-Authorization'];
  return outgoing('identity', [`digest-${String(status)}`, `${String(status)}: the digest is sent`], {
    trunk: { digest },
    steps: (c) => [
      c.invited(),
      c.respond(status, { headers: [`${asks}: ${challenge}`] }),
      recv('ACK'),
      c.again({ header: answers, pattern: 'username="site1".*response="[0-9a-f]{32}"' }),
      c.answer(),
      recv('ACK'),
    ],
  });
};

/** The agent calls off a call that was set up with credentials. */
const calledOff: InteropCase = unsuccessful(
  'identity',
  ['digest-cancelled', '407, then ringing, and the agent calls off: CANCEL of the second INVITE'],
  {
    cause: 'far-no-answer',
    trunk: { digest },
    steps: (c) => [
      c.invited(),
      c.respond(407, { headers: [`Proxy-Authenticate: ${challenge}`] }),
      recv('ACK'),
      c.again({ header: 'Proxy-Authorization', pattern: 'username="site1"' }),
      c.respond(180),
      mark('rings'),
      recv('CANCEL', { header: 'CSeq', pattern: '[0-9]+ CANCEL' }),
      ok(),
      c.respond(487),
      recv('ACK'),
    ],
    async before(centre, { callId, carrier }) {
      await carrier.reached('rings');
      await centre.rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    },
  },
);

/** Called off while the carrier is about to ask for credentials: the INVITE that has them is cancelled too. */
const calledOffEarly: InteropCase = unsuccessful(
  'identity',
  ['digest-crossed', '407 that crosses the CANCEL: the INVITE with the digest is cancelled too'],
  {
    cause: 'far-no-answer',
    trunk: { digest },
    steps: (c) => [
      c.invited(),
      waitAt('asked'),
      c.respond(407, { headers: [`Proxy-Authenticate: ${challenge}`] }),
      recv('ACK'),
      c.again(),
      c.respond(180),
      recv('CANCEL'),
      ok(),
      c.respond(487),
      recv('ACK'),
    ],
    async before(centre, { callId, carrier }) {
      await carrier.reached('asked');
      await centre.rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
      await carrier.go('asked');
    },
  },
);

const IDENTITY: readonly InteropCase[] = [
  outgoing('identity', ['shown-number', 'From and P-Asserted-Identity show the number of the centre'], {
    steps: (c) => [
      c.invited(
        { header: 'From', pattern: 'sip:4001000@' },
        { header: 'P-Asserted-Identity', pattern: 'sip:4001000@' },
        { pattern: `INVITE sip:${OUTSIDE}@` },
      ),
      c.answer(),
      recv('ACK'),
    ],
  }),
  challenged(401),
  challenged(407),
  calledOff,
  calledOffEarly,
];

const OUT_CALL: readonly InteropCase[] = [
  outgoing('answers', ['answer-pcmu', 'answered in PCMU'], {
    steps: (c) => answered(c, sdp({ payloads: '0 101', maps: ['0 PCMU/8000', '101 telephone-event/8000'] })),
  }),
  outgoing('answers', ['answer-many', 'answered with several codecs'], {
    steps: (c) => answered(c, sdp({ payloads: '8 0 101', maps: ['8 PCMA/8000', '0 PCMU/8000', '101 telephone-event/8000'] })),
  }),
  outgoing('answers', ['answer-no-digits', 'answered without telephone-event'], {
    steps: (c) => answered(c, sdp({ payloads: '8', maps: ['8 PCMA/8000'] })),
  }),
  outgoing('in a call out', ['out-hold', 'the carrier holds by sendonly and resumes'], {
    steps: (c) => [
      ...answered(c),
      waitAt('talk'),
      c.request('INVITE', { body: sdp({ version: 2, lines: ['a=sendonly'] }) }),
      maybe(100),
      response(200, { pattern: 'a=recvonly' }),
      c.ack(),
      c.request('INVITE', { body: sdp({ version: 3 }) }),
      maybe(100),
      response(200),
      c.ack(),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  outgoing('in a call out', ['out-delayed', 're-INVITE without a description'], {
    steps: (c) => [
      ...answered(c),
      waitAt('talk'),
      c.request('INVITE'),
      maybe(100),
      response(200, { pattern: 'm=audio' }),
      c.ack({ body: sdp({ version: 2 }) }),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  outgoing('in a call out', ['out-refer', 'REFER of the called side: 603'], {
    steps: (c) => [
      ...answered(c),
      waitAt('talk'),
      c.request('REFER', { headers: ['Refer-To: <sip:13900000009@carrier.test>'] }),
      response(603),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  outgoing('in a call out', ['out-timer', 'session timer that the carrier refreshes (refresher=uas)'], {
    steps: (c) => [
      c.invited(),
      c.answer(sdp(), ['Session-Expires: 90;refresher=uas', 'Supported: timer']),
      recv('ACK'),
      waitAt('talk'),
      c.request('UPDATE', { headers: ['Session-Expires: 90;refresher=uac', 'Supported: timer'] }),
      response(200),
      mark('again'),
    ],
    talk: renegotiated,
  }),
  outgoing('in a call out', ['out-bye-reason', 'BYE of the called side with Reason'], {
    endedBy: 'carrier',
    steps: (c) => [
      ...answered(c),
      waitAt('talk'),
      c.request('BYE', { headers: ['Reason: Q.850;cause=16;text="Normal call clearing"'] }),
      response(200),
    ],
    async talk(centre, { callId, carrier }) {
      await centre.hearsEcho();
      await carrier.go('talk');
      const { by, cause } = await centre.rig.ended(callId);
      // In the record the outside party is the caller, whoever called.
      if (by !== 'caller' || cause !== 'completed') throw new Error(`ended as ${String(cause)} by ${String(by)}`);
    },
  }),
  outgoing('transport', ['out-tcp', 'a call out over TCP'], { transport: 'tcp', steps: (c) => answered(c) }),
];

/** Two addresses of a trunk; the first does not take the call. */
const failover = (id: string, what: string, first: (c: CalledCarrier) => readonly Step[] | undefined): InteropCase => ({
  id,
  group: 'failover',
  what,
  carrier: 'sipp',
  sound: true,
  async run(centre) {
    const steps = first(new CalledCarrier());
    const dead = steps === undefined ? undefined : await centre.called(steps);
    const { carrier, uri } = await centre.called([...answered(new CalledCarrier()), recv('BYE'), ok()]);
    const nobody = `sip:${centre.network.carrier}:${String(centre.ports().port)}`;
    await centre.sendTo({ outboundUri: dead?.uri ?? nobody, furtherUris: [uri] });
    const startedMs = performance.now();
    const callId = await centre.dial();
    await centre.ringing(callId);
    const tookMs = performance.now() - startedMs;
    if (tookMs > RINGS_WITHIN_MS) throw new Error(`it rang after ${String(Math.round(tookMs))} ms`);
    await centre.connected(callId);
    await centre.hearsEcho();
    await centre.hangUp(callId);
    await carrier.finished();
    dead?.carrier.close();
  },
});
const RINGS_WITHIN_MS = 5_000;

const FAILOVER: readonly InteropCase[] = [
  failover('failover-503', '503 of the first address: the second rings within 5 s', (c) => [c.invited(), c.respond(503), recv('ACK')]),
  failover('failover-silent', 'the first address says nothing: the second rings within 5 s', (c) => [
    c.invited().replace('next="options"', 'next="silent"'),
    '<label id="silent"/>',
    pause(30_000),
  ]),
  failover('failover-network', 'nobody listens at the first address: the second rings within 5 s', () => undefined),
];

/** The only way of a trunk takes the INVITE and never says a word about it. */
const silentAlone = (
  id: string,
  what: string,
  { options, afterMs }: { readonly options: boolean; readonly afterMs: number },
): InteropCase => ({
  id,
  group: 'failover',
  what,
  carrier: 'sipp',
  sound: false,
  async run(centre) {
    const invited = new CalledCarrier().invited();
    const steps = options
      ? [invited, pause(SILENCE_MS)]
      : [invited.replace('next="options"', 'next="silent"'), '<label id="silent"/>', pause(SILENCE_MS)];
    const { uri } = await centre.called(steps);
    await centre.sendTo({ outboundUri: uri, furtherUris: [] });
    const startedMs = performance.now();
    const callId = await centre.dial();
    const { cause } = await centre.rig.event('call.ended', (event) => event['callId'] === callId, SILENCE_MS);
    const tookMs = performance.now() - startedMs;
    if (cause !== 'carrier-silent') throw new Error(`the call ended as ${String(cause)}`);
    if (Math.abs(tookMs - afterMs) > SILENCE_SLACK_MS) throw new Error(`it ended after ${String(Math.round(tookMs))} ms`);
  },
});
const SILENCE_MS = 38_000;
const SILENCE_SLACK_MS = 3_500;

const SILENT: readonly InteropCase[] = [
  silentAlone('silent-alone', 'the only address says nothing, to OPTIONS neither: ends as carrier-silent after 8 s', {
    options: false,
    afterMs: 8_000,
  }),
  silentAlone('silent-but-there', 'the only address answers OPTIONS and never says 100: waited for, ends as carrier-silent after 30 s', {
    options: true,
    afterMs: 30_000,
  }),
];

export const casesOut: readonly InteropCase[] = [...RINGING, ...REFUSED, ...IDENTITY, ...OUT_CALL, ...FAILOVER, ...SILENT];
