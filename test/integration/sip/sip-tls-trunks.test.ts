import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import { asPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createSignalling, type TrunkCall } from '../../../services/signalling/index.js';
import { carrierCertificates, materialOf, type CarrierCertificates, type Certificate } from '../../support/phones/certificates.js';
import { OpensslPeer } from '../../support/phones/openssl-peer.js';
import { until } from '../../support/until.js';
import { RawPeer, SDP, SECRET, portOf, startServer } from './sip-support.js';

// A carrier that speaks SIP over TLS alone, with openssl on its side: s_client where it calls, s_server where it is called.

const CARRIER = '127.0.0.71';
const STRANGER = '127.0.0.66';
const NAME = 'sbc.carrier.test';

let folder: string;
let certificates: CarrierCertificates;
let server: SipServer;
let signalling: ReturnType<typeof createSignalling>;
let trunk: Trunk;
let calls: { answered: number; ended: number };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-trunks-'));
  certificates = await carrierCertificates(folder, NAME);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(async () => {
  calls = { answered: 0, ended: 0 };
  trunk = {
    id: 'carrier',
    name: 'carrier',
    carrier: '',
    addresses: [CARRIER],
    transport: 'tls',
    certificate: NAME,
    trustsIdentity: false,
    permittedCallerNumbers: [],
    enabled: true,
  };
  const peersFile = join(folder, 'peers.json');
  server = await startServer({
    contacts: ['sip:127.0.0.1:0;transport=udp,tcp', 'sip:127.0.0.1:0;transport=tls'],
    tls: { ...(await materialOf(certificates.ours)), ca: await readFile(certificates.authority.certFile) },
    peersFile,
  });
  signalling = createSignalling({
    drachtioUrl: `tcp://127.0.0.1:${server.admin.port}`,
    drachtioSecret: SECRET,
    doors: { seatPort: 1, testPort: 2, testAddress: '127.0.0.1' },
    peersFile,
    seatKey: 'a key of seats',
    seatOwner: () => Promise.resolve(undefined),
    trunks: () => ({ trunks: () => [trunk], trunk: () => trunk }),
    redeem: () => true,
    notSent: () => undefined,
    onTrunkCall: answer,
    onSeatCall: () => Promise.resolve(),
    log: silentLogger,
  });
  await signalling.service.start();
});
afterEach(async () => {
  await signalling.service.stop();
  await server.close();
});

async function answer(call: TrunkCall): Promise<void> {
  call.onEnded(() => (calls.ended += 1));
  await call.answer(SDP);
  calls.answered += 1;
}

const carrier = (shown: Certificate | undefined, from = CARRIER): OpensslPeer =>
  OpensslPeer.client({ shown, from, to: { address: '127.0.0.1', port: portOf(server, 'tls') }, authority: certificates.authority });

