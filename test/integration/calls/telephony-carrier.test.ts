import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { carrierProxy, startKamailio, type Kamailio } from '../../support/phones/kamailio.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// Kamailio (a Debian package) is the carrier: it knows us by our registration alone, and challenges every request that we send.
const HOST = '127.0.0.1';
const USERNAME = 'site1';
const PASSWORD = 'carrier-secret';
const HEARD_WITHIN_MS = 5_000;

let kamailio: Kamailio;
let port: number;
let far: FarPhone;
let rig: TelephonyRig;

beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  kamailio = await startKamailio((chosen) =>
    carrierProxy({ host: HOST, port: chosen, ours: '4001000', farUri: far.uri, username: USERNAME, password: PASSWORD }),
  );
  ({ port } = kamailio);
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [{ number: '4001000', name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
    trunk: { outboundUri: `sip:${HOST}:${port}`, registers: true, digest: { username: USERNAME, password: PASSWORD } },
  });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
  await kamailio[Symbol.asyncDispose]();
});

test('a trunk registers with its carrier, calls come in by the registration, and calls out pass the digest', async () => {
  const dial = async (): Promise<SipPhone> => {
    const phone = await SipPhone.open(
      { server: { address: HOST, port }, local: HOST, from: `sip:13800000001@${HOST}` },
      `sip:4001000@${HOST}:${port}`,
    );
    return phone;
  };
  const seat = await rig.seat('anna');
  seat.sound.play(1_300);
  // Repeated until the carrier has the registration: nothing on this side tells of it.
  const { caller } = await until(
    async () => {
      const next = await dial();
      const status = await next.call();
      if (status !== 200) next.close();
      return { caller: next, status };
    },
    ({ status }) => status === 200,
  );
  const queued = await rig.event('call.queued');
  const callId = String(queued['callId']);
  expect(queued['called']).toBe('4001000');
  await rig.offer(callId, 'anna');
  await rig.commands.send('call.answer', { callId, agentId: 'anna' });
  caller.sound.play(440);
  await caller.sound.untilHears(1_300, HEARD_WITHIN_MS);
  await seat.sound.untilHears(440, HEARD_WITHIN_MS);
  caller.hangUp();
  await rig.ended(callId);
  caller.close();

  const coming = far.next();
  const { callId: outId } = await rig.commands.send('call.dial', { agentId: 'anna', number: '02160000001', purpose: 'enquiry' });
  const call = await coming;
  // The carrier removes the credential before it forwards the call.
  expect(call.invite.headers.has('proxy-authorization')).toBe(false);
  call.sound.play(2_100);
  await seat.sound.untilHears(2_100, HEARD_WITHIN_MS + 5_000);
  await rig.commands.send('call.hang-up', { callId: outId, agentId: 'anna' });
  await call.ended;
  expect(await rig.ended(outId)).toMatchObject({ cause: 'completed' });
}, 60_000);
