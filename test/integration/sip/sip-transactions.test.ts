import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import {
  RawPeer,
  SDP,
  connectApp,
  portOf,
  startServer,
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
} from './sip-support.js';

// A peer that speaks by hand sees every retransmission and can leave out what a real phone would send.
let server: SipServer;
let app: App;
let peer: RawPeer;

beforeEach(async () => {
  server = await startServer();
  app = await connectApp(server);
  peer = await RawPeer.open(portOf(server, 'udp'));
});

afterEach(async () => {
  app.disconnect();
  peer.close();
  await server.close();
});

const sdpLines = ['Content-Type: application/sdp'];

/** The peer calls and the application answers; the ACK is left to the test. */
async function answeredCall(callId: string, extra: string[] = []): Promise<{ dialog: AppDialog; to: string }> {
  const uas = new Promise<AppDialog>((resolve, reject) => {
    app.invite((request, response) => {
      app.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
    });
  });
  peer.sendText(peer.requestText('INVITE', { callId, extra: [...sdpLines, ...extra], body: SDP }));
  const ok = await peer.response(200, 'INVITE');
  return { dialog: await uas, to: ok.headers.get('to') ?? '' };
}

describe('a call from the network', () => {
  test('gets its 200 again until the ACK, which is shown to the application', async () => {
    const { dialog, to } = await answeredCall('ack1');
    await peer.response(200, 'INVITE');
    await peer.response(200, 'INVITE');
    const acked = once(dialog, 'ack');
    peer.sendText(peer.requestText('ACK', { callId: 'ack1', to, branch: 'z9hG4bKother' }));
    await acked;
  });

  test('is ended by the server when no ACK comes, and the application learns why', async () => {
    const { dialog } = await answeredCall('noack');
    const ended = once(dialog, 'destroy') as Promise<[AppRequest, string]>;
    const bye = await peer.request('BYE');
    expect(bye.headers.get('reason')).toContain('ACK timeout');
    expect((await ended)[1]).toBe('ACK timeout');
  });

  test('that is refused gets the refusal again until its ACK', async () => {
    app.invite((_request, response) => {
      response.send(486);
    });
    peer.sendText(peer.requestText('INVITE', { callId: 'busy' }));
    const busy = await peer.response(486);
    await peer.response(486);
    peer.sendText(peer.requestText('ACK', { callId: 'busy', to: busy.headers.get('to') ?? '', branch: 'z9hG4bKbusyINVITE1' }));
  });

  test('sent twice is offered once, and the same call by two paths is a loop', async () => {
    let offered = 0;
    app.invite((_request, response) => {
      offered += 1;
      response.send(180);
    });
    const text = peer.requestText('INVITE', { callId: 'twice' });
    peer.sendText(text);
    await peer.response(180);
    peer.sendText(text);
    await peer.response(180);
    peer.sendText(peer.requestText('INVITE', { callId: 'twice', branch: 'z9hG4bKsecondpath' }));
    await peer.response(482);
    expect(offered).toBe(1);
  });

  test('is cancelled: 200 for the CANCEL, 487 for the INVITE with the same tag', async () => {
    app.invite((_request, response) => {
      response.send(180);
    });
    peer.sendText(peer.requestText('INVITE', { callId: 'cancel1' }));
    const ringing = await peer.response(180);
    peer.sendText(peer.requestText('CANCEL', { callId: 'cancel1', branch: 'z9hG4bKcancel1INVITE1' }));
    await peer.response(200, 'CANCEL');
    const terminated = await peer.response(487, 'INVITE');
    expect(terminated.headers.get('to')).toBe(ringing.headers.get('to'));
  });

  test('whose CANCEL races the answer ends in exactly one way, and the CANCEL is always answered', async () => {
    app.invite((request, response) => {
      response.send(180);
      // The answer comes sometimes before the CANCEL, sometimes after it.
      const answer = (): void => void app.createUAS(request, response, { localSdp: SDP }).catch(() => undefined);
      if (Number(request.get('Call-ID').slice(4)) % 2 === 0) answer();
      else setTimeout(answer, 2);
    });
    const ends = new Set<number>();
    for (let i = 0; i < 20; i++) {
      const callId = `race${String(i)}`;
      peer.sendText(peer.requestText('INVITE', { callId }));
      const ofThis = (message: { headers: { get(key: string): string | undefined } }): boolean => message.headers.get('call-id') === callId;
      await peer.next((message) => ofThis(message) && message.kind === 'response' && message.status === 180);
      peer.sendText(peer.requestText('CANCEL', { callId, branch: `z9hG4bK${callId}INVITE1` }));
      await peer.next(
        (message) => ofThis(message) && message.headers.get('cseq') === '1 CANCEL' && message.kind === 'response' && message.status === 200,
      );
      const final = await peer.next(
        (message) => ofThis(message) && message.headers.get('cseq') === '1 INVITE' && message.kind === 'response' && message.status >= 200,
      );
      if (final.kind !== 'response') throw new Error('unreachable');
      ends.add(final.status);
      const to = final.headers.get('to') ?? '';
      peer.sendText(
        peer.requestText('ACK', { callId, to, branch: final.status === 200 ? `z9hG4bK${callId}a` : `z9hG4bK${callId}INVITE1` }),
      );
      if (final.status !== 200) continue;
      peer.sendText(peer.requestText('BYE', { callId, to, seq: 2 }));
      await peer.next((message) => ofThis(message) && message.headers.get('cseq') === '2 BYE');
    }
    expect([...ends].every((status) => status === 200 || status === 487)).toBe(true);
    expect(ends.has(487)).toBe(true);
  });

  test('gets 491 for a re-INVITE that crosses one of ours', async () => {
    const { dialog, to } = await answeredCall('glare');
    peer.sendText(peer.requestText('ACK', { callId: 'glare', to, branch: 'z9hG4bKglareack' }));
    const modified = dialog.modify(SDP);
    const invite = await peer.request('INVITE');
    peer.sendText(peer.requestText('INVITE', { callId: 'glare', to, seq: 2 }));
    await peer.response(491);
    peer.answer(invite, 200, { extra: sdpLines, body: SDP });
    await modified;
    expect((await peer.request('ACK')).headers.get('cseq')).toBe(`${(invite.headers.get('cseq') ?? '').split(' ')[0] ?? ''} ACK`);
  });

  test('an old sequence number inside the dialog is refused with 500', async () => {
    const { to } = await answeredCall('order');
    peer.sendText(peer.requestText('ACK', { callId: 'order', to, branch: 'z9hG4bKorderack' }));
    peer.sendText(peer.requestText('INFO', { callId: 'order', to, seq: 9 }));
    await peer.response(200, 'INFO');
    peer.sendText(peer.requestText('INFO', { callId: 'order', to, seq: 5 }));
    await peer.response(500, 'INFO');
  });

  test('a session timer below 90 s is refused; a longer one is granted and its end ends the call', async () => {
    peer.sendText(peer.requestText('INVITE', { callId: 'short', extra: ['Supported: timer', 'Session-Expires: 30'] }));
    expect((await peer.response(422)).headers.get('min-se')).toBe('90');
    app.invite((request, response) => void app.createUAS(request, response, { localSdp: SDP }));
    peer.sendText(
      peer.requestText('INVITE', { callId: 'long', extra: ['Supported: timer', 'Session-Expires: 90', ...sdpLines], body: SDP }),
    );
    const ok = await peer.response(200, 'INVITE');
    expect(ok.headers.get('session-expires')).toBe('90;refresher=uac');
    expect(ok.headers.get('require')).toBe('timer');
  });
});

