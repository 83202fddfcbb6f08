import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takeAuthorities } from '../../../infra/supervisor/certificates/authorities.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import { asPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createSignalling } from '../../../services/signalling/index.js';
import { carrierCertificates, materialOf, type CarrierCertificates, type Certificate } from '../../support/phones/certificates.js';
import { SDP } from '../sip/sip-support.js';

// Outside servers whose certificates come from an authority of the site: with TLS_CA_FILE they are trusted, without it they are told
// nothing.

const CARRIER = 'sbc.carrier.test';
const root = join(import.meta.dirname, '..', '..', '..');
let folder: string;
let certificates: CarrierCertificates;
let authoritiesFile: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outgoing-tls-'));
  certificates = await carrierCertificates(folder, CARRIER);
  authoritiesFile = takeAuthorities(certificates.authority.certFile, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A process of the product as the supervisor starts it, with the authorities of the site or without. */
const processWith = (trusts: boolean, ...args: readonly string[]) =>
  spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], ...(trusts ? { NODE_EXTRA_CA_CERTS: authoritiesFile } : {}) },
    stdio: ['ignore', 'pipe', 'ignore'],
  });

/** Hangs up after the first bytes that a client sends within TLS. `greets`: a server that speaks first. */
class OutsideServer implements AsyncDisposable {
  heard = '';
  connections = 0;
  /** Resolves with the first bytes. */
  readonly first: Promise<void>;
  private constructor(private readonly server: Server) {
    this.first = new Promise((resolve) =>
      server.on('secureConnection', (socket) => {
        this.connections += 1;
        socket.on('error', () => undefined);
        socket.once('data', (data: Buffer) => {
          this.heard += data.toString('latin1');
          socket.destroy();
          resolve();
        });
      }),
    );
    server.on('tlsClientError', () => (this.connections += 1));
  }

  static async start(shown: Certificate, greets?: string): Promise<OutsideServer> {
    const server = createServer(await materialOf(shown));
    if (greets !== undefined) server.on('secureConnection', (socket) => socket.write(greets));
    const outside = new OutsideServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return outside;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    await once(this.server, 'close');
  }
}

describe.each([
  ['webhook', /^POST /],
  ['sms', /^POST /],
  ['wecom', /^POST /],
  ['dingtalk', /^POST /],
  ['time stamp', /^POST /],
  ['objects', /^(HEAD|GET) /],
  ['mail', /^EHLO /],
  ['documents', /ismaster|hello/i],
  ['live state', /\r\n/],
])('the client for %s', (name, protocol) => {
  const greeting = name === 'mail' ? '220 mail.example.test ESMTP\r\n' : undefined;

  test('speaks to a server of an authority of the site', async () => {
    await using outside = await OutsideServer.start(certificates.ours, greeting);
    const client = processWith(true, 'test/integration/platform/outgoing-tls-client.ts', name, String(outside.port));
    await outside.first;
    expect(outside.heard).toMatch(protocol);
    client.kill();
    await once(client, 'exit');
  });

  test('says nothing to it where that authority is not trusted', async () => {
    await using outside = await OutsideServer.start(certificates.ours, greeting);
    const client = processWith(false, 'test/integration/platform/outgoing-tls-client.ts', name, String(outside.port));
    expect((await once(client, 'exit')) as unknown[]).toEqual([0, null]);
    expect(outside.connections).toBeGreaterThan(0);
    expect(outside.heard).toBe('');
  });
});

describe('the SIP server', () => {
  const SECRET = 'a secret of this test';

  /** What a carrier over TLS hears of a call to it; the call is given up when its server is not trusted. */
  async function heardByCarrier(trusts: boolean): Promise<string> {
    const peersFile = join(folder, `peers-${String(trusts)}.json`);
    await writeFile(peersFile, '[]');
    const sip = processWith(
      trusts,
      'infra/embedded/sip/main.ts',
      ...['--admin', '127.0.0.1:0', '--secret', SECRET, '--peers', peersFile],
      ...['--contact', 'sip:127.0.0.1:0;transport=udp,tcp', '--contact', 'sip:127.0.0.1:0;transport=tls'],
      ...['--tls-cert', certificates.ours.certFile, '--tls-key', certificates.ours.keyFile],
    );
    const [line] = (await once(createInterface(sip.stdout), 'line')) as [string];
    const { admin } = JSON.parse(line) as { admin: { port: number } };
    await using outside = await OutsideServer.start(certificates.right);
    const trunk: Trunk = {
      id: 'carrier',
      name: 'carrier',
      carrier: '',
      addresses: ['127.0.0.1'],
      transport: 'tls',
      certificate: CARRIER,
      trustsIdentity: false,
      permittedCallerNumbers: [],
      enabled: true,
      outboundUri: `sip:127.0.0.1:${outside.port}`,
    };
    const signalling = createSignalling({
      drachtioUrl: `tcp://127.0.0.1:${admin.port}`,
      drachtioSecret: SECRET,
      doors: { seatPort: 1, testPort: 2, testAddress: '127.0.0.1' },
      peersFile,
      seatKey: 'a key of seats',
      seatOwner: () => Promise.resolve(undefined),
      trunks: () => ({ trunks: () => [trunk], trunk: () => trunk }),
      redeem: () => true,
      notSent: () => undefined,
      onTrunkCall: () => Promise.resolve(),
      onSeatCall: () => Promise.resolve(),
      log: silentLogger,
    });
    await signalling.service.start();
    const permit = { permitId: 'p', trunkId: 'carrier', from: '4001000', number: '02160000001', way: 'dial' };
    const given = signalling.dialler
      .dial({
        permit: asPermit(permit as never),
        sdp: SDP,
        timeoutMs: 10_000,
        onLeaving: () => undefined,
        signal: new AbortController().signal,
      })
      .catch(() => undefined);
    await Promise.race([outside.first, given]);
    const { heard } = outside;
    await given;
    await signalling.service.stop();
    sip.kill();
    await once(sip, 'exit');
    return heard;
  }

  test('speaks to a carrier of an authority of the site', async () => {
    // The product checks that the carrier is there before it calls.
    expect(await heardByCarrier(true)).toMatch(/^(INVITE|OPTIONS) sip:/);
  });

  test('tells it nothing of a call where that authority is not trusted', async () => {
    expect(await heardByCarrier(false)).toBe('');
  });
});
