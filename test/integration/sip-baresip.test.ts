import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../infra/embedded/sip/index.js';
import { makeCertificate } from './sip-certificate.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest, type AppResponse } from './sip-support.js';

// baresip (a Debian package) is a phone that nobody here wrote.
let folder: string;
let server: SipServer;
let app: App;
let phone: Phone | undefined;

/** The contact of the phone as it registered. */
let contact = '';

async function freePort(wanted = 0): Promise<number | undefined> {
  const probe = net.createServer().listen(wanted, '127.0.0.1');
  const free = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  if (!free) return undefined;
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A port for SIP with the one behind it, which baresip takes for TLS: below those that the kernel gives to outgoing connections. */
async function freePair(): Promise<number> {
  for (;;) {
    const port = 6_000 + 2 * Math.floor(Math.random() * 1_900);
    if ((await freePort(port)) !== undefined && (await freePort(port + 1)) !== undefined) return port;
  }
}

interface PhoneEvent {
  readonly event?: boolean;
  readonly type?: string;
  readonly ok?: boolean;
}

/** A running baresip, commanded by its own control module: netstrings of JSON over TCP. */
class Phone {
  private readonly events: PhoneEvent[] = [];
  private wake: (() => void) | undefined;
  private text = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
    private readonly control: net.Socket,
  ) {
    control.on('data', (data) => {
      this.text += data.toString();
      for (let match = /^(\d+):/.exec(this.text); match; match = /^(\d+):/.exec(this.text)) {
        const start = match[0].length;
        const end = start + Number(match[1]);
        if (this.text.length < end + 1) return;
        this.events.push(JSON.parse(this.text.slice(start, end)) as PhoneEvent);
        this.text = this.text.slice(end + 1);
        this.wake?.();
      }
    });
  }

  static async start(account: string, attempts = 3): Promise<Phone> {
    const [control, sip] = [(await freePort()) ?? 0, await freePair()];
    const modules = ['account', 'aubridge', 'ctrl_tcp', 'g711', 'menu'];
    const config = [
      `sip_listen 127.0.0.1:${String(sip)}`,
      'module_path /usr/lib/baresip/modules',
      ...modules.map((name) => `module${name === 'account' || name === 'menu' || name === 'ctrl_tcp' ? '_app' : ''} ${name}.so`),
      `ctrl_tcp_listen 127.0.0.1:${String(control)}`,
      'audio_player aubridge,a',
      'audio_source aubridge,a',
      'audio_alert aubridge,b',
      'net_interface 127.0.0.1',
      'rtp_ports 41000-41998',
      'sip_verify_server no',
      '',
    ];
    await writeFile(join(folder, 'config'), config.join('\n'));
    await writeFile(join(folder, 'accounts'), `${account}\n`);
    const child = spawn('baresip', ['-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise((resolve) => child.once('close', resolve));
    let said = '';
    child.stdout.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-2_000)));
    child.on('error', (error) => (said = `${error.message} (Debian package baresip)`));
    for (;;) {
      const socket = net.connect(control, '127.0.0.1');
      const connected = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => {
          resolve(true);
        });
        socket.once('error', () => {
          resolve(false);
        });
      });
      if (connected) return new Phone(child, exited, socket);
      if (child.exitCode !== null || child.pid === undefined) {
        // Another program may have taken a port between its choice and baresip's start.
        if (attempts > 1) return Phone.start(account, attempts - 1);
        throw new Error(`baresip ended with ${String(child.exitCode)} before it could be commanded: ${said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  command(command: string, params = ''): void {
    const text = JSON.stringify({ command, params, token: command });
    this.control.write(`${String(text.length)}:${text},`);
  }

  async event(type: string): Promise<PhoneEvent> {
    for (;;) {
      const at = this.events.findIndex((event) => event.type === type);
      const [found] = at >= 0 ? this.events.splice(at, 1) : [];
      if (found) return found;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async stop(): Promise<void> {
    this.control.destroy();
    this.child.kill('SIGKILL');
    await this.exited;
  }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Challenges and checks a REGISTER as the application of a centre does. */
function answerRegister(request: AppRequest, response: AppResponse): void {
  if (!request.has('Authorization')) {
    response.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="centre", nonce="n0nce", qop="auth", algorithm=MD5' } });
    return;
  }
  const fields = new Map(
    [...request.get('Authorization').matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const field = (name: string): string => fields.get(name) ?? '';
  const ha2 = md5(`REGISTER:${field('uri')}`);
  const expected = md5(`${md5('seat:centre:pw')}:n0nce:${field('nc')}:${field('cnonce')}:auth:${ha2}`);
  if (field('response') !== expected) {
    response.send(403);
    return;
  }
  const registered = /<([^>]+)>/.exec(request.get('Contact'))?.[1] ?? '';
  // The server remembers no contacts: over TLS the phone is reached by the connection that it opened, for it listens on none.
  const source = `${request.source_address}:${String(request.source_port)}`;
  contact = request.protocol === 'tls' ? registered.replace(/@[^;>]+/, `@${source}`) : registered;
  response.send(200, { headers: { Contact: `<${registered}>;expires=60` } });
}

beforeEach(async () => {
  contact = '';
  folder = await mkdtemp(join(tmpdir(), 'baresip-'));
  server = await startServer({
    timing: {},
    contacts: ['sip:127.0.0.1:0;transport=udp,tcp', 'sip:127.0.0.1:0;transport=tls'],
    tls: await makeCertificate(),
  });
  app = await connectApp(server);
  app.register(answerRegister);
});

afterEach(async () => {
  await phone?.stop();
  phone = undefined;
  app.disconnect();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function register(protocol: 'udp' | 'tcp' | 'tls'): Promise<Phone> {
  const hostPort = `127.0.0.1:${String(portOf(server, protocol))}`;
  const started = (phone = await Phone.start(
    `<sip:seat@${hostPort};transport=${protocol}>;auth_user=seat;auth_pass=pw;answermode=auto;regint=60;audio_codecs=pcma;sipnat=;medianat=;mediaenc=`,
  ));
  if (contact === '') await started.event('REGISTER_OK');
  return started;
}

describe.each(['udp', 'tcp', 'tls'] as const)('a phone registered over %s', (protocol) => {
  test('is called, put on hold and taken back by the application, and hangs up', async () => {
    const handset = await register(protocol);
    const dialog = await app.createUAC(contact, { localSdp: SDP });
    expect(dialog.remote.sdp).toContain('PCMA');
    expect(await dialog.modify(SDP.replace('a=sendrecv', 'a=sendonly').replace('1 1 IN', '1 2 IN'))).toContain('a=recvonly');
    expect(await dialog.modify(SDP.replace('1 1 IN', '1 3 IN'))).toContain('a=sendrecv');
    const ended = once(dialog, 'destroy');
    handset.command('hangup');
    await ended;
  });

  test('calls, holds, is transferred by REFER and is hung up on', async () => {
    const answered = new Promise<AppDialog>((resolve, reject) => {
      app.invite((request, response) => {
        app.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
      });
    });
    const handset = await register(protocol);
    handset.command('dial', `sip:queue@127.0.0.1:${String(portOf(server, protocol))};transport=${protocol}`);
    const dialog = await answered;
    await handset.event('CALL_ESTABLISHED');
    const held = new Promise<string>((resolve) => {
      dialog.on('modify', (request: AppRequest, response: AppResponse) => {
        response.send(200, { body: SDP.replace('a=sendrecv', 'a=recvonly') });
        resolve(request.body);
      });
    });
    handset.command('hold');
    expect(await held).toMatch(/a=(sendonly|inactive)/);
    const referred = new Promise<string>((resolve) => {
      dialog.on('refer', (request: AppRequest, response: AppResponse) => {
        response.send(202);
        resolve(request.get('Refer-To'));
      });
    });
    handset.command('transfer', 'sip:other@127.0.0.1');
    expect(await referred).toContain('sip:other@127.0.0.1');
    const notified = await dialog.request({
      method: 'NOTIFY',
      headers: { Event: 'refer', 'Subscription-State': 'terminated;reason=noresource', 'Content-Type': 'message/sipfrag' },
      body: 'SIP/2.0 200 OK',
    });
    expect(notified.status).toBe(200);
    await dialog.destroy().catch(() => undefined);
    await handset.event('CALL_CLOSED');
  });
});
