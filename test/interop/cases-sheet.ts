import { asked, incoming, outgoing, type InteropCase } from './case.js';
import { arrives, only, refused } from './cases-in.js';
import type { InteropCentre, Talk } from './centre.js';
import { CallingCarrier, hungUp, mark, maybe, ok, recv, response, sdp, type CalledCarrier, type Step } from './scenario.js';

// What a carrier's sheet says: how it writes numbers, whom it wants to read as the caller, which codecs it has.

const MANY = sdp({ payloads: '8 0 9 101', maps: ['8 PCMA/8000', '0 PCMU/8000', '9 G722/8000', '101 telephone-event/8000'] });
const answeredBy = (c: CallingCarrier, payload: number): Step[] => [
  c.invite({ body: MANY }),
  maybe(100),
  response(200, { pattern: `m=audio [0-9]+ RTP/AVP ${String(payload)} 101` }),
  c.ack(),
];
const offered = (c: CalledCarrier, payloads: string, body = sdp()): Step[] => [
  c.invited({ pattern: `m=audio [0-9]+ RTP/AVP ${payloads}` }),
  c.respond(180),
  c.answer(body),
  recv('ACK'),
];

const NUMBERS: readonly InteropCase[] = [
  arrives(
    'rule-in',
    'a carrier that writes 99 before its callers and 86 before the number called: both are as the centre has them',
    '138****0001 to 4001000',
    (c) => c.invite(),
    new CallingCarrier('864001000', '<sip:9913800000001@carrier.test>'),
    {
      trunk: {
        numberRules: [
          { use: 'caller-in', starts: '99', length: 13, remove: 2, put: '' },
          { use: 'called-in', starts: '86', remove: 2, put: '' },
        ],
      },
    },
  ),
  outgoing('identity', ['rule-out', 'the number called and the number shown in E.164, by rules'], {
    trunk: {
      numberRules: [
        { use: 'called-out', starts: '0', remove: 1, put: '+86' },
        { use: 'caller-out', starts: '', remove: 0, put: '+86' },
      ],
    },
    steps: (c) => [
      c.invited(
        { pattern: 'INVITE sip:.862160000001@' },
        { header: 'From', pattern: 'sip:.864001000@' },
        { header: 'P-Asserted-Identity', pattern: 'sip:.864001000@' },
      ),
      c.answer(),
      recv('ACK'),
    ],
  }),
  outgoing('identity', ['account-in-from', 'the account and the carrier’s domain in From, the number in P-Preferred-Identity'], {
    trunk: {
      digest: { username: 'site1', password: 'interop-secret' },
      identity: { user: 'account', domain: 'carrier.test', header: 'preferred', diversion: false },
    },
    steps: (c) => [
      c.invited(
        { header: 'From', pattern: 'sip:site1@carrier.test' },
        { header: 'P-Preferred-Identity', pattern: 'sip:4001000@carrier.test' },
      ),
      c.answer(),
      recv('ACK'),
    ],
  }),
  outgoing('identity', ['privacy-none', 'a carrier that asks for Privacy: none, and the number is shown'], {
    trunk: { identity: { user: 'number', header: 'asserted', diversion: false, privacy: 'none' } },
    steps: (c) => [
      c.invited({ header: 'Privacy', pattern: 'none' }, { header: 'P-Asserted-Identity', pattern: 'sip:4001000@' }),
      c.answer(),
      recv('ACK'),
    ],
  }),
];

const CODECS: readonly InteropCase[] = [
  incoming('codecs', ['order-pcmu', 'PCMU before PCMA on the sheet: PCMU is taken of both'], {
    trunk: { codecs: ['PCMU', 'PCMA'] },
    steps: (c) => answeredBy(c, 0),
  }),
  incoming('codecs', ['order-g722', 'G.722 first on the sheet: G.722 is taken of three'], {
    trunk: { codecs: ['G722', 'PCMA'] },
    steps: (c) => answeredBy(c, 9),
  }),
  asked(
    'codecs',
    ['g729-not-used', 'G.729 alone where the sheet has no G.729: 488'],
    (c) => refused(c, 488, c.invite({ body: only('18', 'G729/8000') })),
    { trunk: { codecs: ['PCMA'] } },
  ),
  outgoing('codecs', ['offer-order', 'G.722, then PCMU offered as on the sheet; G.722 is taken'], {
    trunk: { codecs: ['G722', 'PCMU'] },
    steps: (c) => offered(c, '9 0 101', only('9', 'G722/8000')),
  }),
  outgoing('codecs', ['offer-opus', 'Opus and PCMA offered; Opus is taken'], {
    trunk: { codecs: ['OPUS', 'PCMA', 'G729'] },
    steps: (c) => offered(c, '[0-9]+ 8 101', only('96', 'opus/48000/2')),
  }),
];

/** The carrier sends back what it hears, so a 9 that it got by its sound comes back as the far side's refusal of further calls. */
const refusedByEcho = async (centre: InteropCentre, { callId }: Talk): Promise<void> => {
  await centre.hearsEcho();
  await centre.sendKeys(callId, '9');
  const { cause } = await centre.rig.ended(callId);
  if (cause !== 'refused-by-key') throw new Error(`the digit did not come back: ended as ${String(cause)}`);
};
const NO_EVENTS = sdp({ payloads: '8', maps: ['8 PCMA/8000'] });

const DIGITS: readonly InteropCase[] = [
  outgoing('digits', ['sent-4733', 'a digit is sent by RFC 4733, as usual'], {
    endedBy: 'carrier',
    steps: (c) => [...offered(c, '8 0 101'), hungUp],
    talk: refusedByEcho,
  }),
  outgoing('digits', ['sent-info', 'a carrier that asks for INFO: a digit as application/dtmf-relay'], {
    trunk: { digits: 'info' },
    steps: (c) => [
      ...offered(c, '8 0 101'),
      recv('INFO', { header: 'Content-Type', pattern: 'application/dtmf-relay' }, { pattern: 'Signal=5.*Duration=160' }),
      ok(),
      mark('pressed'),
    ],
    async talk(centre, { callId, carrier }) {
      await centre.hearsEcho();
      await centre.sendKeys(callId, '5');
      await carrier.reached('pressed');
    },
  }),
  outgoing('digits', ['sent-tones', 'a carrier that asks for tones: no telephone-event is offered, and a digit is two tones'], {
    trunk: { digits: 'tones' },
    endedBy: 'carrier',
    steps: (c) => [
      c.invited({ pattern: 'm=audio [0-9]+ RTP/AVP 8 0' }, { pattern: 'telephone-event', absent: true }),
      c.respond(180),
      c.answer(NO_EVENTS),
      recv('ACK'),
      hungUp,
    ],
    talk: refusedByEcho,
  }),
];

export const casesOfSheets: readonly InteropCase[] = [...NUMBERS, ...CODECS, ...DIGITS];
