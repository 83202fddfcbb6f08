import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { Baresip } from '../../support/phones/baresip.js';
import { makeCertificate } from './sip-certificate.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest, type AppResponse } from './sip-support.js';

// baresip (a Debian package) is a phone that nobody here wrote.
let folder: string;
let server: SipServer;
let app: App;
let phone: Baresip | undefined;

/** The contact that the phone registered. */
let contact = '';

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

async function register(protocol: 'udp' | 'tcp' | 'tls'): Promise<Baresip> {
  const hostPort = `127.0.0.1:${String(portOf(server, protocol))}`;
  const started = (phone = await Baresip.start({
    folder,
    account: `<sip:seat@${hostPort};transport=${protocol}>;auth_user=seat;auth_pass=pw;answermode=auto;regint=60;audio_codecs=pcma;sipnat=;medianat=;mediaenc=`,
  }));
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
