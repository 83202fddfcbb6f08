import { afterEach, expect, test } from '@jest/globals';
import type { SipServer, SipServerOptions } from '../../../infra/embedded/sip/index.js';
import { RawPeer, SDP, connectApp, portOf, startServer, type App, type AppRequest } from './sip-support.js';

// Where drachtio-server and this server differed once, each as its fixtures and those of drachtio-srf show it.
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(options: Partial<SipServerOptions> = {}): Promise<{ server: SipServer; app: App; peer: RawPeer }> {
  const server = await startServer(options);
  closing.push(() => server.close());
  const app = await connectApp(server);
  closing.push(() => {
    app.disconnect();
  });
  const peer = await RawPeer.open(portOf(server, 'udp'));
  closing.push(() => {
    peer.close();
  });
  return { server, app, peer };
}

const offer = { extra: ['Content-Type: application/sdp'], body: SDP };

test('From, To and Contact leave in angle brackets, however the application or the peer wrote them', async () => {
  const { app, peer } = await start();
  const call = app.createUAC(`sip:x@127.0.0.1:${String(peer.port)}`, {
    localSdp: SDP,
    headers: { From: 'sip:a@example.com', To: 'sip:b@example.com', Contact: 'sip:a@127.0.0.1:5060' },
  });
  const invite = await peer.request('INVITE');
  expect(['from', 'to', 'contact'].map((key) => invite.headers.get(key)?.replace(/;tag=.*/, ''))).toEqual([
    '<sip:a@example.com>',
    '<sip:b@example.com>',
    '<sip:a@127.0.0.1:5060>',
  ]);
  peer.answer(invite, 486);
  await expect(call).rejects.toMatchObject({ status: 486 });

  const dialog = new Promise<{ destroy(): Promise<unknown> }>((resolve, reject) => {
    app.invite((request, response) => {
      app.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
    });
  });
  const bare = { callId: 'bare', ...offer };
  peer.sendText(peer.requestText('INVITE', bare).replace('From: <sip:raw@127.0.0.1>', 'From: sip:raw@127.0.0.1'));
  const ok = await peer.response(200, 'INVITE');
  expect(ok.headers.get('contact')).toMatch(/^<sip:127\.0\.0\.1:\d+>$/);
  peer.sendText(peer.requestText('ACK', { callId: 'bare', to: ok.headers.get('to') ?? '', branch: 'z9hG4bKbareack' }));
  const ended = (await dialog).destroy();
  const bye = await peer.request('BYE');
  expect(bye.headers.get('to')).toBe('<sip:raw@127.0.0.1>;tag=raw');
  peer.answer(bye, 200);
  await ended;
});

test('a Session-Expires of a caller that does not name the timer starts ours', async () => {
  const { app, peer } = await start();
  app.invite((request, response) => {
    app.createUAS(request, response, { localSdp: SDP }).catch(() => undefined);
  });
  peer.sendText(peer.requestText('INVITE', { callId: 'untimed', ...offer, extra: [...offer.extra, 'Session-Expires: 90; refresher=uac'] }));
  const ok = await peer.response(200, 'INVITE');
  expect([ok.headers.get('session-expires'), ok.headers.get('require')]).toEqual(['90;refresher=uac', undefined]);
});

test('a PRACK whose RAck names the method twice acknowledges', async () => {
  const { app, peer } = await start();
  app.invite((_request, response) => {
    response.send(183, { headers: { Require: '100rel' } });
  });
  peer.sendText(peer.requestText('INVITE', { callId: 'prack2', ...offer, extra: [...offer.extra, 'Supported: 100rel'] }));
  const progress = await peer.response(183);
  const extra = [`RAck: ${progress.headers.get('rseq') ?? ''} 1 INVITE INVITE`];
  peer.sendText(peer.requestText('PRACK', { callId: 'prack2', seq: 2, to: progress.headers.get('to') ?? '', extra }));
  await peer.response(200, 'PRACK');
});

test('a call that is to be forwarded over a transport we do not have is answered 500', async () => {
  const { app, peer } = await start({ contacts: ['sip:127.0.0.1:0;transport=udp'] });
  const forwarded = new Promise<AppRequest>((resolve) => {
    app.invite((request) => {
      void request.proxy({ destination: ['sip:127.0.0.1:5091;transport=tcp'] }).catch(() => undefined);
      resolve(request);
    });
  });
  peer.sendText(peer.requestText('INVITE', { callId: 'notport', ...offer }));
  await forwarded;
  await peer.response(500, 'INVITE');
});

test("the site's own list of spammers is answered 603 and asks no application; the sender is heard again under another name", async () => {
  const { app, peer } = await start({ limits: { spammers: ['cold-dialer'], trusted: ['127.0.0.1'] } });
  let offered = 0;
  app.invite((_request, response) => {
    offered += 1;
    response.send(486);
  });
  const spam = peer.requestText('INVITE', { callId: 'spam', extra: ['User-Agent: Cold-Dialer 4.1'] });
  peer.sendText(spam);
  const declined = await peer.response(603, 'INVITE');
  peer.sendText(peer.requestText('ACK', { callId: 'spam', to: declined.headers.get('to') ?? '', extra: ['User-Agent: Cold-Dialer 4.1'] }));
  peer.sendText(peer.requestText('INVITE', { callId: 'honest' }));
  await peer.response(486, 'INVITE');
  expect(offered).toBe(1);
});

test('OPTIONS of the User-Agent that was named are answered 200 without an application; those of others are offered', async () => {
  const { peer } = await start({ answersOptionsOf: 'JsSIP' });
  peer.sendText(peer.requestText('OPTIONS', { callId: 'probe', extra: ['User-Agent: JsSIP 3.8.2'] }));
  expect((await peer.response(200, 'OPTIONS')).headers.get('to')).toContain('tag=');
  peer.sendText(peer.requestText('OPTIONS', { callId: 'other', extra: ['User-Agent: Other'] }));
  await peer.response(503, 'OPTIONS');
});
