import { setImmediate } from 'node:timers/promises';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import { RawPeer, SDP, connectApp, portOf, startServer, type App, type AppDialog } from './sip-support.js';

// Who speaks in a dialog and where its requests go, when the server knows who the trunks are.

const TRUNK = '127.0.0.2';
const SAME_TRUNK = '127.0.0.3';
const STRANGER = '127.0.0.66';

let folder: string;
let server: SipServer;
let app: App;

/** Written as telephony writes it: the whole file is replaced. */
function writePeers(...trunks: readonly (readonly string[])[]): void {
  const file = join(folder, 'peers.json');
  writeFileSync(`${file}.new`, JSON.stringify({ peers: trunks.map((addresses) => ({ addresses })) }));
  renameSync(`${file}.new`, file);
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'peers-'));
  writePeers([TRUNK, SAME_TRUNK]);
  server = await startServer({ peersFile: join(folder, 'peers.json'), limits: { trusted: [], requestsPerSecond: 1, burst: 5 } });
  app = await connectApp(server);
});

afterEach(async () => {
  app.disconnect();
  await server.close();
  rmSync(folder, { recursive: true });
});

/** A trunk's call, answered and acknowledged; `contact` is where it says that it is. */
async function call(
  caller: RawPeer,
  contact?: string,
): Promise<{ readonly dialog: AppDialog; readonly within: { readonly callId: string; readonly to: string } }> {
  const dialogOf = new Promise<AppDialog>((resolve, reject) => {
    app.invite((request, response) => {
      app.createUAS(request, response, { localSdp: SDP }).then((dialog) => void once(dialog, 'ack').then(() => resolve(dialog)), reject);
    });
  });
  const callId = `call-${Math.random()}`;
  const invite = caller.requestText('INVITE', { callId, extra: ['Content-Type: application/sdp'], body: SDP });
  caller.sendText(contact === undefined ? invite : invite.replace(/Contact: .*/, `Contact: <${contact}>`));
  const answer = await caller.response(200);
  const within = { callId, to: answer.headers.get('to') ?? '' };
  caller.sendText(caller.requestText('ACK', within));
  return { dialog: await dialogOf, within };
}

test('requests in the dialog of a trunk are taken from addresses of that trunk; a stranger who read its tags ends nothing', async () => {
  const [caller, gateway, stranger] = [
    await RawPeer.open(portOf(server, 'udp'), TRUNK),
    await RawPeer.open(portOf(server, 'udp'), SAME_TRUNK),
    await RawPeer.open(portOf(server, 'udp'), STRANGER),
  ];
  const { dialog, within } = await call(caller);
  let ended = false;
  dialog.on('destroy', () => (ended = true));
  for (const [at, method] of ['INVITE', 'UPDATE', 'INFO', 'REFER', 'BYE'].entries()) {
    stranger.sendText(stranger.requestText(method, { ...within, seq: 10 + at, extra: ['Content-Type: application/sdp'], body: SDP }));
    expect((await stranger.response(403, method)).status).toBe(403);
  }
  expect(ended).toBe(false);
  const over = once(dialog, 'destroy');
  gateway.sendText(gateway.requestText('BYE', { ...within, seq: 20 }));
  expect((await gateway.response(200, 'BYE')).status).toBe(200);
  await over;
  for (const peer of [caller, gateway, stranger]) peer.close();
});

test.each([
  ['another program of this machine', '127.0.0.1'],
  ['a foreign address', STRANGER],
])('a Contact that points to %s opens no connection: the request goes to where the call came from', async (_what, host) => {
  const caller = await RawPeer.open(portOf(server, 'udp'), TRUNK);
  let connections = 0;
  const elsewhere = createServer(() => (connections += 1));
  elsewhere.listen(0, host);
  await once(elsewhere, 'listening');
  const { port } = elsewhere.address() as { port: number };
  const { dialog } = await call(caller, `sip:x@${host}:${port};transport=tcp`);
  const destroyed = dialog.destroy();
  const bye = await caller.request('BYE');
  expect(bye.uri).toBe(`sip:x@${host}:${port};transport=tcp`);
  caller.answer(bye, 200);
  await destroyed;
  // Any connection opened before this one would have been counted by now.
  const probe = connectTcp(port, host);
  await once(elsewhere, 'connection');
  expect(connections).toBe(1);
  probe.destroy();
  elsewhere.close();
  caller.close();
});

test('a trunk is not limited, the loopback and strangers are; a trunk that is added while the server runs is known at once', async () => {
  app.options((_request, response) => response.send(200));
  const answered = async (host: string): Promise<number> => {
    const peer = await RawPeer.open(portOf(server, 'udp'), host);
    for (let i = 0; i < 20; i += 1) peer.sendText(peer.requestText('OPTIONS', { callId: `o-${host}-${i}-${Math.random()}` }));
    // A trunk's request sent after them is answered after them, and its answer reaches the socket once theirs have.
    const witness = await RawPeer.open(portOf(server, 'udp'), TRUNK);
    witness.sendText(witness.requestText('OPTIONS', { callId: `w-${host}-${Math.random()}` }));
    await witness.response(200);
    await setImmediate();
    witness.close();
    peer.close();
    return peer.received.length;
  };
  expect(await answered(TRUNK)).toBe(20);
  expect(await answered(STRANGER)).toBeLessThan(10);
  expect(await answered('127.0.0.1')).toBeLessThan(10);
  writePeers([TRUNK], ['127.0.0.64/29']);
  // The watcher notices the file in its own time.
  let known = 0;
  for (let tries = 0; tries < 20 && known < 20; tries += 1) known = await answered(STRANGER);
  expect(known).toBe(20);
});

test('a request whose Via names another transport than it came by is dropped', async () => {
  const caller = await RawPeer.open(portOf(server, 'udp'), TRUNK);
  app.options((_request, response) => response.send(200));
  caller.sendText(caller.requestText('OPTIONS', { callId: 'wrong' }).replace('SIP/2.0/UDP', 'SIP/2.0/TCP'));
  caller.sendText(caller.requestText('OPTIONS', { callId: 'right' }));
  expect((await caller.response(200)).headers.get('call-id')).toBe('right');
  expect(caller.received).toEqual([]);
  caller.close();
});
