import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { shareOfTone } from '../../services/shared/domain/sound/tone.js';
import { BareSeat } from '../support/bare-seat.js';
import { recordedCall } from '../support/centre/recorded-call.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import { until } from '../support/until.js';
import { dialFrom, PLAIN, STRANGER } from './support/carrier.js';
import { AGENT_HZ, Conversation } from './support/conversation.js';
import { openUdp, placesOf, RawRtp, type Place } from './support/raw-rtp.js';
import { describedAt, RawSip } from './support/raw-sip.js';
import { attacked, endAllCalls } from './support/tier.js';

const stack = attacked();
const target = `sip:4001000@${stack.sip.address}:${stack.sip.port}`;
const { ports } = stack.ready;
const port = (name: string): number => ports[name] ?? 0;
/**
 * All that is open for sound on this machine: the ports that relay, recorder and mixer hold, internal ones too, and the whole range of the
 * relay blindly.
 */
const everywhere = (): Place[] => [...placesOf('127.0.0.1', port('rtpMin'), port('rtpMax')), ...openUdp(port('rtpMin'), port('mixerMax'))];
const COLLEAGUE_HZ = 880;
/** A port for sound as telephones on this machine get it, and on which nobody listens. */
const OF_NOBODY = 61_000;
const HEARD_WITHIN_MS = 10_000;
const SHARE_OF_TWO = 0.1;
const SWEEPS = 6;
/** A few thousand packets a second: enough to find an opening without drowning the machine, which would prove nothing. */
const BETWEEN_SWEEPS_MS = 150;

afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

/** Sweeps while `during` goes on, and a few times more: an opening of a moment is enough for an attacker. */
async function sweepDuring(stranger: RawRtp, during: () => Promise<void>): Promise<void> {
  let goesOn = true;
  const sweeping = (async () => {
    for (let more = SWEEPS; more > 0; more -= goesOn ? 0 : 1) {
      await stranger.sweep(everywhere());
      await pause(BETWEEN_SWEEPS_MS);
    }
  })();
  try {
    await during();
  } finally {
    goesOn = false;
    await sweeping;
  }
}

/** Whether this tone is in the newest sound; when two talk at once, each has a share. */
const untilInSound = ({ sound }: SipPhone, hertz: number): Promise<boolean> =>
  until(
    () => shareOfTone(sound.newest, hertz) > SHARE_OF_TWO,
    (isHeard) => isHeard,
    HEARD_WITHIN_MS,
  );

