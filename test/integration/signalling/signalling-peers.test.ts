import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SipServer } from '../../../infra/embedded/sip/index.js';
import type { Trunk } from '../../../services/shared/contracts/calls/flow.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { createSignalling, type TrunkCall } from '../../../services/signalling/index.js';
import { RawPeer, SDP, SECRET, portOf, startServer } from '../sip/sip-support.js';

// Telephony's own check of who speaks in a call, on a SIP server that knows no peers, such as drachtio-server.

const TRUNK = '127.0.0.2';
const STRANGER = '127.0.0.66';

const trunk: Trunk = {
  id: 'carrier',
  name: 'carrier',
  carrier: '',
  addresses: [TRUNK],
  trustsIdentity: false,
  permittedCallerNumbers: [],
  enabled: true,
};

let server: SipServer;
let signalling: ReturnType<typeof createSignalling>;
let called: (call: TrunkCall) => Promise<void>;

beforeEach(async () => {
  server = await startServer();
  signalling = createSignalling({
    drachtioUrl: `tcp://127.0.0.1:${String(server.admin.port)}`,
    drachtioSecret: SECRET,
    doors: { seatPort: 1, testPort: 2, testAddress: '127.0.0.1' },
    seatKey: 'a key of seats',
    seatOwner: () => Promise.resolve(undefined),
    trunks: () => ({ trunks: () => [trunk], trunk: () => trunk }),
    redeem: () => false,
    notSent: () => undefined,
    onTrunkCall: (call) => called(call),
    onSeatCall: () => Promise.resolve(),
    log: silentLogger,
  });
  await signalling.service.start();
});

afterEach(async () => {
  await signalling.service.stop();
  await server.close();
});

test('what a stranger sends within a call is refused and counted, and the call goes on; its trunk is heard', async () => {
  const [caller, stranger] = [await RawPeer.open(portOf(server, 'udp'), TRUNK), await RawPeer.open(portOf(server, 'udp'), STRANGER)];
  let [ended, reoffers] = [0, 0];
  const over = new Promise<void>((resolve) => {
    called = async (call) => {
      call.onEnded(() => {
        ended += 1;
        resolve();
      });
      const dialog = await call.answer(SDP);
      dialog.onRenegotiation({
        answer: (sdp) => {
          reoffers += 1;
          return Promise.resolve(sdp);
        },
        offer: () => SDP,
        answered: () => Promise.resolve(),
      });
    };
  });
  const sdp = { extra: ['Content-Type: application/sdp'], body: SDP };
  caller.sendText(caller.requestText('INVITE', { callId: 'call', uri: 'sip:4001000@127.0.0.1', ...sdp }));
  const within = { callId: 'call', to: (await caller.response(200)).headers.get('to') ?? '' };
  caller.sendText(caller.requestText('ACK', within));

  stranger.sendText(stranger.requestText('UPDATE', { ...within, seq: 5, ...sdp }));
  expect((await stranger.response(403, 'UPDATE')).status).toBe(403);
  stranger.sendText(stranger.requestText('INVITE', { ...within, seq: 6, ...sdp }));
  expect((await stranger.response(403, 'INVITE')).status).toBe(403);
  caller.sendText(caller.requestText('UPDATE', { ...within, seq: 7, ...sdp }));
  expect((await caller.response(200, 'UPDATE')).body.toString()).toBe(SDP);
  expect([ended, reoffers]).toEqual([0, 1]);
  expect((await signalling.service.health?.())?.facts).toMatchObject({ foreignRequests: 2 });

  caller.sendText(caller.requestText('BYE', { ...within, seq: 8 }));
  expect((await caller.response(200, 'BYE')).status).toBe(200);
  await over;
  expect(ended).toBe(1);
  for (const peer of [caller, stranger]) peer.close();
});

test("a stranger's BYE does not end the call for telephony", async () => {
  const [caller, stranger] = [await RawPeer.open(portOf(server, 'udp'), TRUNK), await RawPeer.open(portOf(server, 'udp'), STRANGER)];
  let ended = 0;
  called = async (call) => {
    call.onEnded(() => (ended += 1));
    await call.answer(SDP);
  };
  caller.sendText(
    caller.requestText('INVITE', { callId: 'call', uri: 'sip:4001000@127.0.0.1', extra: ['Content-Type: application/sdp'], body: SDP }),
  );
  const within = { callId: 'call', to: (await caller.response(200)).headers.get('to') ?? '' };
  caller.sendText(caller.requestText('ACK', within));
  stranger.sendText(stranger.requestText('BYE', { ...within, seq: 5 }));
  expect((await stranger.response(403, 'BYE')).status).toBe(403);
  expect(ended).toBe(0);
  expect((await signalling.service.health?.())?.facts).toMatchObject({ dialogs: 1 });
  for (const peer of [caller, stranger]) peer.close();
});
