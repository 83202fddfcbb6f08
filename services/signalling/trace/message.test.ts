import { expect, test } from '@jest/globals';
import { ladderOf } from './ladder.js';
import { maskedMessages } from './masked-message.js';
import { labelOf, readSipText, userIn, writeSipText } from './sip-text.js';
import { withoutSecrets } from './without-secrets.js';

const sdp = [
  'v=0',
  'o=13800138000 1 1 IN IP4 192.0.2.9',
  's=call of 13800138000',
  'c=IN IP4 192.0.2.9',
  'm=audio 4000 RTP/SAVP 8',
  'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SECRETSECRETSECRETSECRETSECRETSECRETSECRET|2^20|1:32;inline:SECRET2',
  'A=Crypto: 1 SECRET',
  'k=clear:SECRET',
  'a=ice-pwd:SECRET',
  'a=key-mgmt:mikey SECRET',
  'a=X-vendor-key:SECRET',
  'a=tool:box SECRET',
  'a=rtpmap:8 PCMA/8000',
  '',
].join('\r\n');

const invite = [
  'INVITE sip:4001000:SECRET@203.0.113.1?Authorization=SECRET SIP/2.0',
  'v: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK13800138000',
  'f: "13800138000 Zhang San" <sip:%31%338001380%300@192.0.2.9>;tag=a13800138000',
  't: Zhang San <sip:4001000@203.0.113.1>',
  'i: 138-0013-8000@192.0.2.9',
  'CSeq: 1 INVITE',
  'Authorization: Digest username="x",',
  ' response="SECRET"',
  'Proxy-Authorization : Digest response="SECRET"',
  'y: SECRET.SECRET.SECRET;info=<https://x>',
  'X-Vendor: SECRET 13800138000',
  'User-Agent: box 1.2 of 13800138000',
  'WWW-Authenticate: Digest realm="carrier", nonce="SECRET", opaque=SECRET',
  'a line that says SECRET and is no header',
  'c: application/sdp',
  'l: 1',
  '',
  sdp,
].join('\r\n');

test('credentials, keys, signatures and what only a vendor reads are not kept; the length is that of what is', () => {
  const kept = withoutSecrets(invite);
  expect(kept).not.toContain('SECRET');
  expect(kept).toContain('a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:[removed]');
  expect(kept).toContain('a=rtpmap:8 PCMA/8000');
  expect(kept).toContain('Digest realm="carrier"');
  const { fields, body } = readSipText(kept);
  expect(fields.find(([name]) => name === 'Content-Length')?.[1]).toBe(String(Buffer.byteLength(body)));
});

test('a digit that was pressed, a text and a coded body are not kept', () => {
  for (const head of [
    'Content-Type: application/dtmf-relay',
    'Content-Type: application/sdp\r\nContent-Encoding: gzip',
    'Content-Type: application/sdp\r\nc: text/plain',
  ])
    expect(withoutSecrets(`INFO sip:a@b SIP/2.0\r\n${head}\r\n\r\nSignal=7\r\n`)).not.toContain('Signal');
});

test('a number is hidden wherever it stands, in every message of its leg', () => {
  const bye = ['BYE sip:203.0.113.1:5060 SIP/2.0', 'Call-ID: 138-0013-8000@192.0.2.9', 'Reason: Q.850;text="to 13800138000"', '', ''].join(
    '\r\n',
  );
  const [first = '', second = ''] = maskedMessages([withoutSecrets(invite), bye]);
  for (const text of [first, second]) {
    expect(text.replace(/[-\s]/g, '')).not.toMatch(/13800138000|0138000/);
    expect(text).not.toMatch(/Zhang|San/);
  }
  expect(first).toContain('sip:138****8000@192.0.2.9');
  expect(first).toContain('192.0.2.9:5060;branch=');
  expect(second).toContain('BYE sip:203.0.113.1:5060');
});

test('users are read from any form of address', () => {
  expect(userIn('<sip:%2B8613800138000;phone-context=x@h>')).toBe('+8613800138000');
  expect(userIn('<tel:+8610;ext=1>')).toBe('+8610');
  expect(userIn('INVITE sip:203.0.113.1 SIP/2.0')).toBe('');
  expect(userIn('sip:%ZZ@h')).toBe('%ZZ');
});

