import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shareOfTone } from '../../../services/shared/domain/sound/tone.js';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { Baresip } from '../../support/phones/baresip.js';
import { carrierCertificates, materialOf, type CarrierCertificates } from '../../support/phones/certificates.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// A carrier over TLS with SRTP that nobody here wrote: baresip, whose SRTP is that of libre. Neither side takes sound in clear: the trunk is set so,
// and `srtp-mand` refuses whoever has no key.

const HOST = '127.0.0.1';
const NUMBER = '4001000';
const SEAT_HERTZ = 1_300;
const CARRIER_HERTZ = 440;
const HEARD_WITHIN_MS = 15_000;
const WAV_HEADER_BYTES = 44;
const RATE = 8_000;
/** Longer than any call of this test. */
const TONE_S = 60;

let folder: string;
let certificates: CarrierCertificates;
let rig: TelephonyRig;
let seat: SipPhone;
let carrier: Baresip;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trunk-baresip-'));
  certificates = await carrierCertificates(folder, 'sbc.carrier.test');
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [{ number: NUMBER, name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { transport: 'tls', certificate: certificates.right.fingerprint, mediaEncryption: 'required' },
    tls: { ...(await materialOf(certificates.ours)), ca: await readFile(certificates.authority.certFile) },
  });
  seat = await rig.seat('anna');
  seat.sound.play(SEAT_HERTZ);
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  const { certFile, keyFile } = certificates.right;
  await rm(join(folder, 'heard.wav'), { force: true });
  await writeFile(join(folder, 'tone.wav'), toneFile(CARRIER_HERTZ, TONE_S));
  await writeFile(join(folder, 'carrier.pem'), `${await readFile(keyFile, 'utf8')}${await readFile(certFile, 'utf8')}`);
  carrier = await Baresip.start({
    folder,
    account: `<sip:carrier@${HOST};transport=tls>;regint=0;answermode=auto;catchall=yes;audio_codecs=pcma;mediaenc=srtp-mand`,
    modules: ['srtp', 'aufile'],
    settings: [
      `audio_source aufile,${join(folder, 'tone.wav')}`,
      `audio_player aufile,${join(folder, 'heard.wav')}`,
      `sip_certificate ${join(folder, 'carrier.pem')}`,
      `sip_cafile ${certificates.authority.certFile}`,
      'sip_verify_server yes',
    ],
  });
});
afterEach(() => carrier.stop());

/** A 16-bit WAV with one channel. */
function toneFile(hertz: number, seconds: number): Buffer {
  const samples = RATE * seconds;
  const wav = Buffer.alloc(WAV_HEADER_BYTES + 2 * samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(2 * RATE, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(2 * samples, 40);
  for (let at = 0; at < samples; at += 1)
    wav.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / RATE)), WAV_HEADER_BYTES + 2 * at);
  return wav;
}

/** The share of the seat's tone in the last half second that the carrier recorded. */
async function heardByCarrier(): Promise<number> {
  const wav = await readFile(join(folder, 'heard.wav')).catch(() => Buffer.alloc(0));
  const last = wav.subarray(Math.max(WAV_HEADER_BYTES, wav.length - 8_000));
  const samples = Int16Array.from({ length: Math.floor(last.length / 2) }, (_, at) => last.readInt16LE(2 * at));
  return samples.length < 2_000 ? 0 : shareOfTone(samples, SEAT_HERTZ);
}

async function bothHear(): Promise<void> {
  await seat.sound.untilHears(CARRIER_HERTZ, HEARD_WITHIN_MS);
  await until(heardByCarrier, (share) => share > 0.8, HEARD_WITHIN_MS);
}

describe('a carrier that is baresip over TLS and SRTP', () => {
  test('calls, and both hear each other', async () => {
    const port = rig.sip.listeners.find(({ protocol }) => protocol === 'tls')?.port ?? 0;
    carrier.command('dial', `sip:${NUMBER}@${HOST}:${port};transport=tls`);
    const { callId } = (await rig.event('call.queued')) as { callId: string };
    await rig.offer(callId, 'anna');
    await rig.commands.send('call.answer', { callId, agentId: 'anna' });
    await bothHear();
    carrier.command('hangup');
    await rig.ended(callId);
  }, 60_000);

  test('is called, and both hear each other', async () => {
    await rig.changeTrunk({ outboundUri: `sip:${HOST}:${carrier.sipPort + 1};transport=tls` });
    const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: '02160000001', purpose: 'enquiry' });
    await bothHear();
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    await rig.ended(callId);
  }, 60_000);
});
