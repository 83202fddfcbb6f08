import { describe, expect, test } from '@jest/globals';
import { createSeatPassage, type Passed, type SeatPassage } from './seat-passage.js';
import { first, readSip, type SipText } from './sip-text.js';

const SESSION = 'session-1';
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n';

const passage = (): SeatPassage =>
  createSeatPassage({ sessionId: SESSION, contactHost: 'made.invalid', originHeader: 'X-Origin', signedOrigin: (id) => `signed ${id}` });

function message(
  method: string,
  { uri = 'sip:seat@proofline.invalid', to = '', seq = 1, extra = [] as string[], body = '', callId = 'c1' } = {},
): string {
  return [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/WSS page.invalid;branch=z9hG4bK${method}${seq}`,
    'Max-Forwards: 70',
    'From: "Eve" <sip:110@bank>;tag=page',
    `To: <sip:seat@proofline.invalid>${to}`,
    `Call-ID: ${callId}`,
    `CSeq: ${seq} ${method}`,
    'Contact: <sip:abc@page.invalid;transport=ws>',
    ...extra,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

function sent(passed: Passed): SipText {
  if (passed.to !== 'server' && passed.to !== 'page') throw new Error(`it went to ${passed.to}`);
  const read = readSip(passed.text);
  if (read === undefined) throw new Error('no SIP');
  return read;
}

const answer = (status: number, extra: readonly string[] = []): string =>
  [
    `SIP/2.0 ${status} Whatever`,
    'Via: SIP/2.0/WS page.invalid;branch=z9hG4bKINVITE1',
    'Record-Route: <sip:edge.example;lr>',
    `From: <sip:${SESSION}@proofline.invalid>;tag=page`,
    'To: <sip:seat@proofline.invalid>;tag=server',
    'Call-ID: c1',
    'CSeq: 1 INVITE',
    'Contact: <sip:10.0.0.5:5062;transport=ws>',
    'Server: something',
    ...extra,
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');

/** A connection with an established call. */
function inCall(): SeatPassage {
  const seat = passage();
  seat.fromPage(message('INVITE', { body: SDP }));
  seat.fromServer(answer(200));
  return seat;
}

describe('a call of a page', () => {
  test('reaches the server written anew: of headers what is on the list, of identities what the ticket says', () => {
    const extra = ['P-Asserted-Identity: <sip:95533@bank>', 'Route: <sip:127.0.0.1:22222;lr>', 'Diversion: <sip:1@x>', 'X-Origin: forged'];
    const request = sent(passage().fromPage(message('INVITE', { body: SDP, extra: [...extra, 'Authorization: Digest username="x"'] })));
    expect(request.startLine).toBe('INVITE sip:seat@proofline.invalid SIP/2.0');
    expect(Object.fromEntries(request.headers)).toEqual({
      via: ['SIP/2.0/WS page.invalid;branch=z9hG4bKINVITE1'],
      'max-forwards': ['70'],
      from: [`<sip:${SESSION}@proofline.invalid>;tag=page`],
      to: ['<sip:seat@proofline.invalid>'],
      'call-id': ['c1'],
      cseq: ['1 INVITE'],
      contact: ['<sip:seat@made.invalid;transport=ws>'],
      authorization: ['Digest username="x"'],
      'x-origin': ['signed c1'],
      'content-type': ['application/sdp'],
      'content-length': [String(SDP.length)],
    });
    expect(request.body).toBe(SDP);
  });

  test.each(['sip:13800000001@carrier', 'sip:4001000@proofline.invalid', 'tel:110', 'sip:seat.x@proofline.invalid'])(
    'to %s is refused',
    (uri) => {
      expect(sent(passage().fromPage(message('INVITE', { uri }))).startLine).toContain('403');
    },
  );

  test('is one at a time, besides the one that replaces it', () => {
    const seat = passage();
    expect(['c1', 'c2', 'c3'].map((callId) => seat.fromPage(message('INVITE', { callId })).to)).toEqual(['server', 'server', 'page']);
  });
});

test.each(['REGISTER', 'MESSAGE', 'REFER', 'SUBSCRIBE', 'PUBLISH', 'NOTIFY', 'INFO'])('%s is answered 405', (method) => {
  expect(sent(inCall().fromPage(message(method))).startLine).toContain('405');
});

test.each([
  ['a Via that is not of this connection', message('INVITE').replace('SIP/2.0/WSS', 'SIP/2.0/UDP')],
  ['two Call-IDs', message('INVITE', { extra: ['Call-ID: c2'] })],
  ['a method that is not that of CSeq', message('INVITE').replace('1 INVITE', '1 BYE')],
  ['a bare line feed', message('INVITE').replace('Max-Forwards: 70', 'Max-Forwards: 70\nRoute: <sip:x>')],
  ['a folded line', message('INVITE').replace('Max-Forwards: 70', 'Max-Forwards:\r\n 70')],
  ['no SIP', 'hello'],
])('%s closes the connection', (_what, text) => {
  expect(passage().fromPage(text)).toEqual({ to: 'close' });
});

describe('within a call', () => {
  test('requests go where the answer said, by the proxies that it came by', () => {
    const bye = sent(inCall().fromPage(message('BYE', { uri: 'sip:127.0.0.1:27018', to: ';tag=server', seq: 2 })));
    expect(bye.startLine).toBe('BYE sip:10.0.0.5:5062;transport=ws SIP/2.0');
    expect(first(bye, 'route')).toBe('<sip:edge.example;lr>');
  });

  test("of another connection, or under another's tag, nothing passes", () => {
    expect(sent(inCall().fromPage(message('BYE', { callId: 'of-a-trunk', to: ';tag=x', seq: 2 }))).startLine).toContain('481');
    const other = message('BYE', { to: ';tag=server', seq: 2 }).replace('tag=page', 'tag=caller');
    expect(sent(inCall().fromPage(other)).startLine).toContain('481');
  });

  test('the page sees its own address, and nothing of the server', () => {
    const seat = inCall();
    const shown = readSip(seat.fromServer(answer(200)) ?? '');
    expect([...(shown?.headers.keys() ?? [])].sort()).toEqual(['call-id', 'contact', 'content-length', 'cseq', 'from', 'to', 'via']);
    expect(shown && first(shown, 'contact')).toBe('<sip:seat@proofline.invalid;transport=ws>');
    const bye = answer(200).replace('SIP/2.0 200 Whatever', 'BYE sip:seat@made.invalid SIP/2.0').replace('1 INVITE', '1 BYE');
    expect(readSip(seat.fromServer(bye) ?? '')?.startLine).toBe('BYE sip:abc@page.invalid;transport=ws SIP/2.0');
  });

  test('a page answers only what it was asked, once, and only by status and description', () => {
    const seat = inCall();
    const reply = [
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/WS edge;branch=z9hG4bKserver',
      'From: <sip:forged>;tag=forged',
      'To: <sip:forged>;tag=forged',
      'Call-ID: forged',
      'CSeq: 1 BYE',
      'P-Asserted-Identity: <sip:95533@bank>',
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    expect(seat.fromPage(reply)).toEqual({ to: 'nobody' });
    const bye = answer(200)
      .replace('SIP/2.0 200 Whatever', 'BYE sip:seat@made.invalid SIP/2.0')
      .replace('z9hG4bKINVITE1', 'z9hG4bKserver')
      .replace('1 INVITE', '1 BYE');
    seat.fromServer(bye);
    const passed = sent(seat.fromPage(reply));
    expect(first(passed, 'call-id')).toBe('c1');
    expect(first(passed, 'to')).toBe('<sip:seat@proofline.invalid>;tag=server');
    expect(passed.headers.has('p-asserted-identity')).toBe(false);
    expect(seat.fromPage(reply)).toEqual({ to: 'nobody' });
  });
});

test('a message of the server that is of no call of this connection is not shown', () => {
  expect(passage().fromServer(answer(200))).toBeUndefined();
});

test('a connection is busy while it has a call', () => {
  const seat = inCall();
  expect([passage().busy, seat.busy]).toEqual([false, true]);
  seat.fromPage(message('BYE', { to: ';tag=server', seq: 2 }));
  expect(seat.busy).toBe(false);
});
