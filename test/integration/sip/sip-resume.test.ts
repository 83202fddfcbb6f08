import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import {
  RawPeer,
  SDP,
  SECRET,
  connectApp,
  portOf,
  startServer,
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
} from './sip-support.js';

let server: SipServer;
let peer: RawPeer;
const apps: App[] = [];

beforeEach(async () => {
  server = await startServer({ keepDialogsMs: 300 });
  peer = await RawPeer.open(portOf(server, 'udp'));
});

afterEach(async () => {
  for (const app of [...apps]) stop(app);
  peer.close();
  await server.close();
});

async function start(tags: string[]): Promise<App> {
  const app = await connectApp(server, { tags });
  apps.push(app);
  return app;
}

function stop(app: App): void {
  apps.splice(apps.indexOf(app), 1);
  app.disconnect();
}

interface AgentClient {
  readonly wp: { send(socket: net.Socket, text: string): string };
  _getDefaultSocket(): net.Socket;
  removeRoute(verb: string): void;
}

/** What lies below drachtio-srf's surface, for the messages it cannot send itself. */
function clientOf(app: App): AgentClient {
  return (app as unknown as { _app: { client: AgentClient } })._app.client;
}

/** Calls that the peer made and the application answered; resolves with the To, with its tag, of each. */
async function establishAll<const Ids extends readonly string[]>(
  app: App,
  callIds: Ids,
): Promise<{ readonly [I in keyof Ids]: { dialog: AppDialog; to: string } }> {
  let answered: (uas: Promise<AppDialog>) => void = () => undefined;
  app.invite((request, response) => {
    answered(app.createUAS(request, response, { localSdp: SDP }));
  });
  const made = [];
  for (const callId of callIds) {
    const uas = new Promise<AppDialog>((resolve) => (answered = resolve));
    peer.sendText(peer.requestText('INVITE', { callId, extra: ['Content-Type: application/sdp'], body: SDP }));
    const to = (await peer.response(200, 'INVITE')).headers.get('to') ?? '';
    const dialog = await uas;
    const acked = once(dialog, 'ack');
    peer.sendText(peer.requestText('ACK', { callId, to, branch: `z9hG4bK${callId}ack` }));
    await acked;
    made.push({ dialog, to });
  }
  return made as unknown as { readonly [I in keyof Ids]: { dialog: AppDialog; to: string } };
}

async function establish(app: App, callId: string): Promise<{ dialog: AppDialog; to: string }> {
  const [only] = await establishAll(app, [callId]);
  return only;
}

/** Waits until the server has noticed that the application is gone: an INFO is then answered 500. */
async function untilLost(callId: string, to: string): Promise<number> {
  for (let seq = 10; ; seq++) {
    peer.sendText(peer.requestText('INFO', { callId, to, seq }));
    const response = await peer.next((message) => message.kind === 'response' && message.headers.get('cseq') === `${String(seq)} INFO`);
    if (response.kind !== 'response' || response.status !== 500) continue;
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    return seq;
  }
}

async function ask(app: App, options: object): Promise<AppResponse> {
  const request = await new Promise<AppRequest>((resolve, reject) => {
    app.request('sip:placeholder', options, (error, sent) => {
      if (error) reject(error);
      else resolve(sent);
    });
  });
  const [response] = (await once(request, 'response')) as [AppResponse];
  return response;
}

test('a restarted application with the same tags gets its calls back, in both directions', async () => {
  const first = await start(['telephony', 'node-1']);
  const { dialog, to } = await establish(first, 'kept');
  stop(first);
  const seq = await untilLost('kept', to);
  const second = await start(['node-1', 'telephony']);
  const seen = new Promise<string>((resolve) => {
    second.info((request, response) => {
      resolve(request.stackDialogId);
      response.send(200);
    });
  });
  peer.sendText(peer.requestText('INFO', { callId: 'kept', to, seq: seq + 1 }));
  expect(await seen).toBe(dialog.id);
  await peer.response(200, 'INFO');
  const bye = ask(second, { method: 'BYE', stackDialogId: dialog.id });
  peer.answer(await peer.request('BYE'), 200);
  expect((await bye).status).toBe(200);
});

test('a call hung up while the application was away is reported when it is back', async () => {
  const first = await start(['a']);
  const { dialog, to } = await establish(first, 'hungup');
  stop(first);
  const seq = await untilLost('hungup', to);
  peer.sendText(peer.requestText('BYE', { callId: 'hungup', to, seq: seq + 1 }));
  await peer.response(200, 'BYE');
  const second = await start([]);
  const told = new Promise<AppRequest>((resolve) => {
    second.bye((request) => {
      resolve(request);
    });
  });
  // The handler is in place before the calls are taken over, so that no message is lost.
  const client = clientOf(second);
  client.wp.send(client._getDefaultSocket(), 'resume|a');
  const bye = await told;
  expect(bye.stackDialogId).toBe(dialog.id);
  expect(bye.source).toBe('application');
});