test.each([
  ['BYE', 481],
  ['UPDATE', 481],
  ['INFO', 481],
] as const)('%s for a dialog nobody knows is answered %i', async (method, status) => {
  peer.sendText(peer.requestText(method, { callId: 'stranger', to: '<sip:service@127.0.0.1>;tag=gone' }));
  await peer.response(status, method);
});

test('CANCEL for nothing is answered 481, a method nobody asked for 503, an unknown extension 420', async () => {
  peer.sendText(peer.requestText('CANCEL', { callId: 'none' }));
  await peer.response(481, 'CANCEL');
  peer.sendText(peer.requestText('PUBLISH', { callId: 'nobody' }));
  await peer.response(503, 'PUBLISH');
  peer.sendText(peer.requestText('INVITE', { callId: 'ext', extra: ['Require: nothing-of-ours'] }));
  expect((await peer.response(420)).headers.get('unsupported')).toBe('nothing-of-ours');
});

test('an application that never answers does not leave its callers without an answer', async () => {
  app.options(() => undefined);
  peer.sendText(peer.requestText('OPTIONS', { callId: 'forgotten' }));
  await peer.response(500, 'OPTIONS');
});

describe('reliable provisional responses', () => {
  test('are repeated until their PRACK, which the application sees', async () => {
    const prack = new Promise<AppRequest>((resolve) => {
      app.prack((request, response) => {
        resolve(request);
        response.send(200);
      });
    });
    app.invite((_request, response) => {
      response.send(183, { headers: { Require: '100rel' }, body: SDP }, (_error, sent) => {
        expect(sent.has('RSeq')).toBe(true);
      });
    });
    peer.sendText(peer.requestText('INVITE', { callId: 'rel', extra: ['Supported: 100rel', ...sdpLines], body: SDP }));
    const progress = await peer.response(183);
    await peer.response(183);
    const rseq = progress.headers.get('rseq') ?? '';
    const to = progress.headers.get('to') ?? '';
    peer.sendText(peer.requestText('PRACK', { callId: 'rel', to, seq: 2, extra: [`RAck: ${rseq} 1 INVITE`] }));
    await peer.response(200, 'PRACK');
    expect((await prack).get('RAck')).toBe(`${rseq} 1 INVITE`);
    peer.sendText(peer.requestText('PRACK', { callId: 'rel', to, seq: 3, extra: [`RAck: ${rseq} 1 INVITE`] }));
    await peer.response(481, 'PRACK');
  });

  test('are refused for a caller that does not take them', async () => {
    const refusal = new Promise<unknown>((resolve) => {
      app.invite((_request, response) => {
        response.send(183, { headers: { Require: '100rel' } }, resolve);
      });
    });
    peer.sendText(peer.requestText('INVITE', { callId: 'norel' }));
    expect(await refusal).toBe('Remote endpoint does not support 100rel');
  });

  test('from the far end are acknowledged by the application through the server', async () => {
    const call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP, headers: { Supported: '100rel' } });
    const invite = await peer.request('INVITE');
    const reliable = ['Require: 100rel', 'RSeq: 7', ...sdpLines];
    peer.answer(invite, 183, { extra: reliable, body: SDP });
    const prack = await peer.request('PRACK');
    expect(prack.headers.get('rack')).toBe(`7 ${(invite.headers.get('cseq') ?? '').replace('INVITE', '').trim()} INVITE`);
    peer.answer(prack, 200);
    peer.answer(invite, 200, { extra: sdpLines, body: SDP });
    await call;
    await peer.request('ACK');
  });
});

