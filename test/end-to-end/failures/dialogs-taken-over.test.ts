import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../../support/bare-seat.js';
import { OutsideServers } from '../../support/servers/outside-servers.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

// Dialogs that no SIP server keeps for the next process: those of a killed telephony process, on a server that hands none over, and those
// of a killed SIP server.

jest.setTimeout(240_000);

const ENDED_WITHIN_MS = 2_000;
const CALLER_HERTZ = 440;
const AGENT_HERTZ = 660;

let servers: OutsideServers | undefined;
let stack: Stack;
/** Where callers reach the SIP server. */
let door: { readonly address: string; readonly port: number };

const dial = async (): Promise<SipPhone> => {
  const { address, port } = door;
  return SipPhone.open({ server: door, local: '127.0.0.1', from: `sip:13800000001@${address}` }, `sip:4001000@${address}:${port}`);
};

async function liveCalls(supervisor: string): Promise<number | undefined> {
  const { status, body } = await stack.http('GET', '/api/calls/live', { token: supervisor });
  return status === 200 ? (body as { calls: unknown[] }).calls.length : undefined;
}

describe('telephony killed on a server that hands over no dialogs', () => {
  beforeAll(async () => {
    servers = await OutsideServers.create();
    const { trunkPort } = await servers.sip({ strictDialogs: true });
    door = { address: '127.0.0.1', port: trunkPort };
    stack = await Stack.start({ layout: 'roles', env: servers.env });
  });
  afterAll(async () => {
    await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
    await servers?.[Symbol.asyncDispose]();
  });

  test('both talk on, and when the caller hangs up the call has ended within 2 s', async () => {
    const supervisor = await stack.signIn('supervisor');
    const seat = await BareSeat.open(stack, 'agent1');
    await seat.ready();
    const offered = seat.next<OfferedCall>('call:offered');
    const caller = await dial();
    expect(await caller.call()).toBe(200);
    const { callId, offerId } = await offered;
    await seat.ask('call:answer', { callId, offerId });
    caller.sound.play(CALLER_HERTZ);
    seat.phone.sound.play(AGENT_HERTZ);
    await Promise.all([caller.sound.untilHears(AGENT_HERTZ, 8_000), seat.phone.sound.untilHears(CALLER_HERTZ, 8_000)]);

    process.kill(stack.pidOf('telephony'), 'SIGKILL');
    await until(() => caller.requests.includes('INVITE'), Boolean, 60_000);
    await until(
      () => liveCalls(supervisor),
      (calls) => calls === 1,
      60_000,
    );
    caller.sound.play(CALLER_HERTZ + 200);
    seat.phone.sound.play(AGENT_HERTZ + 200);
    await Promise.all([caller.sound.untilHears(AGENT_HERTZ + 200, 8_000), seat.phone.sound.untilHears(CALLER_HERTZ + 200, 8_000)]);

    const sinceMs = performance.now();
    const ended = seat.next<{ callId: string }>('call:ended');
    caller.hangUp();
    expect((await ended).callId).toBe(callId);
    expect(performance.now() - sinceMs).toBeLessThan(ENDED_WITHIN_MS);
    await until(
      () => liveCalls(supervisor),
      (calls) => calls === 0,
    );
    caller.close();
    await seat.leave();
  });
});

describe('the SIP server killed', () => {
  beforeAll(async () => {
    stack = await Stack.start({ layout: 'roles' });
    door = stack.sip;
  });
  afterAll(async () => {
    await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  });

  test('a caller hears on, is taken over by the next one, and has ended the call within 2 s of hanging up', async () => {
    const supervisor = await stack.signIn('supervisor');
    const caller = await dial();
    expect(await caller.call()).toBe(200);
    await until(
      () => liveCalls(supervisor),
      (calls) => calls === 1,
    );
    process.kill(stack.pidOf('sip'), 'SIGKILL');
    await until(() => caller.requests.includes('INVITE'), Boolean, 60_000);
    const before = caller.sound.packetsReceived;
    await until(
      () => caller.sound.packetsReceived,
      (packets) => packets > before + 50,
    );
    expect(await liveCalls(supervisor)).toBe(1);
    const sinceMs = performance.now();
    caller.hangUp();
    await until(
      () => liveCalls(supervisor),
      (calls) => calls === 0,
    );
    expect(performance.now() - sinceMs).toBeLessThan(ENDED_WITHIN_MS);
    caller.close();
  });
});
