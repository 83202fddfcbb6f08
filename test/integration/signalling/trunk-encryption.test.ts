import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';
import { mediaOf } from '../../../services/proof-call/adapters/sip-text.js';
import { alawToLinear } from '../../../services/shared/domain/sound/g711.js';
import { shareOfTone } from '../../../services/shared/domain/sound/tone.js';
import { Flow, type MediaEncryption } from '../../../services/shared/contracts/calls/flow.js';
import type { FarCall, FarPhone } from '../../support/phones/far-phone.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { keyLines, SrtpCarrier } from '../../support/phones/srtp-carrier.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { RawPeer } from '../sip/sip-support.js';

// A carrier whose sound is encrypted (SDES), against the real relay. Its side is decrypted by a second implementation of RFC 3711, and
// inspected on the wire.

const HOST = '127.0.0.1';
const NUMBER = '4001000';
/** The called person hears the notice first. */
const HEARD_WITHIN_MS = 10_000;

let rig: TelephonyRig;
let far: FarPhone;
let seat: SipPhone;
let callNumber = 0;
let sound: RtpEndpoint;
let carrier: SrtpCarrier;
const peers: RawPeer[] = [];

beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [{ number: NUMBER, name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { outboundUri: far.uri },
  });
  seat = await rig.seat('anna');
  seat.sound.play(1_300);
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
});
beforeEach(async () => {
  sound = await RtpEndpoint.open(HOST);
  carrier = await SrtpCarrier.before(sound, HOST);
});
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
  carrier.close();
  sound.close();
});

const description = (port: number, profile: string, ...keys: string[]): string =>
  [
    'v=0',
    `o=- 1 1 IN IP4 ${HOST}`,
    's=-',
    `c=IN IP4 ${HOST}`,
    't=0 0',
    `m=audio ${port} ${profile} 8`,
    'a=rtpmap:8 PCMA/8000',
    ...keys,
    '',
  ].join('\r\n');
const ourLine = (tag: number): string => `a=crypto:${tag} AES_CM_128_HMAC_SHA1_80 inline:${carrier.key}`;

interface Dialog {
  readonly peer: RawPeer;
  readonly sdp: string;
  readonly within: { readonly callId: string; readonly to: string };
}

/** Calls; resolves with the final status, and with the dialog where it was answered. */
async function call(offer: string): Promise<{ readonly status: number; readonly dialog?: Dialog }> {
  const peer = await RawPeer.open(rig.sipPort, HOST);
  peers.push(peer);
  const callId = `srtp-${(callNumber += 1)}`;
  peer.sendText(
    peer.requestText('INVITE', {
      callId,
      uri: `sip:${NUMBER}@${HOST}:${rig.sipPort}`,
      extra: ['Content-Type: application/sdp'],
      body: offer,
    }),
  );
  const answer = await peer.next((message) => message.kind === 'response' && message.status >= 200);
  if (answer.kind !== 'response') throw new Error('no response');
  const within = { callId, to: answer.headers.get('to') ?? '' };
  peer.sendText(peer.requestText('ACK', within));
  if (answer.status === 200) return { status: 200, dialog: { peer, sdp: answer.body.toString(), within } };
  return { status: answer.status };
}

function hangUp({ peer, within }: Dialog): void {
  peer.sendText(peer.requestText('BYE', { ...within, seq: 9 }));
}

const queuedCalls = (): string[] => rig.events.flatMap(({ name, event }) => (name === 'call.queued' ? [String(event['callId'])] : []));

/** The next call to be queued after `before` others. */
async function queuedAfter(before: number): Promise<string> {
  await rig.event('call.queued', () => queuedCalls().length > before);
  return queuedCalls()[before] ?? '';
}

async function joined(before: number): Promise<string> {
  const callId = await queuedAfter(before);
  await rig.offer(callId, 'anna');
  await rig.commands.send('call.answer', { callId, agentId: 'anna' });
  return callId;
}

