import { describe, expect, test } from '@jest/globals';
import { parseCSeq, parseNameAddr, parseVia, tagOf } from './grammar.js';
import type { SipRequest } from './message.js';
import { parseMessage } from './parse.js';
import { serialise } from './serialise.js';
import { parseUri } from './uri.js';
import { refusalOf, responseDefect, unsupportedExtension } from './validate.js';

// The cases of RFC 4475 and RFC 5118 by their names there, each reduced to what it is about.

interface Parts {
  readonly start?: string;
  readonly via?: string;
  readonly from?: string;
  readonly to?: string;
  readonly cseq?: string;
  readonly callId?: string;
  readonly length?: string;
  readonly extra?: readonly string[];
  readonly body?: string;
}

function text(parts: Parts): Buffer {
  const { start = 'OPTIONS sip:user@example.com SIP/2.0', body = '' } = parts;
  const method = start.split(/\s/)[0] ?? '';
  return Buffer.from(
    [
      start,
      `Via: ${parts.via ?? 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw'}`,
      'Max-Forwards: 70',
      `From: ${parts.from ?? '<sip:caller@example.net>;tag=93942939o2'}`,
      `To: ${parts.to ?? '<sip:user@example.com>'}`,
      `Call-ID: ${parts.callId ?? 'torture.0ha0isndaksdj'}`,
      `CSeq: ${parts.cseq ?? `8 ${method}`}`,
      ...(parts.extra ?? []),
      `Content-Length: ${parts.length ?? String(Buffer.byteLength(body))}`,
      '',
      body,
    ].join('\r\n'),
  );
}

/** `accepted`, `dropped`, or the status of the answer. */
function verdict(data: Buffer): 'accepted' | 'dropped' | number {
  const parsed = parseMessage(data);
  if (parsed.kind === 'garbage') return 'dropped';
  if (parsed.kind === 'malformed') return parsed.status;
  const { message, declaredLength } = parsed;
  if (message.kind === 'response') return responseDefect(message) === undefined ? 'accepted' : 'dropped';
  return (refusalOf(message, declaredLength) ?? unsupportedExtension(message))?.status ?? 'accepted';
}

function request(data: Buffer): SipRequest {
  const parsed = parseMessage(data);
  if (parsed.kind !== 'message' || parsed.message.kind !== 'request') throw new Error(`not a request: ${parsed.kind}`);
  return parsed.message;
}