test('other tags get nothing, and after the wait the calls are ended on the wire', async () => {
  const first = await start(['a']);
  const { to } = await establish(first, 'expired');
  stop(first);
  await untilLost('expired', to);
  await start(['b']);
  const bye = await peer.request('BYE');
  expect(bye.headers.get('reason')).toContain('Application lost');
});

test('with forgetDialogs the calls of an application that does not come back are another machine’s: nobody is told, and nothing of them is left', async () => {
  const forgetful = await startServer({ keepDialogsMs: 300, forgetDialogs: true });
  const caller = await RawPeer.open(portOf(forgetful, 'udp'));
  const app = await connectApp(forgetful, { tags: ['telephony'] });
  try {
    app.invite((request, response) => void app.createUAS(request, response, { localSdp: SDP }));
    caller.sendText(caller.requestText('INVITE', { callId: 'moved', extra: ['Content-Type: application/sdp'], body: SDP }));
    const to = (await caller.response(200, 'INVITE')).headers.get('to') ?? '';
    caller.sendText(caller.requestText('ACK', { callId: 'moved', to, branch: 'z9hG4bKmovedack' }));
    app.disconnect();
    const seen: string[] = [];
    for (let seq = 10; ; seq += 1) {
      caller.sendText(caller.requestText('INFO', { callId: 'moved', to, seq }));
      const message = await caller.next((each) => each.kind === 'request' || each.headers.get('cseq') === `${String(seq)} INFO`);
      if (message.kind === 'request') seen.push(message.method);
      else if (message.status === 481) break;
      await pause(50);
    }
    expect(seen).toEqual([]);
  } finally {
    caller.close();
    await forgetful.close();
  }
});

test('a call that the restarted application never speaks in is ended; one that it asks about stays', async () => {
  const first = await start(['a']);
  const [{ to }, { dialog }] = await establishAll(first, ['unknown', 'known']);
  stop(first);
  await untilLost('unknown', to);
  const second = await start(['a']);
  const asked = ask(second, { method: 'OPTIONS', stackDialogId: dialog.id });
  peer.answer(await peer.request('OPTIONS'), 200);
  expect((await asked).status).toBe(200);
  const bye = await peer.request('BYE');
  expect(bye.headers.get('call-id')).toBe('unknown');
  expect(bye.headers.get('reason')).toContain('Unknown to the application');
  const still = ask(second, { method: 'BYE', stackDialogId: dialog.id });
  peer.answer(await peer.request('BYE'), 200);
  expect((await still).status).toBe(200);
});

test('a call being offered when the application is lost is refused with 503', async () => {
  const first = await start(['a']);
  const offered = new Promise<void>((resolve) => {
    first.invite(() => {
      resolve();
    });
  });
  peer.sendText(peer.requestText('INVITE', { callId: 'midway' }));
  await offered;
  stop(first);
  expect((await peer.response(503)).headers.has('retry-after')).toBe(true);
});

test('two applications share new calls fairly, however often each has asked; remove_route takes back only what it names', async () => {
  const counts = [0, 0];
  for (const index of [0, 1]) {
    const app = await start([]);
    app.options((_request, response) => {
      counts[index] = (counts[index] ?? 0) + 1;
      response.send(200);
    });
    // Each further handler makes drachtio-srf ask for every verb again.
    if (index === 0) app.message((_request, response) => response.send(200));
    if (index === 0) clientOf(app).removeRoute('message');
    else app.message((_request, response) => response.send(202));
  }
  for (let i = 0; i < 10; i++) {
    peer.sendText(peer.requestText('OPTIONS', { callId: `o${String(i)}` }));
    await peer.response(200, 'OPTIONS');
  }
  expect(counts).toEqual([5, 5]);
  peer.sendText(peer.requestText('MESSAGE', { callId: 'm' }));
  await peer.response(202, 'MESSAGE');
});

test.each([
  ['a wrong secret', 'id1|authenticate|guess', 'NO|incorrect secret'],
  ['a command before authentication', 'id1|route|invite', 'NO|not authenticated'],
  ['an unknown type', `id0|authenticate|${SECRET}`, 'NO|Unknown message type'],
])('%s is refused and the connection closed', async (_name, payload, refusal) => {
  const socket = net.connect(server.admin.port, '127.0.0.1');
  await once(socket, 'connect');
  const text = payload.startsWith('id0') ? [payload, 'id1|sing|please'] : [payload];
  for (const part of text) socket.write(`${String(part.length)}#${part}`);
  let received = '';
  socket.on('data', (data) => (received += data.toString()));
  await once(socket, 'close');
  expect(received).toContain(`response|id1|${refusal}`);
});

test('a frame of 300 kB is taken, and nonsense instead of a frame ends the connection', async () => {
  const app = await start([]);
  await expect(
    new Promise((_resolve, reject) => {
      app.request(
        'sip:x@127.0.0.1:1;transport=sctp',
        { method: 'MESSAGE', headers: { 'Content-Type': 'text/plain' }, body: 'x'.repeat(300_000) },
        reject,
      );
    }),
  ).rejects.toThrow('requested protocol/transport not available');
  const socket = net.connect(server.admin.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await once(socket, 'close');
});
