import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Flow, type ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import type { FarPhone } from '../../support/phones/far-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { within } from '../../support/within.js';

// A telephone that answers and hangs up at once: its BYE overtakes our ACK, which RFC 3261 (section 15) forbids.

const OUTSIDE = '02160000001';
const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });

let far: FarPhone;
let rig: TelephonyRig;

beforeAll(async () => {
  far = await TelephonyRig.farPhone();
  const number: ServiceNumber = { number: '95100', name: '', status: 'in-service', language: 'en', flowVersion: 1, testCallers: [], flow };
  rig = await TelephonyRig.start({ numbers: [number], trunk: { outboundUri: far.uri, permittedCallerNumbers: ['95100'] } });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
  far.close();
});

test('a call out whose far end hangs up before our ACK is over, and the agent is free for the next', async () => {
  const seat = await rig.seat('anna');
  for (let call = 0; call < 3; call += 1) {
    const coming = far.next();
    const { callId } = await rig.commands.send('call.dial', { agentId: 'anna', number: OUTSIDE, from: '95100', purpose: 'enquiry' });
    (await coming).hangUp();
    expect(await within(rig.ended(callId), 10_000, () => 'the call goes on with nobody')).toMatchObject({ by: 'caller' });
  }
  seat.hangUp();
}, 60_000);
