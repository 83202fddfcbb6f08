import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { RawPeer, SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest } from './sip-support.js';

// caller's server -> proxy -> one or two peers spoken by hand.
let proxyServer: SipServer;
let proxy: App;
let callerServer: SipServer;
let caller: App;
let peer: RawPeer;
let other: RawPeer;

beforeEach(async () => {
  [proxyServer, callerServer] = await Promise.all([startServer(), startServer()]);
  [proxy, caller] = await Promise.all([connectApp(proxyServer), connectApp(callerServer)]);
  peer = await RawPeer.open(portOf(proxyServer, 'udp'));
  other = await RawPeer.open(portOf(proxyServer, 'udp'));
});

afterEach(async () => {
  proxy.disconnect();
  caller.disconnect();
  peer.close();
  other.close();
  await Promise.all([proxyServer.close(), callerServer.close()]);
});

const at = (target: RawPeer): string => `sip:127.0.0.1:${String(target.port)}`;
const sdp = { extra: ['Content-Type: application/sdp'], body: SDP };

function forward(options: object): Promise<Awaited<ReturnType<AppRequest['proxy']>>> {
  return new Promise((resolve, reject) => {
    proxy.invite((request) => {
      request.proxy(options).then(resolve, reject);
    });
  });
}

function dial(): Promise<AppDialog> {
  return caller.createUAC(`sip:x@127.0.0.1:${String(portOf(proxyServer, 'udp'))}`, { localSdp: SDP });
}

test('a call is forwarded, answered and ended through the proxy, which stays in the dialog', async () => {
  const result = forward({ destination: [at(peer)], recordRoute: true, headers: { 'X-Added': 'yes' } });
  const call = dial();
  const invite = await peer.request('INVITE');
  expect(invite.headers.get('max-forwards')).toBe('69');
  expect(invite.headers.get('x-added')).toBe('yes');
  expect(invite.uri).toBe(at(peer));
  peer.answer(invite, 180);
  peer.answer(invite, 200, { ...sdp, extra: [...sdp.extra, `Record-Route: ${invite.headers.get('record-route') ?? ''}`] });
  const dialog = await call;
  expect((await result).connected).toBe(true);
  const ack = await peer.request('ACK');
  expect(ack.headers.all('via')).toHaveLength(2);
  expect(ack.headers.has('route')).toBe(false);
  const destroyed = dialog.destroy();
  const bye = await peer.request('BYE');
  expect(bye.headers.all('via')).toHaveLength(2);
  peer.answer(bye, 200);
  await destroyed;
});

test('serial forking goes on after a refusal and reports both', async () => {
  const result = forward({ destination: [at(peer), at(other)] });
  const call = dial();
  peer.answer(await peer.request('INVITE'), 486);
  await peer.request('ACK');
  other.answer(await other.request('INVITE'), 200, sdp);
  await call;
  const { responses } = await result;
  expect(responses.flatMap(({ msgs }) => msgs.map(({ status }) => status))).toEqual([486, 200]);
});

test('serial forking goes on when nothing comes', async () => {
  const result = forward({ destination: [at(peer), at(other)], provisionalTimeout: '100ms' });
  const call = dial();
  await peer.request('INVITE');
  other.answer(await other.request('INVITE'), 200, sdp);
  await call;
  expect((await result).connected).toBe(true);
});

test('simultaneous forking cancels the loser', async () => {
  const result = forward({ destination: [at(peer), at(other)], forking: 'simultaneous' });
  const call = dial();
  const [first, second] = await Promise.all([peer.request('INVITE'), other.request('INVITE')]);
  peer.answer(first, 180);
  other.answer(second, 200, sdp);
  await call;
  peer.answer(await peer.request('CANCEL'), 200);
  peer.answer(first, 487);
  await peer.request('ACK');
  expect((await result).connected).toBe(true);
});

test('the best of two refusals reaches the caller', async () => {
  const result = forward({ destination: [at(peer), at(other)], forking: 'simultaneous' });
  const call = dial();
  peer.answer(await peer.request('INVITE'), 503);
  other.answer(await other.request('INVITE'), 486);
  await expect(call).rejects.toMatchObject({ status: 486 });
  expect((await result).connected).toBe(false);
});

test('a redirect is followed when asked', async () => {
  const result = forward({ destination: [at(peer)], followRedirects: true });
  const call = dial();
  const invite = await peer.request('INVITE');
  peer.sendText(
    [
      'SIP/2.0 302 Moved',
      ...invite.headers.all('via').map((via) => `Via: ${via}`),
      `From: ${invite.headers.get('from') ?? ''}`,
      `To: ${invite.headers.get('to') ?? ''};tag=moved`,
      `Call-ID: ${invite.headers.get('call-id') ?? ''}`,
      `CSeq: ${invite.headers.get('cseq') ?? ''}`,
      `Contact: <${at(other)}>`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
  other.answer(await other.request('INVITE'), 200, sdp);
  await call;
  expect((await result).connected).toBe(true);
});

test('a caller that gives up cancels what was forwarded', async () => {
  const result = forward({ destination: [at(peer)] });
  let sent: AppRequest | undefined;
  const call = caller.createUAC(
    `sip:x@127.0.0.1:${String(portOf(proxyServer, 'udp'))}`,
    { localSdp: SDP },
    { cbRequest: (_error: unknown, request: AppRequest) => (sent = request), cbProvisional: () => sent?.cancel() },
  );
  const invite = await peer.request('INVITE');
  peer.answer(invite, 180);
  peer.answer(await peer.request('CANCEL'), 200);
  peer.answer(invite, 487);
  await expect(call).rejects.toMatchObject({ status: 487 });
  expect((await result).connected).toBe(false);
});

test('a request that has made all its hops is refused with 483', async () => {
  const refused = forward({ destination: [at(other)] }).catch((reason: unknown) => reason);
  peer.sendText(peer.requestText('INVITE', { callId: 'hops' }).replace('Max-Forwards: 70', 'Max-Forwards: 0'));
  await peer.response(483);
  expect(await refused).toContain('483');
});

test('call detail records tell attempt, start and stop to an application that asks for them', async () => {
  const seen: string[] = [];
  proxy.on('cdr:attempt', (source: string) => seen.push(`attempt ${source}`));
  proxy.on('cdr:start', (source: string, _time: string, role: string) => seen.push(`start ${source} ${role}`));
  const stopped = new Promise<void>((resolve) => {
    proxy.on('cdr:stop', (source: string, _time: string, reason: string) => {
      seen.push(`stop ${source} ${reason}`);
      resolve();
    });
  });
  const answered = new Promise<AppDialog>((resolve, reject) => {
    proxy.invite((request, response) => {
      proxy.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
    });
  });
  const dialog = await dial();
  const ended = once(await answered, 'destroy');
  await dialog.destroy();
  await ended;
  await stopped;
  expect(seen).toEqual(['attempt network', 'start application uas', 'stop network normal-release']);
});