describe('a stranger who sends sound to every port', () => {
  afterEach(() => endAllCalls(stack));

  test('hears nothing of a conversation, is heard by nobody, and costs the recording nothing', async () => {
    using stranger = await RawRtp.open(STRANGER);
    let callId = '';
    {
      await using talk = await Conversation.begin(stack);
      ({ callId } = talk);
      await sweepDuring(stranger, async () => {
        for (let round = 0; round < 3; round += 1) {
          await talk.seat.ask('call:hold', { callId });
          await talk.seat.ask('call:resume', { callId });
          await talk.bothHear();
        }
      });
      await talk.bothHear();
      expect(stranger.received).toBe(0);
    }
    const { account } = await recordedCall(stack, callId);
    expect(account.ms.lost).toBe(0);
    expect(stranger.received).toBe(0);
    expect(await filledMsOf(callId)).toBeLessThan(500);
  }, 120_000);

  test('hears nothing of a caller who waits with music', async () => {
    using stranger = await RawRtp.open(STRANGER);
    const seat = await BareSeat.open(stack, 'agent1');
    const caller = await dialFrom(stack, PLAIN, '4001000');
    try {
      await seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
      expect(await caller.call()).toBe(200);
      await sweepDuring(stranger, async () => {
        const { packetsReceived } = caller.sound;
        await until(
          () => caller.sound.packetsReceived,
          (received) => received > packetsReceived + 100,
        );
      });
      expect(stranger.received).toBe(0);
    } finally {
      caller.close();
      await seat.leave();
    }
  }, 60_000);

  test('hears nothing of a call that is handed to a colleague, of a conference, and of one that is listened to', async () => {
    using stranger = await RawRtp.open(STRANGER);
    const colleague = await BareSeat.open(stack, 'agent2');
    await using talk = await Conversation.begin(stack);
    const boss = await BareSeat.open(stack, 'supervisor');
    try {
      const { callId } = talk;
      const me = (await profileOf('agent2')).userId;
      await colleague.ready();
      const acknowledged = { token: await stack.signIn('agent1'), body: { textVersion: 1 } };
      expect((await stack.http('POST', '/api/listening/mine/acknowledgement', acknowledged)).status).toBe(204);
      await sweepDuring(stranger, async () => {
        await boss.ask('call:monitor', { callId, mode: 'listen', reason: 'training' });
        await untilInSound(boss.phone, AGENT_HZ);
        await boss.ask('call:monitor', { callId, mode: 'stop' });
        const offered = colleague.next<{ callId: string; offerId: string }>('call:offered');
        await talk.seat.ask('call:consult', { callId, target: { to: 'seat', agentId: me } });
        const offer = await offered;
        await colleague.ask('call:answer', { callId: offer.callId, offerId: offer.offerId });
        await talk.seat.ask('call:consult-end', { callId, how: 'join' });
        colleague.phone.sound.play(COLLEAGUE_HZ);
        await untilInSound(talk.caller, COLLEAGUE_HZ);
      });
      expect(stranger.received).toBe(0);
    } finally {
      await boss.leave();
      await colleague.leave();
    }
  }, 90_000);

  test('presses no digit of a caller, and sends no report that ends a stream', async () => {
    using stranger = await RawRtp.open(STRANGER);
    await using talk = await Conversation.begin(stack);
    const digits: unknown[] = [];
    talk.seat.socket.onAny((name: string, payload: unknown) => {
      if (JSON.stringify(payload)?.includes('"choices":["9"')) digits.push(name);
    });
    const places = everywhere();
    for (let i = 0; i < 3; i += 1) await stranger.press(9, places);
    // RTCP: a sender report and a goodbye from anybody (RFC 3550 sections 6.4.1, 6.6).
    const report = Buffer.from('80c80006000000010000000000000000000000000000000000000000', 'hex');
    const goodbye = Buffer.from('81cb000100000001', 'hex');
    await stranger.throwAt(places, Buffer.concat([report, goodbye]));
    await talk.bothHear();
    expect(digits).toEqual([]);
    expect(stranger.received).toBe(0);
  }, 60_000);
});

