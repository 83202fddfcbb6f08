import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Flow } from '../../../services/shared/contracts/calls/flow.js';
import { failureOf } from '../../../services/shared/domain/failure.js';
import { createNgClient } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const HEARD_WITHIN_MS = 3_000;

let rig: TelephonyRig;

beforeEach(async () => {
  const flow = Flow.parse({ noticePromptId: 'beep', start: 'service', steps: { service: { kind: 'queue', queueId: 'service' } } });
  rig = await TelephonyRig.start({
    numbers: [{ number: '4001000', name: '', status: 'in-service', language: 'zh-CN', flowVersion: 1, flow, testCallers: [] }],
  });
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
});

/** Connections to the live state return one by one, within two seconds of its return: this repeats until the owner answers again. */
async function onceServed<T>(send: () => Promise<T>): Promise<T> {
  for (const until = Date.now() + 5_000; ;) {
    try {
      return await send();
    } catch (error) {
      if (failureOf(error) !== 'service-unavailable' || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

describe('the relay is killed', () => {
  test('and started again: who talks is heard both ways, who waits hears music, and each call ends as its people end it', async () => {
    const seat = await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    const waiting = await rig.queued('4001000');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await Promise.all([caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS), seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS)]);
    await rig.killRelay();
    await rig.startRelayAgain();
    // Other tones: what was heard before is no proof.
    caller.sound.play(CALLER_HERTZ + 200);
    seat.sound.play(AGENT_HERTZ + 700);
    await Promise.all([
      caller.sound.untilHears(AGENT_HERTZ + 700, HEARD_WITHIN_MS),
      seat.sound.untilHears(CALLER_HERTZ + 200, HEARD_WITHIN_MS),
    ]);
    const { packetsReceived } = waiting.caller.sound;
    await until(
      () => waiting.caller.sound.packetsReceived - packetsReceived,
      (packets) => packets > 50,
    );
    // A browser would have lost ICE by now: its page is asked for another session.
    await rig.event('seat.renewal-asked', ({ agentId }) => agentId === 'anna');
    // The call can still be controlled: it is held and resumed.
    await rig.commands.send('call.hold', { callId, agentId: 'anna' });
    await rig.commands.send('call.resume', { callId, agentId: 'anna' });
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await rig.commands.send('call.hang-up', { callId, agentId: 'anna' });
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent' });
    waiting.caller.hangUp();
    expect(await rig.ended(waiting.callId)).toMatchObject({ cause: 'abandoned-in-queue', by: 'caller' });
  });

  test('a caller who hangs up while it is away leaves no leg at it', async () => {
    const { caller, callId } = await rig.queued('4001000');
    await rig.killRelay();
    caller.hangUp();
    await rig.ended(callId);
    await rig.startRelayAgain();
    const ng = createNgClient(rig.ngUrl);
    const legs = async (): Promise<unknown> => (await ng.send({ command: 'list', limit: 10 }))['calls'];
    await until(legs, (calls) => Array.isArray(calls) && calls.length === 0);
    ng.close();
  });

  test('and the live state has forgotten its calls: they end on both sides and say why; a new call works within 5 s of its return', async () => {
    const seat = await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    const waiting = await rig.queued('4001000');
    await rig.killRelay();
    await rig.forgetRelayCalls();
    await rig.startRelayAgain();
    const backAtMs = performance.now();
    expect(await caller.ended).toBe('there');
    expect(await waiting.caller.ended).toBe('there');
    expect(await seat.ended).toBe('there');
    expect(await rig.ended(callId)).toMatchObject({ cause: 'media-failure', by: 'system' });
    expect(await rig.ended(waiting.callId)).toMatchObject({ cause: 'media-failure' });
    const again = await rig.seat('anna', 'session-again');
    const next = await rig.talking('4001000', 'anna');
    again.sound.play(AGENT_HERTZ);
    await next.caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    expect(performance.now() - backAtMs).toBeLessThan(5_000);
    expect(await rig.commands.send('calls.live', {})).toHaveLength(1);
  });

  test('a call that comes while no relay is up is refused with 503', async () => {
    await rig.killRelay();
    expect(await (await rig.caller('4001000')).call()).toBe(503);
  });
});

test('a relay that stood still for six seconds goes on with its calls', async () => {
  const seat = await rig.seat('anna');
  const { caller } = await rig.talking('4001000', 'anna');
  rig.processes.relay.kill('SIGSTOP');
  await pause(6_000);
  rig.processes.relay.kill('SIGCONT');
  caller.sound.play(CALLER_HERTZ);
  seat.sound.play(AGENT_HERTZ);
  await Promise.all([caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS), seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS)]);
  caller.hangUp();
});

