import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { SDP, connectApp, portOf, startServer, type App, type AppDialog, type AppRequest, type AppResponse } from './sip-support.js';

// Two servers with an application each: every call runs through both the server and the client side.
let calleeServer: SipServer;
let callerServer: SipServer;
let callee: App;
let caller: App;

beforeEach(async () => {
  [calleeServer, callerServer] = await Promise.all([startServer(), startServer()]);
  [callee, caller] = await Promise.all([connectApp(calleeServer), connectApp(callerServer)]);
});

afterEach(async () => {
  callee.disconnect();
  caller.disconnect();
  await Promise.all([calleeServer.close(), callerServer.close()]);
});

function uri(protocol: 'udp' | 'tcp' = 'udp'): string {
  return `sip:service@127.0.0.1:${String(portOf(calleeServer, protocol))};transport=${protocol}`;
}

/** Answers the next call; resolves with the dialog when drachtio-srf reports it acknowledged. */
function answerNext(options: object = { localSdp: SDP }): Promise<AppDialog> {
  return new Promise((resolve, reject) => {
    callee.invite((request, response) => {
      callee.createUAS(request, response, options).then(resolve, reject);
    });
  });
}

describe.each(['udp', 'tcp'] as const)('a call over %s', (protocol) => {
  test('is answered, acknowledged and ended by the caller', async () => {
    const answered = answerNext();
    const dialog = await caller.createUAC(uri(protocol), { localSdp: SDP });
    const uas = await answered;
    const ended = once(uas, 'destroy') as Promise<[AppRequest, string]>;
    expect(dialog.remote.sdp).toContain('m=audio');
    expect(dialog.sip.remoteTag).toBe(uas.sip.localTag);
    expect(dialog.id).toBe(`${dialog.sip.callId};from-tag=${dialog.sip.localTag}`);
    expect(uas.id).toBe(dialog.id);
    await dialog.destroy();
    const [bye] = await ended;
    expect(bye.method).toBe('BYE');
    expect(caller.idle).toBe(true);
  });

  test('is ended by the callee', async () => {
    const answered = answerNext();
    const dialog = await caller.createUAC(uri(protocol), { localSdp: SDP });
    const uas = await answered;
    const ended = once(dialog, 'destroy');
    await uas.destroy();
    await ended;
    expect(callee.idle).toBe(true);
  });

  test('is put on hold by either side, and carries INFO', async () => {
    const answered = answerNext();
    const dialog = await caller.createUAC(uri(protocol), { localSdp: SDP });
    const uas = await answered;
    const heldSdp = SDP.replace('a=sendrecv', 'a=sendonly');
    uas.on('modify', (request: AppRequest, response: AppResponse) => {
      expect(request.body).toContain('a=sendonly');
      response.send(200, { body: SDP });
    });
    expect(await dialog.modify(heldSdp)).toContain('m=audio');
    expect(await uas.modify(SDP)).toContain('m=audio');
    dialog.on('info', (request: AppRequest, response: AppResponse) => {
      expect(request.body).toBe('Signal=5');
      response.send(200);
    });
    const info = await uas.request({ method: 'INFO', headers: { 'Content-Type': 'application/dtmf-relay' }, body: 'Signal=5' });
    expect(info.status).toBe(200);
    await dialog.destroy();
  });
});

test('a provisional response reaches the caller, then the refusal does', async () => {
  callee.invite((_request, response) => {
    response.send(180);
    response.send(486, { headers: { Reason: 'Q.850;cause=17' } });
  });
  const seen: number[] = [];
  await expect(
    caller.createUAC(uri(), { localSdp: SDP }, { cbProvisional: (response: AppResponse) => seen.push(response.status) }),
  ).rejects.toMatchObject({
    status: 486,
  });
  expect(seen).toEqual([100, 180]);
});

test('a caller that gives up makes the server answer 487 and shows the CANCEL to the application', async () => {
  const cancelled = new Promise<void>((resolve) => {
    callee.invite((request, response) => {
      request.on('cancel', () => {
        resolve();
      });
      response.send(180);
    });
  });
  let sent: AppRequest | undefined;
  const call = caller.createUAC(
    uri(),
    { localSdp: SDP },
    { cbRequest: (_error: unknown, request: AppRequest) => (sent = request), cbProvisional: () => sent?.cancel() },
  );
  await expect(call).rejects.toMatchObject({ status: 487 });
  await cancelled;
});

test('a digest challenge is answered by drachtio-srf and the call goes through', async () => {
  const seqs: string[] = [];
  const answered = new Promise<AppDialog>((resolve, reject) => {
    callee.invite((request, response) => {
      seqs.push(request.get('CSeq'));
      if (!request.has('Authorization')) {
        response.send(401, { headers: { 'WWW-Authenticate': 'Digest realm="test", nonce="abc", qop="auth", algorithm=MD5' } });
        return;
      }
      callee.createUAS(request, response, { localSdp: SDP }).then(resolve, reject);
    });
  });
  const dialog = await caller.createUAC(uri(), { localSdp: SDP, auth: { username: 'u', password: 'p' } });
  await answered;
  const [first = 0, second = 0] = seqs.map((seq) => Number(seq.split(' ')[0]));
  expect(second).toBe(first + 1);
  await dialog.destroy();
});

test('REGISTER, OPTIONS and MESSAGE are offered and answered', async () => {
  callee.register((_request, response) => {
    response.send(200, { headers: { Contact: '<sip:a@127.0.0.1>;expires=60', Expires: '60' } });
  });
  callee.options((request, response) => {
    expect(request.receivedOn).toBe(`127.0.0.1:${String(portOf(calleeServer, 'udp'))}`);
    response.send(200, { headers: { Allow: 'INVITE' } });
  });
  callee.message((request, response) => {
    response.send(request.body === 'grüß' ? 202 : 400);
  });
  const ask = async (method: string, options: object = {}): Promise<AppResponse> => {
    const request = await new Promise<AppRequest>((resolve, reject) => {
      caller.request(uri(), { method, ...options }, (error, sent) => {
        if (error) reject(error);
        else resolve(sent);
      });
    });
    const [response] = (await once(request, 'response')) as [AppResponse];
    return response;
  };
  expect((await ask('REGISTER', { headers: { Contact: '<sip:a@localhost>' } })).get('Expires')).toBe('60');
  expect((await ask('OPTIONS')).get('Allow')).toBe('INVITE');
  expect((await ask('MESSAGE', { headers: { 'Content-Type': 'text/plain' }, body: 'grüß' })).status).toBe(202);
  await expect(ask('MESSAGE', { body: 'no type' })).rejects.toThrow('missing content-type');
  await expect(ask('SUBSCRIBE', { headers: { Event: 'presence' } })).resolves.toMatchObject({ status: 503 });
});

test('a back-to-back call runs through one connection', async () => {
  const b2bua = await startServer();
  const middle = await connectApp(b2bua);
  const answered = answerNext();
  const bridged = new Promise<{ uas: AppDialog; uac: AppDialog }>((resolve, reject) => {
    middle.invite((request, response) => {
      middle.createB2BUA(request, response, uri(), { localSdpB: request.body }).then(resolve, reject);
    });
  });
  const dialog = await caller.createUAC(`sip:x@127.0.0.1:${String(portOf(b2bua, 'udp'))}`, { localSdp: SDP });
  const { uas, uac } = await bridged;
  const far = await answered;
  uas.on('destroy', () => void uac.destroy());
  const ended = once(far, 'destroy');
  await dialog.destroy();
  await ended;
  middle.disconnect();
  await b2bua.close();
});
