import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { Baresip } from '../../support/phones/baresip.js';
import { BaresipSound } from '../../support/phones/baresip-sound.js';
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

let folder: string;
let certificates: CarrierCertificates;
let rig: TelephonyRig;
let seat: SipPhone;
let carrier: Baresip;
let sound: BaresipSound;

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
  sound = await BaresipSound.of(folder, CARRIER_HERTZ);
  await writeFile(join(folder, 'carrier.pem'), `${await readFile(keyFile, 'utf8')}${await readFile(certFile, 'utf8')}`);
  carrier = await Baresip.start({
    folder,
    account: `<sip:carrier@${HOST};transport=tls>;regint=0;answermode=auto;catchall=yes;audio_codecs=pcma;mediaenc=srtp-mand`,
    modules: ['srtp', 'aufile'],
    settings: [
      ...sound.settings,
      `sip_certificate ${join(folder, 'carrier.pem')}`,
      `sip_cafile ${certificates.authority.certFile}`,
      'sip_verify_server yes',
    ],
  });
});
afterEach(() => carrier.stop());

async function bothHear(): Promise<void> {
  await seat.sound.untilHears(CARRIER_HERTZ, HEARD_WITHIN_MS);
  await until(
    () => sound.heard(SEAT_HERTZ),
    (share) => share > 0.8,
    HEARD_WITHIN_MS,
  );
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