test.each<[name: string, parts: Parts]>([
  [
    'intmeth: a method and parts made of every token character',
    {
      start:
        "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0",
    },
  ],
  ['esc01: percent escapes in a user part', { start: 'INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0' }],
  [
    'escnull: escaped NULs in a user part',
    {
      start: 'REGISTER sip:example.com SIP/2.0',
      to: 'sip:null-%00-null@example.com',
      extra: ['Contact: <sip:%00@host5.example.com>', 'Contact: <sip:%00%00@host5.example.com>'],
    },
  ],
  ['esc02: percent in a method is no escape', { start: 'RE%47IST%45R sip:registrar.example.com SIP/2.0' }],
  ['lwsdisp: no blank between a display name and its URI', { from: 'caller<sip:caller@example.com>;tag=323' }],
  ['longreq: very long values', { extra: [`Unknown-${'long'.repeat(50)}: ${'value'.repeat(200)}`, `Supported: ${'x'.repeat(2_000)}`] }],
  ['semiuri: a semicolon in a user part', { start: 'OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0' }],
  ['transports: a Via with an unknown transport', { extra: ['Via: SIP/2.0/UNKNOWN t5.example.com;branch=z9hG4bKkdjuw2'] }],
  [
    'mpart01: a body with NULs and bytes of every kind',
    {
      start: 'MESSAGE sip:kumiko@example.org SIP/2.0',
      extra: ['Content-Type: multipart/mixed;boundary=x'],
      body: '--x\r\n\r\n\0\u0001\r\n--x--',
    },
  ],
  [
    'regaut01: an authorization scheme nobody knows',
    { start: 'REGISTER sip:example.com SIP/2.0', extra: ['Authorization: NoOneKnowsThisScheme opaque-data=here'] },
  ],
  ['baddate: a Date not in GMT', { start: 'INVITE sip:user@example.com SIP/2.0', extra: ['Date: Fri, 01 Jan 2010 16:00:00 EST'] }],
  ['badbranch: the magic cookie alone', { via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK' }],
  [
    'inv2543: an INVITE without a branch, of RFC 2543',
    { start: 'INVITE sip:UserB@example.com SIP/2.0', via: 'SIP/2.0/UDP iftgw.example.com' },
  ],
  [
    'cparam01 and 02: unknown Contact parameters',
    { start: 'REGISTER sip:example.com SIP/2.0', extra: ['Contact: sip:+19725552222@gw1.example.net;unknownparam'] },
  ],
  [
    'regescrt: a URI header in a Contact',
    { start: 'REGISTER sip:example.com SIP/2.0', extra: ['Contact: <sip:user@example.com?Route=%3Csip:sip.example.com%3E>'] },
  ],
  ['zeromf: Max-Forwards 0 at an endpoint', {}],
  ['sdp01: nothing the server has to accept', { start: 'INVITE sip:user@example.com SIP/2.0', extra: ['Accept: text/nobodyKnowsThis'] }],
])('accepted: %s', (_name, parts) => {
  expect(verdict(text(parts))).toBe('accepted');
});

test.each<[name: string, parts: Parts, verdict: number | 'dropped']>([
  ['badinv01: empty elements in From', { from: '"caller" <sip:caller@example.net;tag=1' }, 400],
  ['clerr: Content-Length larger than the datagram', { start: 'INVITE sip:user@example.com SIP/2.0', length: '9999', body: 'v=0' }, 400],
  ['ncl: a negative Content-Length', { length: '-999' }, 400],
  [
    'scalar02: CSeq, Max-Forwards and the rest far too large',
    { start: 'REGISTER sip:example.com SIP/2.0', cseq: '36893488147419103232 REGISTER' },
    400,
  ],
  ['quotbal: a display name whose quote is never closed', { to: '"Mr J. User <sip:j.user@example.com>' }, 400],
  ['ltgtruri: angle brackets round the Request-URI', { start: 'INVITE <sip:user@example.com> SIP/2.0' }, 400],
  ['lwsruri: blanks inside the Request-URI', { start: 'INVITE sip:user@example.com; lr SIP/2.0' }, 400],
  ['lwsstart: two blanks in the request line', { start: 'INVITE  sip:user@example.com  SIP/2.0' }, 400],
  ['trws: a blank behind the version', { start: 'OPTIONS sip:remote-target@example.com SIP/2.0  ' }, 400],
  ['escruri: headers in the Request-URI', { start: 'INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0' }, 400],
  ['badvers: SIP 7.0', { start: 'OPTIONS sip:t.watson@example.org SIP/7.0' }, 505],
  ['mismatch01: a CSeq of another method', { cseq: '8 INVITE' }, 400],
  ['mismatch02: and with an unknown method', { start: 'NEWMETHOD sip:user@example.com SIP/2.0', cseq: '8 INVITE' }, 400],
  ['unkscm: a Request-URI scheme nobody knows', { start: 'OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0' }, 416],
  ['novelsc: one that exists but is not SIP', { start: 'OPTIONS soap.beep://192.0.2.103:3002 SIP/2.0' }, 416],
  ['bext01: an extension nobody knows', { extra: ['Require: nothingSupportsThis, nothingSupportsThisEither'] }, 420],
  ['multi01: two of what there may be one', { extra: ['From: <sip:other@example.com>;tag=2'] }, 400],
  ['mcl01: two Content-Lengths that differ', { extra: ['Content-Length: 5'], body: 'abc' }, 400],
  [
    'regbadct: Contact * with another',
    { start: 'REGISTER sip:example.com SIP/2.0', extra: ['Contact: *', 'Contact: <sip:a@b>', 'Expires: 0'] },
    400,
  ],
  ['* without Expires 0', { start: 'REGISTER sip:example.com SIP/2.0', extra: ['Contact: *', 'Expires: 60'] }, 400],
  ['a header line without a colon', { extra: ['this is no header'] }, 400],
])('refused: %s', (_name, parts, expected) => {
  expect(verdict(text(parts))).toBe(expected);
});

test('insuf: without To, Call-ID and the rest there is a 400; without a Via there is nobody to tell', () => {
  const via = 'Via: SIP/2.0/UDP 192.0.2.95;branch=z9hG4bKkdj.insuf';
  expect(verdict(Buffer.from(`INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\n${via}\r\n\r\n`))).toBe(400);
  expect(verdict(Buffer.from('INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\n\r\n'))).toBe('dropped');
});

test('wsinv: folding, blanks and compact names everywhere', () => {
  const data = Buffer.from(
    [
      'INVITE sip:vivek@chair.example.com;unknownparam SIP/2.0',
      'TO :',
      ' sip:vivek@chair.example.com ;   tag    = 1918181833n',
      'from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>',
      '  ;',
      '  tag = 98asjd8',
      'MaX-fOrWaRdS: 0068',
      'i: wsinv.ndaksdj@192.0.2.1',
      'l   : 0',
      'cseq: 0009',
      '  INVITE',
      'Via  : SIP  /   2.0',
      ' /UDP',
      '    192.0.2.2;branch=390skdjuw',
      's :',
      'UnknownHeaderWithUnusualValue: ;;,,;;,;',
      'v:  SIP  / 2.0  / TCP     spindle.example.com   ;',
      '  branch  =   z9hG4bK9ikj8  ,',
      ' SIP  /    2.0   / UDP  192.168.255.111   ; branch=',
      ' z9hG4bK30239',
      'm:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =',
      '      newvalue ;',
      '  secondparam ; q = 0.33',
      '',
      '',
    ].join('\r\n'),
  );
  const message = request(data);
  expect(verdict(data)).toBe('accepted');
  expect(tagOf(message.headers.get('to'))).toBe('1918181833n');
  expect(tagOf(message.headers.get('from'))).toBe('98asjd8');
  expect(parseNameAddr(message.headers.get('from') ?? '')?.uri).toBe('sip:jdrosen@example.com');
  expect(parseCSeq(message.headers.get('cseq'))).toEqual({ number: 9, method: 'INVITE' });
  expect(message.headers.all('via').map((via) => parseVia(via)?.params.get('branch'))).toEqual([
    '390skdjuw',
    'z9hG4bK9ikj8',
    'z9hG4bK30239',
  ]);
  expect(parseNameAddr(message.headers.get('contact') ?? '')?.params.get('q')).toBe('0.33');
  expect(message.headers.get('unknownheaderwithunusualvalue')).toBe(';;,,;;,;');
});

test('dblreq: what follows Content-Length in a datagram is not part of the message', () => {
  const first = text({ start: 'REGISTER sip:example.com SIP/2.0' });
  const message = request(Buffer.concat([first, text({ start: 'INVITE sip:joe@example.com SIP/2.0' })]));
  expect(message.method).toBe('REGISTER');
  expect(message.body.length).toBe(0);
});

test.each([
  ['unreason: a reason in UTF-8', 'SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e', 'accepted'],
  ['noreason: none at all', 'SIP/2.0 100 ', 'accepted'],
  ['no blank behind the status either', 'SIP/2.0 100', 'accepted'],
  ['bigcode: a status out of range', 'SIP/2.0 4294967301 better not break the receiver', 'dropped'],
  ['status 999', 'SIP/2.0 999 what', 'dropped'],
] as const)('responses: %s', (_name, start, expected) => {
  expect(verdict(text({ start, cseq: '35 INVITE' }))).toBe(expected);
});

test('a response with a CSeq out of range is dropped (scalarlg)', () => {
  expect(verdict(text({ start: 'SIP/2.0 503 Service Unavailable', cseq: '9292394834772304023312 OPTIONS' }))).toBe('dropped');
});

test('a response is serialised as it was read', () => {
  const message = request(text({ start: 'MESSAGE sip:a@b SIP/2.0', extra: ['Subject: gr\u00fc\u00dfe'], body: '\u4f60\u597d' }));
  expect(parseMessage(serialise(message))).toEqual({ kind: 'message', message, declaredLength: 6 });
});

describe('RFC 5118, IPv6', () => {
  test.each<[name: string, start: string, via: string, verdict: 'accepted' | number | 'dropped']>([
    [
      '4.1 a reference in the Request-URI',
      'REGISTER sip:[2001:db8::10] SIP/2.0',
      'SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
      'accepted',
    ],
    ['4.2 one without brackets', 'REGISTER sip:2001:db8::10 SIP/2.0', 'SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111', 400],
    [
      '4.3 a port that might be part of the address',
      'REGISTER sip:[2001:db8::10:5070] SIP/2.0',
      'SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
      'accepted',
    ],
    [
      '4.4 a port behind the brackets',
      'REGISTER sip:[2001:db8::10]:5070 SIP/2.0',
      'SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
      'accepted',
    ],
    [
      '4.5 received with brackets',
      'BYE sip:[2001:db8::10] SIP/2.0',
      'SIP/2.0/UDP [2001:db8::9:1];received=[2001:db8::9:255];branch=z9hG4bKas3-111',
      'accepted',
    ],
    [
      '4.5 received without',
      'OPTIONS sip:[2001:db8::10] SIP/2.0',
      'SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:255;branch=z9hG4bKas3',
      'accepted',
    ],
    [
      '4.6 more than one delimiter of the port',
      'OPTIONS sip:[2001:db8:::192.0.2.1] SIP/2.0',
      'SIP/2.0/UDP [2001:db8::9:1];branch=z9hG4bKas3-111',
      'accepted',
    ],
    [
      '4.10 an IPv4-mapped address',
      'INVITE sip:user@[::ffff:192.0.2.10] SIP/2.0',
      'SIP/2.0/UDP [::ffff:192.0.2.2]:5060;branch=z9hG4bKas3',
      'accepted',
    ],
    ['a Via address without brackets', 'OPTIONS sip:[2001:db8::10] SIP/2.0', 'SIP/2.0/UDP 2001:db8::9:1;branch=z9hG4bKas3-111', 'dropped'],
  ])('%s', (_name, start, via, expected) => {
    expect(verdict(text({ start, via }))).toBe(expected);
  });

  test('host and port of a reference are told apart', () => {
    expect(parseUri('sip:[2001:db8::10:5070]')).toMatchObject({ host: '[2001:db8::10:5070]', port: undefined });
    expect(parseUri('sip:u@[2001:db8::10]:5070;transport=tcp')).toMatchObject({ host: '[2001:db8::10]', port: 5070, user: 'u' });
    expect(parseVia('SIP/2.0/UDP [2001:db8::9:1]:6050;branch=x')).toMatchObject({ host: '[2001:db8::9:1]', port: 6050 });
  });
});

test('a thousand Vias are refused and cost no more than a thousand lines', () => {
  const vias = Array.from({ length: 1_000 }, (_unused, index) => `Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK${String(index)}`);
  expect(verdict(text({ extra: vias }))).toBe(400);
});

test('headers without an end, longer than any message, and none at all are dropped', () => {
  expect(verdict(Buffer.from('OPTIONS sip:a@b SIP/2.0\r\nVia: x'))).toBe('dropped');
  expect(verdict(text({ extra: [`X: ${'x'.repeat(70_000)}`] }))).toBe('dropped');
  expect(verdict(Buffer.alloc(100))).toBe('dropped');
  expect(verdict(Buffer.from('\0\0\r\n\r\n'))).toBe('dropped');
});

test('what is all blanks, folds or gaps costs no more than its length', () => {
  const many = 60_000;
  const lines = [
    `INVITE${' '.repeat(many)}x`,
    `INVITE${' '.repeat(many)}sip:a@b${' '.repeat(100)}SIP/2.0`,
    `INVITE sip:a@b SIP/2.0\r\nSubject: ${' '.repeat(many)}x\r\n y`,
    `INVITE sip:a@b SIP/2.0\r\nSubject: a${'\r\n '.repeat(many / 3)}b`,
  ];
  for (const line of lines) expect(['garbage', 'message', 'malformed']).toContain(parseMessage(Buffer.from(`${line}\r\n\r\n`)).kind);
});

test.each([
  ['INVITE sip:a@b SIP/2.0', true],
  ['INVITE  sip:a@b SIP/2.0', false],
  ['INVITE sip:a@b SIP/2.0 ', false],
  ['INVITE SIP/2.0', false],
  ['INVITE  SIP/2.0', false],
  ['INVITE sip:a b@c SIP/2.0', false],
])('the start line %j is whole: %s', (start, whole) => {
  expect(parseMessage(text({ start, cseq: '8 INVITE' })).kind === 'message').toBe(whole);
});