test('a ladder says that a message describes sound only where it does', () => {
  const texts = [
    invite,
    'INFO sip:a@b SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=7\r\n',
    'BYE sip:a@b SIP/2.0\r\nContent-Length: 0\r\n\r\n',
  ];
  const messages = texts.map((text, place) => ({ atUs: place, way: 'in' as const, transport: 'udp' as const, text: withoutSecrets(text) }));
  const leg = {
    ...{ legId: 'a', orderId: 'o', direction: 'in' as const, fromMasked: '', toMasked: '' },
    startedAt: '2026-11-30T00:00:00.000Z',
  };
  expect(ladderOf([{ leg, messages, lost: 0 }]).messages.map(({ label, hasSdp }) => [label, hasSdp])).toEqual([
    ['INVITE', true],
    ['INFO', false],
    ['BYE', false],
  ]);
});

test('a password is not kept however long it is, and the port of a host is', () => {
  const kept = withoutSecrets(
    `INVITE sip:h:5060 SIP/2.0\r\nContact: <sip:a:${'SECRET'.repeat(100)}@h:5060;transport=tcp?Subject=SECRET>, <sips:b@h:5061>\r\nRefer-To: sip:c:SECRET@d:SECRET@h\r\n\r\n`,
  );
  expect(kept).not.toContain('SECRET');
  expect(kept).toContain('INVITE sip:h:5060 SIP/2.0');
  expect(kept).toContain('Contact: <sip:a:[removed]@h:5060;transport=tcp?[removed]>, <sips:b@h:5061>');
});

test('a name is hidden however it is written, and what an address says is not', () => {
  const [masked = ''] = maskedMessages([
    [
      'INVITE sip:a@b SIP/2.0',
      'From: "Zhang \\"San\\" Li" <sip:13800138000@h>;tag=x',
      'To: Zhang: Li <sip:4001000@h>',
      'Contact: <sip:13800138000@h>;+sip.instance="<urn:uuid:5>", "Zhang" <sip:13800138000@h2>;q=0.5,Li<sip:13800138000@h3>',
      '',
      '',
    ].join('\r\n'),
  ]);
  expect(masked).not.toMatch(/Zhang|San|Li\b/);
  expect(masked).toContain('From: "***" <sip:138****8000@h>;tag=x');
  expect(masked).toContain('<sip:138****8000@h>;+sip.instance="<urn:uuid:5>"');
  expect(masked).toContain('"***" <sip:138****8000@h2>;q=0.5,"***" <sip:138****8000@h3>');
});

test('the time of a hostile text grows with its length alone', () => {
  const cpuMsOf = (text: string): number => {
    const began = process.cpuUsage();
    userIn(text);
    maskedMessages([withoutSecrets(`INVITE ${text} SIP/2.0\r\nFrom: ${text}\r\n\r\n`)]);
    return process.cpuUsage(began).user / 1_000;
  };
  const numbers = Array.from({ length: 3_000 }, (_each, place) => `<sip:${String(1_000_000 + place)}@h>`).join(',');
  const texts = [
    `sip:${'a'.repeat(60_000)}`,
    `sip:${'a'.repeat(120)}`.repeat(480),
    'sip:'.repeat(15_000),
    'sip:1;'.repeat(10_000),
    `"${' '.repeat(60_000)}x`,
    `,${' '.repeat(60_000)}"x`,
    '\\"'.repeat(30_000),
    '?sip:'.repeat(12_000),
    numbers,
  ];
  // Backtracking expressions took from seconds to minutes for each of these.
  for (const text of texts) expect([text.slice(0, 20), cpuMsOf(text) < 1_000]).toEqual([text.slice(0, 20), true]);
});

test('hostile bytes make no error and no quadratic work', () => {
  const began = performance.now();
  for (const text of [
    '',
    '\r\n\r\n',
    ':'.repeat(16_000),
    'sip:'.repeat(4_000),
    `A: ${'"'.repeat(16_000)}`,
    `F: ${'<sip:1234567'.repeat(1_300)}`,
    '\u0000\u001b[31m\ud800',
    `\r\n ${' '.repeat(16_000)}`,
  ]) {
    const [masked = ''] = maskedMessages([withoutSecrets(text)]);
    expect(labelOf(readSipText(masked)).kind).toBe('request');
    expect(writeSipText(readSipText(masked))).toEqual(expect.any(String));
  }
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(labelOf(readSipText('<script>alert(1)</script>')).label).toBe('?');
  expect(labelOf(readSipText('SIP/2.0 486 Busy Here')).label).toBe('486 Busy Here');
});