describe('a call to the network', () => {
  test('nobody answers is told as 408', async () => {
    await expect(app.createUAC(`sip:nobody@127.0.0.1:${String(peer.port)}`, { localSdp: SDP })).rejects.toMatchObject({ status: 408 });
    expect(peer.received.length).toBeGreaterThan(4);
  });

  test('over a connection nobody accepts is told as 503', async () => {
    await expect(app.createUAC('sip:nobody@127.0.0.1:9;transport=tcp', { localSdp: SDP })).rejects.toMatchObject({ status: 503 });
  });

  test('is answered again and again: the ACK is sent again, the application hears of one answer', async () => {
    const call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP });
    const invite = await peer.request('INVITE');
    peer.answer(invite, 200, { extra: sdpLines, body: SDP });
    const dialog = await call;
    const first = await peer.request('ACK');
    peer.answer(invite, 200, { extra: sdpLines, body: SDP });
    expect((await peer.request('ACK')).headers.get('via')).toBe(first.headers.get('via'));
    const modified = dialog.modify(SDP);
    peer.answer(await peer.request('INVITE'), 200, { extra: sdpLines, body: SDP });
    await modified;
    await peer.request('ACK');
    // The first answer repeated now still gets its first ACK.
    peer.answer(invite, 200, { extra: sdpLines, body: SDP });
    expect((await peer.request('ACK')).headers.get('via')).toBe(first.headers.get('via'));
    expect(dialog.connected).toBe(true);
  });

  test('that forks to two answers keeps the first and ends the second', async () => {
    const call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP });
    const invite = await peer.request('INVITE');
    peer.answer(invite, 200, { toTag: 'one', extra: sdpLines, body: SDP });
    const dialog = await call;
    await peer.request('ACK');
    peer.answer(invite, 200, { toTag: 'two', extra: sdpLines, body: SDP });
    expect((await peer.request('ACK')).headers.get('to')).toContain('tag=two');
    expect((await peer.request('BYE')).headers.get('to')).toContain('tag=two');
    expect(dialog.sip.remoteTag).toBe('one');
  });

  test('its CANCEL waits for a provisional response, and an answer that crosses it is ended', async () => {
    let call: Promise<AppDialog> | undefined;
    const sent = new Promise<AppRequest>((resolve) => {
      const callbacks = { cbRequest: (_error: unknown, request: AppRequest) => resolve(request) };
      call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP }, callbacks);
    });
    const invite = await peer.request('INVITE');
    const request = await sent;
    await new Promise((resolve) => request.cancel(resolve));
    expect(peer.received.some((message) => message.kind === 'request' && message.method === 'CANCEL')).toBe(false);
    peer.answer(invite, 180);
    const cancel = await peer.request('CANCEL');
    expect(cancel.headers.get('via')).toBe(invite.headers.get('via'));
    peer.answer(invite, 200, { extra: sdpLines, body: SDP });
    peer.answer(cancel, 481);
    const dialog = await call!;
    const [, reason] = (await once(dialog, 'destroy')) as [AppRequest, string];
    expect(reason).toBe('ACK-BYE due to cancel race condition');
    await peer.request('BYE');
  });

  test('that is cancelled and never ends is over for the application after 64*T1', async () => {
    let sent: AppRequest | undefined;
    const callbacks = { cbRequest: (_error: unknown, request: AppRequest) => (sent = request), cbProvisional: () => sent?.cancel() };
    const call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP }, callbacks);
    const refused = expect(call).rejects.toMatchObject({ status: 487 });
    peer.answer(await peer.request('INVITE'), 180);
    await peer.request('CANCEL');
    await refused;
  });

  test('through a strict and a loose route set sends requests as RFC 3261 section 12.2.1.1 says', async () => {
    const call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP });
    const invite = await peer.request('INVITE');
    const hop = `127.0.0.1:${String(peer.port)}`;
    peer.answer(invite, 200, {
      extra: [`Record-Route: <sip:outer@${hop};lr>`, `Record-Route: <sip:inner@${hop};lr>`, ...sdpLines],
      body: SDP,
    });
    const dialog = await call;
    const ack = await peer.request('ACK');
    expect(ack.headers.all('route')).toEqual([`<sip:inner@${hop};lr>`, `<sip:outer@${hop};lr>`]);
    expect(ack.uri).toBe(`sip:raw@${hop}`);
    void dialog.destroy();
    peer.answer(await peer.request('BYE'), 200);
  });
});