test('a call that was set up while Valkey was away is in it a while after its return, and outlives the relay then', async () => {
  await rig.killValkey();
  const caller = await rig.caller('4001000');
  expect(await caller.call()).toBe(200);
  await rig.startValkeyAgain();
  const [{ callId } = { callId: '' }] = await onceServed(() => rig.commands.send('calls.live', {}));
  expect(await rig.isKeptByRelay(callId)).toBe(false);
  await until(() => rig.isKeptByRelay(callId), Boolean, 20_000);
  await rig.killRelay();
  await rig.startRelayAgain();
  const { packetsReceived } = caller.sound;
  await until(
    () => caller.sound.packetsReceived - packetsReceived,
    (packets) => packets > 50,
  );
  caller.hangUp();
  expect(await rig.ended(callId)).toMatchObject({ by: 'caller' });
});

describe('Valkey hangs', () => {
  test('a new call is answered within 3 s, the next ones as fast as the owner of the ledger allows, and talk', async () => {
    rig.processes.valkey.kill('SIGSTOP');
    try {
      for (const limitMs of [3_000, 2_000, 2_000]) {
        const caller = await rig.caller('4001000');
        const sentMs = performance.now();
        expect(await caller.call()).toBe(200);
        expect(performance.now() - sentMs).toBeLessThan(limitMs);
      }
    } finally {
      rig.processes.valkey.kill('SIGCONT');
    }
  });
});

describe('Valkey is killed', () => {
  test('live calls talk on; who waits is told to routing again; what ended meanwhile is told when it is back', async () => {
    const seat = await rig.seat('anna');
    const { caller, callId } = await rig.talking('4001000', 'anna');
    const waiting = await rig.queued('4001000');
    const leaver = await rig.queued('4001000');
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, HEARD_WITHIN_MS);
    await rig.killValkey();
    seat.sound.play(AGENT_HERTZ + 700);
    await caller.sound.untilHears(AGENT_HERTZ + 700, HEARD_WITHIN_MS);
    leaver.caller.hangUp();
    const told = rig.events.length;
    await rig.startValkeyAgain();
    expect(await rig.ended(leaver.callId)).toMatchObject({ cause: 'abandoned-in-queue' });
    await rig.event(
      'call.queued',
      (event) => event['callId'] === waiting.callId && rig.events.findIndex((each) => each.event === event) >= told,
    );
    await seat.sound.untilHears(CALLER_HERTZ, HEARD_WITHIN_MS);
    await onceServed(() => rig.commands.send('call.hang-up', { callId, agentId: 'anna' }));
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed' });
  });
});

test('a recorder whose disk is full, a ledger without numbers: a new call is refused before it is answered, one that goes on is not touched', async () => {
  const { caller, callId } = await rig.queued('4001000');
  rig.recorderIsFull = true;
  expect(await (await rig.caller('4001000')).call()).toBe(503);
  rig.recorderIsFull = false;
  rig.ledgerIsAway = true;
  expect(await (await rig.caller('4001000')).call()).toBe(503);
  rig.ledgerIsAway = false;
  expect(await (await rig.caller('4001000')).call()).toBe(200);
  caller.hangUp();
  expect(await rig.ended(callId)).toMatchObject({ by: 'caller' });
});
