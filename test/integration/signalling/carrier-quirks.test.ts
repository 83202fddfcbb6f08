import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';
import { mediaOf, sdpOffer } from '../../../services/proof-call/adapters/sip-text.js';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';
import { RawPeer } from '../sip/sip-support.js';

// What carriers do that a friendly telephone does not, by hand against the real relay and the embedded SIP server.

const HOST = '127.0.0.1';
const DIRECT = '4001000';
const MENU = '4002000';
const HEARD_WITHIN_MS = 5_000;

let rig: TelephonyRig;
let seat: SipPhone;
let sound: RtpEndpoint;
let peer: RawPeer;
let number = 0;

beforeAll(async () => {
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  const menu = Flow.parse({
    noticePromptId: 'beep',
    start: 'menu',
    steps: {
      menu: {
        kind: 'menu',
        promptId: 'beep',
        keys: { '5': { goTo: 'five', label: '' }, '#': { goTo: 'hash', label: '' } },
        waitMs: 20_000,
        otherwise: 'service',
      },
      service: { kind: 'queue', queueId: 'service' },
      five: { kind: 'queue', queueId: 'five' },
      hash: { kind: 'queue', queueId: 'hash' },
    },
  });
  const common = { name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1 } as const;
  rig = await TelephonyRig.start({
    numbers: [
      { ...common, testCallers: [], number: DIRECT, flow },
      { ...common, testCallers: [], number: MENU, flow: menu },
    ],
  });
  seat = await rig.seat('anna');
  seat.sound.play(1_300);
}, 60_000);
afterAll(() => rig[Symbol.asyncDispose]());
beforeEach(async () => {
  sound = await RtpEndpoint.open(HOST);
  peer = await RawPeer.open(rig.sipPort, HOST);
});
afterEach(() => {
  peer.close();
  sound.close();
});

const SDP = ['Content-Type: application/sdp'];

interface Carrier {
  readonly callId: string;
  readonly to: string;
  readonly sdp: string;
}

/** Sends an INVITE and resolves once it is answered, with the ACK still to be sent. */
async function invite(called: string, body: string): Promise<Carrier> {
  const callId = `quirk-${(number += 1)}`;
  const uri = `sip:${called}@${HOST}:${rig.sipPort}`;
  peer.sendText(peer.requestText('INVITE', { callId, uri, ...(body === '' ? {} : { extra: SDP, body }) }));
  const answer = await peer.response(200, 'INVITE');
  return { callId, to: answer.headers.get('to') ?? '', sdp: answer.body.toString() };
}

function acknowledge({ callId, to }: Carrier, seq = 1, body = ''): void {
  peer.sendText(peer.requestText('ACK', { callId, to, seq, ...(body === '' ? {} : { extra: SDP, body }) }));
}

async function hangUp({ callId, to }: Carrier): Promise<void> {
  peer.sendText(peer.requestText('BYE', { callId, to, seq: 99 }));
  await peer.response(200, 'BYE');
}

async function withAnna(queueId = 'service'): Promise<string> {
  const queued = await rig.event('call.queued', (event) => event['queueId'] === queueId && !taken.has(String(event['callId'])));
  const callId = String(queued['callId']);
  taken.add(callId);
  await rig.offer(callId, 'anna');
  await rig.commands.send('call.answer', { callId, agentId: 'anna' });
  return callId;
}
const taken = new Set<string>();

function sendTo(sdp: string): void {
  const media = mediaOf(sdp);
  if (media !== undefined) sound.sendTo(media.address, media.port);
}

async function bothHear(hertz: number): Promise<void> {
  sound.play(hertz);
  await sound.untilHears(1_300, HEARD_WITHIN_MS);
  await seat.sound.untilHears(hertz, HEARD_WITHIN_MS);
}