test('UPDATE is passed in both directions, and two that cross are told apart', async () => {
  const { dialog, to } = await answeredCall('upd');
  peer.sendText(peer.requestText('ACK', { callId: 'upd', to, branch: 'z9hG4bKupdack' }));
  peer.sendText(peer.requestText('UPDATE', { callId: 'upd', to, seq: 2, extra: sdpLines, body: SDP }));
  expect((await peer.response(200, 'UPDATE')).headers.has('contact')).toBe(true);
  const answer = dialog.request({ method: 'UPDATE', body: SDP, headers: { 'Content-Type': 'application/sdp' } });
  const ours = await peer.request('UPDATE');
  peer.sendText(peer.requestText('UPDATE', { callId: 'upd', to, seq: 3, extra: sdpLines, body: SDP }));
  await peer.response(491, 'UPDATE');
  peer.answer(ours, 200, { extra: sdpLines, body: SDP });
  expect(((await answer) satisfies AppResponse).status).toBe(200);
});

describe('session timers of a call to the network (RFC 4028)', () => {
  async function agree(extra: string[]): Promise<AppDialog> {
    const call = app.createUAC(`sip:far@127.0.0.1:${String(peer.port)}`, { localSdp: SDP });
    peer.answer(await peer.request('INVITE'), 200, { extra: [...sdpLines, ...extra], body: SDP });
    const dialog = await call;
    await peer.request('ACK');
    return dialog;
  }

  test('the server refreshes by UPDATE where the peer allows it, again and again', async () => {
    await agree(['Session-Expires: 2;refresher=uac', 'Allow: INVITE, UPDATE']);
    for (let i = 0; i < 2; i++) {
      const update = await peer.request('UPDATE');
      expect(update.headers.get('session-expires')).toBe('2;refresher=uac');
      expect(update.body.length).toBe(0);
      peer.answer(update, 200, { extra: ['Session-Expires: 2;refresher=uac'] });
    }
  });

  test('else by a re-INVITE with the same SDP, which it acknowledges itself', async () => {
    await agree(['Session-Expires: 2;refresher=uac']);
    const invite = await peer.request('INVITE');
    expect(invite.body.toString()).toBe(SDP);
    peer.answer(invite, 200, { extra: [...sdpLines, 'Session-Expires: 90;refresher=uac'], body: SDP });
    expect((await peer.request('ACK')).headers.get('cseq')).toBe((invite.headers.get('cseq') ?? '').replace('INVITE', 'ACK'));
  });

  test('a refusal, and a peer that forgets to refresh, end the call and are told', async () => {
    const refused = await agree(['Session-Expires: 2;refresher=uac', 'Allow: UPDATE']);
    const firstEnd = once(refused, 'destroy') as Promise<[AppRequest, string]>;
    peer.answer(await peer.request('UPDATE'), 481);
    expect((await firstEnd)[1]).toBe('Session refresh failed');
    await peer.request('BYE');
    const forgotten = await agree(['Session-Expires: 1;refresher=uas']);
    expect(((await once(forgotten, 'destroy')) as [AppRequest, string])[1]).toBe('Session timer expired');
    await peer.request('BYE');
  });
});