/** A request of the carrier by hand. */
const request = (method: string, callId: string, { to, seq = 1, body = '' }: { to?: string; seq?: number; body?: string } = {}): string =>
  [
    `${method} sip:4001000@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/TLS ${CARRIER}:5061;branch=z9hG4bK${callId}${method}`,
    'Max-Forwards: 70',
    'From: <sip:13800000002@carrier.test>;tag=carrier',
    `To: ${to ?? '<sip:4001000@127.0.0.1>'}`,
    `Call-ID: ${callId}`,
    `CSeq: ${seq} ${method}`,
    `Contact: <sip:carrier@${CARRIER}:5061>`,
    ...(body === '' ? [] : ['Content-Type: application/sdp']),
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');

/** Calls over TLS; resolves with the To of the answer, or undefined when the connection was closed instead. */
async function callOver(peer: OpensslPeer, callId: string): Promise<string | undefined> {
  peer.write(request('INVITE', callId, { body: SDP }));
  const answered = peer.until(/SIP\/2\.0 200 OK[^]*\r\n\r\n/);
  if ((await Promise.race([answered, peer.ended])) === 'ended') return undefined;
  const to = /^To: (.*)\r$/m.exec(await answered)?.[1] ?? '';
  peer.write(request('ACK', callId, { to }));
  return to;
}

async function isAnswered(shown: Certificate | undefined, from?: string): Promise<boolean> {
  using peer = carrier(shown, from);
  return (await callOver(peer, `call-${calls.answered}`)) !== undefined;
}

describe('a call that comes in', () => {
  test('by the certificate that the trunk names is answered, and ended by a BYE', async () => {
    using peer = carrier(certificates.right);
    const to = await callOver(peer, 'right');
    expect(calls).toEqual({ answered: 1, ended: 0 });
    peer.write(request('BYE', 'right', { to: to ?? '', seq: 2 }));
    await peer.until(/SIP\/2\.0 200 OK[^]*CSeq: 2 BYE/);
    expect(calls).toEqual({ answered: 1, ended: 1 });
  });

  test.each(['neighbour', 'expired', 'untrusted'] as const)('is refused by a certificate that is not: %s', async (which) => {
    expect(await isAnswered(certificates[which])).toBe(false);
    expect(calls.answered).toBe(0);
  });

  test('is refused without a certificate, and from an address of no trunk though the certificate is right', async () => {
    expect(await isAnswered(undefined)).toBe(false);
    expect(await isAnswered(certificates.right, STRANGER)).toBe(false);
    expect(calls.answered).toBe(0);
  });

  test('in clear is refused: the address alone proves nothing of this trunk', async () => {
    const caller = await RawPeer.open(portOf(server, 'udp'), CARRIER);
    const sdp = { extra: ['Content-Type: application/sdp'], body: SDP };
    caller.sendText(caller.requestText('INVITE', { callId: 'clear', uri: 'sip:4001000@127.0.0.1', ...sdp }));
    expect((await caller.response(403)).status).toBe(403);
    expect(calls.answered).toBe(0);
    caller.close();
  });

  test('by a fingerprint is answered although no authority vouches for it, and by another certificate is not', async () => {
    trunk = { ...trunk, certificate: certificates.untrusted.fingerprint };
    // A change to the trunk's certificate is known within a second.
    await until(() => isAnswered(certificates.untrusted), Boolean);
    expect(await isAnswered(certificates.right)).toBe(false);
    expect(calls.answered).toBe(1);
  });

  test('is not ended in clear by somebody at the same address who has read its tags', async () => {
    using peer = carrier(certificates.right);
    const to = (await callOver(peer, 'tags')) ?? '';
    const thief = await RawPeer.open(portOf(server, 'udp'), CARRIER);
    thief.sendText(thief.requestText('BYE', { callId: 'tags', to, fromTag: 'carrier', seq: 5 }));
    expect((await thief.response(403, 'BYE')).status).toBe(403);
    expect(calls.ended).toBe(0);
    thief.close();
  });
});

test('a connection is closed when the trunk no longer names its certificate', async () => {
  using peer = carrier(certificates.right);
  peer.write(request('OPTIONS', 'before'));
  await peer.until(/SIP\/2\.0 200 OK/);
  trunk = { ...trunk, certificate: 'sbc.neighbour.test' };
  let asked = 0;
  const asking = setInterval(() => peer.write(request('OPTIONS', `after${(asked += 1)}`)), 100);
  expect(await peer.ended).toBe('ended');
  clearInterval(asking);
});

describe('a call that goes out', () => {
  async function freePort(): Promise<number> {
    const free = createServer().listen(0, CARRIER);
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    return port;
  }

  const isListening = (port: number): Promise<boolean> =>
    readFile('/proc/net/tcp', 'utf8').then((table) =>
      table.includes(`4700007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A`),
    );

  /** Whether a call reaches a carrier that shows this certificate; what it heard goes to `heard`. */
  async function goesOut(shown: Certificate): Promise<{ readonly answered: boolean; readonly heard: string }> {
    const port = await freePort();
    using called = OpensslPeer.server(shown, { address: CARRIER, port });
    await until(() => isListening(port), Boolean);
    trunk = { ...trunk, outboundUri: `sip:${CARRIER}:${port}` };
    const permit = { permitId: 'p', trunkId: 'carrier', from: '4001000', number: '02160000001', way: 'dial' };
    const dialled = signalling.dialler
      .dial({
        permit: asPermit(permit as never),
        sdp: SDP,
        timeoutMs: 5_000,
        onLeaving: () => undefined,
        signal: new AbortController().signal,
      })
      .then(
        () => true,
        () => false,
      );
    const invited = called.until(/INVITE sip:02160000001@[^]*\r\n\r\n/);
    if ((await Promise.race([invited, dialled])) !== false) called.write(okTo(await invited, port));
    return { answered: await dialled, heard: called.received };
  }

  const okTo = (invite: string, port: number): string => {
    const header = (name: string): string => new RegExp(`^${name}: .*`, 'm').exec(invite)?.[0].trim() ?? '';
    const own = [`${header('To')};tag=carrier`, `Contact: <sip:carrier@${CARRIER}:${port};transport=tls>`, 'Content-Type: application/sdp'];
    const given = ['Via', 'From', 'Call-ID', 'CSeq'].map(header);
    return ['SIP/2.0 200 OK', ...given, ...own, `Content-Length: ${SDP.length}`, '', SDP].join('\r\n');
  };

  test('to a carrier with the certificate that the trunk names is answered', async () => {
    expect(await goesOut(certificates.right)).toMatchObject({ answered: true });
  });

  test.each(['neighbour', 'expired', 'untrusted'] as const)(
    'to a server whose certificate is %s is given up, and it hears nothing of the call',
    async (which) => {
      expect(await goesOut(certificates[which])).toEqual({ answered: false, heard: '' });
    },
  );
});
