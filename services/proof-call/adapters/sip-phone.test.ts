import { expect, test } from '@jest/globals';
import { SipPhone, type SipLink } from './sip-phone.js';

const cseqOf = (request: string): string => /^CSeq: (.+)$/m.exec(request)?.[1]?.trim() ?? '';

function response(request: string, status: string, extra = ''): string {
  const copied = request.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/.test(line));
  return [`SIP/2.0 ${status}`, ...copied, ...(extra === '' ? [] : [extra]), 'Content-Length: 0', '', ''].join('\r\n');
}

test('a challenge that comes a second time is confirmed again and decides nothing', async () => {
  const sent: string[] = [];
  let receive: (text: string) => void = () => undefined;
  const link: SipLink = {
    via: 'UDP 192.0.2.1:5060',
    contact: '192.0.2.1:5060',
    send: (text) => void sent.push(text),
    onMessage: (handle) => (receive = handle),
    close: () => undefined,
  };
  const credential = { username: 'caller', password: 'secret' };
  const phone = await SipPhone.open({ server: link, local: '127.0.0.1', from: 'caller', credential }, 'sip:4009999@192.0.2.2');
  const status = phone.call();
  const challenge = response(sent[0] ?? '', '401 Unauthorized', 'WWW-Authenticate: Digest realm="r", nonce="n", algorithm=MD5, qop="auth"');
  receive(challenge);
  receive(challenge);
  expect(sent.map(cseqOf)).toEqual(['1 INVITE', '1 ACK', '2 INVITE', '1 ACK']);
  receive(response(sent[2] ?? '', '404 Not Found'));
  expect(await status).toBe(404);
  phone.close();
});