/** Both hear each other, and the wire carries nothing that can be heard. */
async function bothHearInSecret(hertz: number): Promise<void> {
  sound.play(hertz);
  await sound.untilHears(1_300, HEARD_WITHIN_MS);
  await seat.sound.untilHears(hertz, HEARD_WITHIN_MS);
  expect(carrier.opened).toBeGreaterThan(20);
  expect(carrier.refused).toBe(0);
  expect(shareOfTone(alawToLinear(carrier.soundOnTheWire()), 1_300)).toBeLessThan(0.05);
}

const takes = (mediaEncryption: MediaEncryption): Promise<void> => rig.changeTrunk({ mediaEncryption });

describe('a call that comes in', () => {
  test('encrypted goes on encrypted when telephony is started again', async () => {
    await takes('required');
    const before = queuedCalls().length;
    const { dialog } = await call(description(carrier.port, 'RTP/SAVP', ourLine(3)));
    if (dialog === undefined) throw new Error('not answered');
    const [line] = keyLines(dialog.sdp);
    carrier.talkTo(mediaOf(dialog.sdp) ?? { address: '', port: 0 }, line?.key ?? '');
    const callId = await joined(before);
    await bothHearInSecret(440);
    const again = rig.restartTelephony();
    // Whoever takes up a dialog asks whether the carrier still has it.
    dialog.peer.answer(await dialog.peer.request('OPTIONS'), 200);
    await again;
    await bothHearInSecret(560);
    await rig.commands.send('call.hold', { callId, agentId: 'anna' });
    await rig.commands.send('call.resume', { callId, agentId: 'anna' });
    await bothHearInSecret(600);
    hangUp(dialog);
    await rig.event('call.ended', ({ callId: ended }) => ended === callId);
  }, 60_000);

  test('encrypted is answered encrypted, heard both ways, after a hold and after a re-INVITE in clear too', async () => {
    await takes('required');
    const before = queuedCalls().length;
    const { status, dialog } = await call(description(carrier.port, 'RTP/SAVP', 'a=crypto:9 AEAD_AES_256_GCM inline:xxxx', ourLine(3)));
    expect(status).toBe(200);
    if (dialog === undefined) return;
    expect(dialog.sdp).toMatch(/^m=audio \d+ RTP\/SAVP 8/m);
    const [line, ...more] = keyLines(dialog.sdp);
    expect(more).toEqual([]);
    expect(line?.tag).toBe(3);
    expect(line?.key).not.toBe(carrier.key);
    carrier.talkTo(mediaOf(dialog.sdp) ?? { address: '', port: 0 }, line?.key ?? '');
    const callId = await joined(before);
    await bothHearInSecret(440);
    await rig.commands.send('call.hold', { callId, agentId: 'anna' });
    await rig.commands.send('call.resume', { callId, agentId: 'anna' });
    await bothHearInSecret(700);
    // A re-INVITE in clear is refused, and the call goes on as it was.
    dialog.peer.sendText(
      dialog.peer.requestText('INVITE', {
        ...dialog.within,
        seq: 4,
        extra: ['Content-Type: application/sdp'],
        body: description(carrier.port, 'RTP/AVP'),
      }),
    );
    expect((await dialog.peer.response(488, 'INVITE')).status).toBe(488);
    dialog.peer.sendText(dialog.peer.requestText('ACK', { ...dialog.within, seq: 4 }));
    await bothHearInSecret(560);
    hangUp(dialog);
    await rig.ended(callId);
  }, 60_000);

  test('in clear, by another suite, or with a key that is none is refused with 488 where encryption is required', async () => {
    await takes('required');
    expect(await call(description(carrier.port, 'RTP/AVP'))).toEqual({ status: 488 });
    expect(await call(description(carrier.port, 'RTP/SAVP', 'a=crypto:1 NULL_HMAC_SHA1_80 inline:' + 'A'.repeat(40)))).toEqual({
      status: 488,
    });
    expect(await call(description(carrier.port, 'RTP/SAVP', 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:short'))).toEqual({ status: 488 });
    expect(await call(description(carrier.port, 'RTP/SAVP', `${ourLine(1)} UNENCRYPTED_SRTP`))).toEqual({ status: 488 });
  });

  test('encrypted is refused with 488 by a trunk in clear, which takes an offer of both in clear', async () => {
    await takes('off');
    expect(await call(description(carrier.port, 'RTP/SAVP', ourLine(1)))).toEqual({ status: 488 });
    const before = queuedCalls().length;
    const { dialog } = await call(description(sound.port, 'RTP/AVP', ourLine(1)));
    expect(dialog?.sdp).toMatch(/^m=audio \d+ RTP\/AVP /m);
    expect(dialog?.sdp).not.toContain('a=crypto');
    const callId = await queuedAfter(before);
    if (dialog !== undefined) hangUp(dialog);
    await rig.ended(callId);
  });

  test('that leaves the choice is encrypted where it is optional (RFC 8643)', async () => {
    await takes('optional');
    const before = queuedCalls().length;
    const { dialog } = await call(description(carrier.port, 'RTP/AVP', ourLine(1)));
    if (dialog === undefined) throw new Error('not answered');
    expect(dialog.sdp).toMatch(/^m=audio \d+ RTP\/AVP /m);
    carrier.talkTo(mediaOf(dialog.sdp) ?? { address: '', port: 0 }, keyLines(dialog.sdp)[0]?.key ?? '');
    const callId = await joined(before);
    await bothHearInSecret(440);
    hangUp(dialog);
    await rig.ended(callId);
  }, 30_000);
});

describe('a call that goes out', () => {
  async function dial(): Promise<{ callId: string; invited: FarCall }> {
    far.behaviour = 'ring';
    const coming = far.next();
    const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: '02160000001', purpose: 'enquiry' });
    return { callId, invited: await coming };
  }

  test('offers keys alone where encryption is required, and is heard both ways', async () => {
    await takes('required');
    const { callId, invited } = await dial();
    const offer = invited.invite.body;
    expect(offer).toMatch(/^m=audio \d+ RTP\/SAVP /m);
    expect(offer.match(/^a=crypto:\d+ (\S+)/gm)?.map((line) => line.split(' ')[1])).toEqual([
      'AES_CM_128_HMAC_SHA1_80',
      'AES_CM_128_HMAC_SHA1_32',
    ]);
    expect(offer).not.toContain('a=fingerprint');
    const [line] = keyLines(offer);
    carrier.talkTo(mediaOf(offer) ?? { address: '', port: 0 }, line?.key ?? '');
    far.answerWith(invited, description(carrier.port, 'RTP/SAVP', ourLine(line?.tag ?? 0)));
    await bothHearInSecret(440);
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    await invited.ended;
    await rig.ended(callId);
  }, 30_000);

  test.each([
    ['in clear', () => description(sound.port, 'RTP/AVP')],
    ['by a line that was not offered', () => description(carrier.port, 'RTP/SAVP', ourLine(999))],
  ])(
    'is ended when the carrier answers %s',
    async (_how, answer) => {
      await takes('required');
      const { callId, invited } = await dial();
      far.answerWith(invited, answer());
      await invited.ended;
      await rig.ended(callId);
    },
    30_000,
  );

  test('offers both where encryption is optional: a carrier that knows no keys is heard in clear', async () => {
    await takes('optional');
    const { callId, invited } = await dial();
    const offer = invited.invite.body;
    expect(offer).toMatch(/^m=audio \d+ RTP\/AVP /m);
    expect(keyLines(offer)).toHaveLength(1);
    const media = mediaOf(offer);
    if (media !== undefined) sound.sendTo(media.address, media.port);
    far.answerWith(invited, description(sound.port, 'RTP/AVP'));
    sound.play(440);
    await sound.untilHears(1_300, HEARD_WITHIN_MS);
    await seat.sound.untilHears(440, HEARD_WITHIN_MS);
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    await rig.ended(callId);
  }, 30_000);
});