describe('an offer that is left to us', () => {
  test('in the INVITE: our 200 offers, the ACK answers, and both hear each other', async () => {
    const carrier = await invite(DIRECT, '');
    expect(carrier.sdp).toMatch(/^m=audio \d+ RTP\/AVP 8 0 101/m);
    sendTo(carrier.sdp);
    acknowledge(carrier, 1, sdpOffer(HOST, sound.port));
    const callId = await withAnna();
    await bothHear(440);
    await hangUp(carrier);
    await rig.ended(callId);
  }, 30_000);

  test('in the INVITE: an ACK that answers with nothing that we offered ends the call on both sides', async () => {
    const carrier = await invite(DIRECT, '');
    acknowledge(carrier, 1, sdpOffer(HOST, sound.port).replace('RTP/AVP 8 101', 'RTP/AVP 3').replace('8 PCMA', '3 GSM'));
    expect((await peer.request('BYE')).method).toBe('BYE');
  }, 30_000);

  test('in a re-INVITE: a call on hold is taken up again at another address', async () => {
    const carrier = await invite(DIRECT, sdpOffer(HOST, sound.port));
    acknowledge(carrier);
    sendTo(carrier.sdp);
    const callId = await withAnna();
    await bothHear(440);
    const held = sdpOffer(HOST, sound.port).replace('a=sendrecv', 'a=sendonly');
    peer.sendText(peer.requestText('INVITE', { callId: carrier.callId, to: carrier.to, seq: 2, extra: SDP, body: held }));
    expect((await peer.response(200, 'INVITE')).body.toString()).toContain('a=recvonly');
    acknowledge(carrier, 2);
    const moved = await RtpEndpoint.open(HOST);
    peer.sendText(peer.requestText('INVITE', { callId: carrier.callId, to: carrier.to, seq: 3 }));
    const offer = (await peer.response(200, 'INVITE')).body.toString();
    expect(offer).toContain('a=sendrecv');
    acknowledge(carrier, 3, sdpOffer(HOST, moved.port));
    sound.pause();
    const before = mediaOf(offer);
    if (before !== undefined) moved.sendTo(before.address, before.port);
    moved.play(700);
    await moved.untilHears(1_300, HEARD_WITHIN_MS);
    await seat.sound.untilHears(700, HEARD_WITHIN_MS);
    moved.close();
    await hangUp(carrier);
    await rig.ended(callId);
  }, 30_000);
});

describe('digits by INFO', () => {
  const info = async (carrier: Carrier, seq: number, type: string, body: string): Promise<void> => {
    peer.sendText(peer.requestText('INFO', { callId: carrier.callId, to: carrier.to, seq, extra: [`Content-Type: ${type}`], body }));
    await peer.response(200, 'INFO');
  };

  test.each([
    ['application/dtmf-relay', 'Signal=5\r\nDuration=160\r\n', 'five'],
    ['application/dtmf-relay', 'Signal= 11\r\nDuration= 250\r\n', 'hash'],
    ['application/dtmf', '#', 'hash'],
  ])(
    'as %s %j are pressed',
    async (type, body, queueId) => {
      const carrier = await invite(MENU, sdpOffer(HOST, sound.port));
      acknowledge(carrier);
      sendTo(carrier.sdp);
      const { callId } = await rig.event('call.answered', (event) => !taken.has(String(event['callId'])));
      await info(carrier, 2, type, 'no digit');
      const queued = (): Record<string, unknown> | undefined =>
        rig.events.find(({ name, event }) => name === 'call.queued' && event['callId'] === callId)?.event;
      // A key pressed during the notice has no effect.
      let seq = 2;
      await until(
        async () => {
          await info(carrier, (seq += 1), type, body);
          return queued();
        },
        (found) => found !== undefined,
      );
      expect(queued()?.['queueId']).toBe(queueId);
      taken.add(String(callId));
      await hangUp(carrier);
      await rig.ended(String(callId));
    },
    30_000,
  );
});

test('REFER within a call is declined, and the call goes on', async () => {
  const carrier = await invite(DIRECT, sdpOffer(HOST, sound.port));
  acknowledge(carrier);
  sendTo(carrier.sdp);
  const callId = await withAnna();
  const extra = [`Refer-To: <sip:+8816000000@${HOST}>`];
  peer.sendText(peer.requestText('REFER', { callId: carrier.callId, to: carrier.to, seq: 2, extra }));
  expect((await peer.response(603, 'REFER')).status).toBe(603);
  await bothHear(440);
  await hangUp(carrier);
  await rig.ended(callId);
}, 30_000);

test.each([
  ['over udptl', 'm=image 4000 udptl t38'],
  ['beside a refused audio', 'm=audio 0 RTP/AVP 8\r\nm=image 4000 udptl t38'],
])(
  'a re-INVITE for T.38 %s is refused with 488, and the call goes on',
  async (_how, media) => {
    const carrier = await invite(DIRECT, sdpOffer(HOST, sound.port));
    acknowledge(carrier);
    sendTo(carrier.sdp);
    const callId = await withAnna();
    const body = ['v=0', `o=- 1 2 IN IP4 ${HOST}`, 's=-', `c=IN IP4 ${HOST}`, 't=0 0', media, ''].join('\r\n');
    peer.sendText(peer.requestText('INVITE', { callId: carrier.callId, to: carrier.to, seq: 2, extra: SDP, body }));
    expect((await peer.response(488, 'INVITE')).status).toBe(488);
    acknowledge(carrier, 2);
    await bothHear(440);
    await hangUp(carrier);
    await rig.ended(callId);
  },
  30_000,
);
