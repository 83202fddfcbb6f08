import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import type { SipMessage } from '../../../infra/embedded/sip/message/message.js';
import { until } from '../../support/until.js';
import { RawPeer, SDP, connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';

// Messages repeated after a transaction's outcome is settled, when only a record of it is left.
let server: SipServer;
let app: App;
let peer: RawPeer;

beforeEach(async () => {
  server = await startServer({ metrics: { host: '127.0.0.1', port: 0 } });
  app = await connectApp(server);
  peer = await RawPeer.open(portOf(server, 'udp'));
});

afterEach(async () => {
  app.disconnect();
  peer.close();
  await server.close();
});

const sdp = { extra: ['Content-Type: application/sdp'], body: SDP };

async function gauge(name: string): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${String(server.metrics?.port ?? 0)}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(page)?.[1] ?? Number.NaN);
}

/** An answer to something sent later proves that what was sent before has been read. */
async function allRead(): Promise<void> {
  peer.sendText(peer.requestText('MESSAGE', { callId: `read${String(Math.random())}` }));
  await peer.response(503, 'MESSAGE');
}

async function answeredCall(callId: string): Promise<{ invite: string; to: string; dialog: AppDialog; offered: () => number }> {
  let offered = 0;
  const made = new Promise<AppDialog>((resolve, reject) => {
    app.invite((request, response) => {
      offered += 1;
      app.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
    });
  });
  const invite = peer.requestText('INVITE', { callId, ...sdp });
  peer.sendText(invite);
  const to = (await peer.response(200, 'INVITE')).headers.get('to') ?? '';
  const dialog = await made;
  const acked = once(dialog, 'ack');
  peer.sendText(peer.requestText('ACK', { callId, to, branch: 'z9hG4bKack' }));
  await acked;
  return { invite, to, dialog, offered: () => offered };
}

describe('a call that came in', () => {
  test('absorbs its INVITE sent again, and answers the same by another path with 482', async () => {
    const { invite, offered } = await answeredCall('again');
    await allRead();
    peer.received.length = 0;
    peer.sendText(invite);
    await allRead();
    expect(peer.received.filter(({ headers }) => headers.get('call-id') === 'again')).toEqual([]);
    peer.sendText(invite.replace('z9hG4bKagainINVITE1', 'z9hG4bKotherpath'));
    await peer.response(482);
    expect(offered()).toBe(1);
  });

  test('gets the answer to its BYE as often as it asks, and a CANCEL that comes too late is answered 200', async () => {
    const { dialog, to } = await answeredCall('late');
    peer.sendText(peer.requestText('CANCEL', { callId: 'late', branch: 'z9hG4bKlateINVITE1' }));
    await peer.response(200, 'CANCEL');
    const ended = once(dialog, 'destroy');
    const bye = peer.requestText('BYE', { callId: 'late', to, seq: 2 });
    peer.sendText(bye);
    const first = await peer.response(200, 'BYE');
    await ended;
    peer.sendText(bye);
    const second = await peer.response(200, 'BYE');
    expect([...second.headers]).toEqual([...first.headers]);
  });

  test('leaves nothing behind once 64*T1 are over', async () => {
    const { dialog, to } = await answeredCall('gone');
    const ended = once(dialog, 'destroy');
    peer.sendText(peer.requestText('BYE', { callId: 'gone', to, seq: 2 }));
    await ended;
    expect(await gauge('sip_server_transactions')).toBe(2);
    await until(
      () => gauge('sip_server_transactions'),
      (transactions) => transactions === 0,
      10_000,
    );
    expect(await gauge('sip_sessions')).toBe(0);
    // The Call-ID, tag and sequence number may be used again.
    app.message((_request, response) => {
      response.send(202);
    });
    peer.sendText(peer.requestText('MESSAGE', { callId: 'gone', fromTag: 'raw' }));
    await peer.response(202);
  });
});

describe('a call that went out', () => {
  const isAckFor =
    (toTag: string) =>
    (message: SipMessage): boolean =>
      message.kind === 'request' && message.method === 'ACK' && (message.headers.get('to') ?? '').includes(`tag=${toTag}`);

  test('and is over acknowledges and ends what another phone answers late; its own answer repeated is ended again, not heard of', async () => {
    const call = app.createUAC(`sip:x@127.0.0.1:${String(peer.port)}`, { localSdp: SDP });
    const invite = await peer.request('INVITE');
    peer.answer(invite, 200, { ...sdp, toTag: 'first' });
    const dialog = await call;
    await peer.next(isAckFor('first'));
    const over = dialog.destroy();
    peer.answer(await peer.request('BYE'), 200);
    await over;
    peer.answer(invite, 200, { ...sdp, toTag: 'second' });
    await peer.next(isAckFor('second'));
    const bye = await peer.request('BYE');
    expect(bye.headers.get('to')).toContain('tag=second');
    expect(bye.uri).toBe(`sip:raw@127.0.0.1:${String(peer.port)}`);
    peer.answer(bye, 200);
  });

  test('and was refused acknowledges the refusal as often as it comes', async () => {
    const call = app.createUAC(`sip:x@127.0.0.1:${String(peer.port)}`, { localSdp: SDP });
    const invite = await peer.request('INVITE');
    peer.answer(invite, 486);
    await expect(call).rejects.toMatchObject({ status: 486 });
    const first = await peer.request('ACK');
    peer.answer(invite, 486);
    const second = await peer.request('ACK');
    expect([...second.headers]).toEqual([...first.headers]);
  });
});