describe('a description', () => {
  /** One conversation for all of them: it has to outlive each. */
  let talk: Conversation;
  beforeAll(async () => {
    talk = await Conversation.begin(stack);
  }, 60_000);
  afterAll(async () => {
    await talk[Symbol.asyncDispose]();
    await endAllCalls(stack);
  });

  const hostile: readonly (readonly [string, readonly string[]])[] = [
    ['of an endless packet time', ['a=ptime:999999']],
    ['of packet times of every size', ['a=ptime:20000', 'a=maxptime:30000', 'a=ptime:100000']],
    ['of a packet time of nothing', ['a=ptime:0', 'a=maxptime:-1', 'a=ptime:1e9']],
    ['with lines as long as a datagram', [`a=fmtp:8 ${'x'.repeat(20_000)}`]],
    ['with a thousand attributes', Array.from({ length: 1_000 }, (_each, i) => `a=rtpmap:${i % 128} PCMA/${i + 1}`)],
    ['with other media', ['m=video 9 RTP/AVP 96', 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'm=image 9 udptl t38']],
    ['with keys of nobody', ['a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:', 'a=fingerprint:sha-256 00', 'a=ice-ufrag:x', 'a=ice-pwd:y']],
    ['with control characters', ['a=x:\u0000\u0001', 'a=ptime:20\u0000', 's=\u0007']],
  ];
  test.each(hostile)(
    '%s ends no relay and no conversation',
    async (_name, lines) => {
      const before = stack.pidOf('rtpengine');
      using sip = await RawSip.tcp(PLAIN, stack.sip);
      await sip.ask({ method: 'INVITE', uri: target, body: describedAt(PLAIN, 9_000, lines) }, 5_000);
      // A prompt played into a bad leg once killed the relay: the caller stays until one has begun.
      await talk.bothHear();
      await talk.bothHear();
      expect(stack.pidOf('rtpengine')).toBe(before);
    },
    60_000,
  );

  const forbidden: readonly (readonly [string, string, () => number])[] = [
    ['everybody', '255.255.255.255', () => 9_000],
    ['a multicast group', '224.0.0.1', () => 9_000],
    ['a program of this machine', '127.0.0.1', () => OF_NOBODY],
    ["the relay's own control port", '127.0.0.1', () => port('rtpengineNg')],
    ['the port of digits', '127.0.0.1', () => port('dtmfLog')],
    ['the live state', '127.0.0.1', () => port('valkey')],
    ['a sound port of the relay', '127.0.0.1', () => port('rtpMin')],
    ['a sound port of the recorder', '127.0.0.1', () => port('recorderMin') + 1],
    ['a sound port of the mixer', '127.0.0.1', () => port('mixerMax')],
    ['the inner side of the relay', '127.0.0.2', () => 9_000],
    ['a link-local address', '169.254.169.254', () => 80],
  ];
  test.each(forbidden)('that asks for sound to %s is refused', async (_name, address, to) => {
    // At the ports of the product the trunk of this machine asks: no other trunk gets as far as there.
    using sip = await RawSip.udp(address === '127.0.0.1' && to() !== OF_NOBODY ? address : PLAIN, stack.sip);
    const answer = await sip.ask({ method: 'INVITE', uri: target, body: describedAt(address, to()) }, 5_000);
    expect(answer?.status ?? 0).toBeGreaterThanOrEqual(400);
  });

  test("that aims reports at the relay's own control port is refused", async () => {
    using sip = await RawSip.udp('127.0.0.1', stack.sip);
    const body = describedAt('127.0.0.1', 9_000, [`a=rtcp:${port('rtpengineNg')}`]);
    expect((await sip.ask({ method: 'INVITE', uri: target, body }, 5_000))?.status ?? 0).toBeGreaterThanOrEqual(400);
  });

  test('that requests sound to somebody else later in the call has none sent there', async () => {
    using sip = await RawSip.udp(PLAIN, stack.sip);
    using own = await RawRtp.open(PLAIN);
    const answer = await sip.ask({ method: 'INVITE', uri: target, body: describedAt(PLAIN, own.port) }, 8_000);
    expect(answer?.status).toBe(200);
    // An offer in the moment before anybody negotiates for the call is answered with what was said before, and refused when it is applied.
    await until(
      () => own.received,
      (received) => received > 0,
    );
    const moved = await sip.ask({
      method: 'INVITE',
      uri: /<([^>]+)>/.exec(answer?.header('contact') ?? '')?.[1] ?? target,
      callId: answer?.header('call-id') ?? '',
      cseq: 2,
      from: answer?.header('from') ?? '',
      to: answer?.header('to') ?? '',
      body: describedAt(PLAIN, port('rtpengineNg')),
    });
    expect(moved?.status ?? 0).toBeGreaterThanOrEqual(400);
  }, 20_000);
});

async function profileOf(name: string): Promise<{ userId: string }> {
  const { body } = await stack.http('GET', '/api/session/profile', { token: await stack.signIn(name) });
  return body as { userId: string };
}

/** Milliseconds of the call that the recorder missed and took from the relay's own file. */
async function filledMsOf(callId: string): Promise<number> {
  const { body } = await stack.http('GET', `/api/ledger/calls/${callId}`, { token: await stack.signIn('supervisor') });
  const { witnesses } = body as { witnesses: { capture?: { filledMs: number } } };
  if (witnesses.capture === undefined) throw new Error('the relay wrote nothing of this call');
  return witnesses.capture.filledMs;
}
