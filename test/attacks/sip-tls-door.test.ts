import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { CarrierCertificates, Certificate } from '../support/phones/certificates.js';
import { OpensslPeer } from '../support/phones/openssl-peer.js';
import { until } from '../support/until.js';
import { overTls, STRANGER, TRUTHFUL } from './support/carrier.js';
import { describedAt, nonce, RawSip } from './support/raw-sip.js';
import { attacked, certificatesFolder, endAllCalls } from './support/tier.js';

const stack = attacked();
const certificates = JSON.parse(readFileSync(join(certificatesFolder(), 'all.json'), 'utf8')) as CarrierCertificates;
const door = { address: '127.0.0.1', port: stack.ready.ports['sipTls'] ?? 0 };

afterEach(() => endAllCalls(stack));
afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

const invite = (from: string): string =>
  [
    'INVITE sip:4001000@127.0.0.1 SIP/2.0',
    `Via: SIP/2.0/TLS ${from}:5061;branch=z9hG4bK${nonce()}`,
    'Max-Forwards: 70',
    `From: <sip:13800000002@carrier.test>;tag=${nonce()}`,
    'To: <sip:4001000@127.0.0.1>',
    `Call-ID: ${nonce()}`,
    'CSeq: 1 INVITE',
    `Contact: <sip:carrier@${from}:5061;transport=tls>`,
    'Content-Type: application/sdp',
    `Content-Length: ${describedAt(from, 9_000).length}`,
    '',
    describedAt(from, 9_000),
  ].join('\r\n');

/** What a caller over TLS receives until it is answered or cut. */
async function callOverTls(shown: Certificate | undefined, from: string = overTls.address): Promise<string> {
  using peer = OpensslPeer.client({ shown, from, to: door, authority: certificates.authority });
  peer.write(invite(from));
  await Promise.race([peer.until(/SIP\/2\.0 [2-6]\d\d /), peer.ended]);
  return /SIP\/2\.0 [2-6]\d\d/.exec(peer.received)?.[0] ?? peer.received;
}

describe('the door of trunks over TLS', () => {
  test('accepts the carrier by its certificate, so that the refusals below concern others only', async () => {
    expect(
      await until(
        () => callOverTls(certificates.right),
        (heard) => heard !== '',
      ),
    ).toBe('SIP/2.0 200');
  });

  test.each([
    ["another carrier's certificate", certificates.neighbour, overTls.address],
    ['a certificate that has run out', certificates.expired, overTls.address],
    ['a certificate that nobody vouches for', certificates.untrusted, overTls.address],
    ['no certificate', undefined, overTls.address],
    ['the right certificate at an address of no trunk', certificates.right, STRANGER],
    ['the right certificate at the address of another carrier', certificates.right, TRUTHFUL],
  ])('says nothing to %s', async (_what, shown, from) => {
    expect(await callOverTls(shown, from)).toBe('');
  });

  test.each(['udp', 'tcp'] as const)('cannot be bypassed over %s from the address of its carrier', async (transport) => {
    using sip = await RawSip[transport](overTls.address, stack.sip);
    const uri = `sip:4001000@${stack.sip.address}:${stack.sip.port}`;
    const answer = await sip.ask({ method: 'INVITE', uri, body: describedAt(overTls.address, 9_000) });
    expect(answer?.status).toBe(403);
  });
});
