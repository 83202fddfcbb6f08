import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import { linearToAlaw } from '../../../services/shared/domain/sound/g711.js';
import { SAMPLE_RATE, tone } from '../../../services/shared/domain/sound/tone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { alawWav } from '../../support/alaw-wav.js';

/** What is heard of prompts, music and people, each with a tone of its own, on the real relay, SIP server and mixer. */
const CALLER_HERTZ = 440;
const AGENT_HERTZ = 1_300;
const WITHIN_MS = 3_000;
const NOTICE = { promptId: 'notice', hertz: 600, seconds: 3 };
const SECOND = { promptId: 'please-wait', hertz: 900, seconds: 4 };
const MUSIC = { promptId: 'music', hertz: 1_700, seconds: 5 };
const LONG = { promptId: 'welcome', hertz: 2_300, seconds: 10 };

const announced = { kind: 'queue', queueId: 'service', announce: { everyMs: 5_000, position: false, promptId: LONG.promptId } };
const number = (digits: string, flow: unknown): ServiceNumber =>
  ServiceNumber.parse({ number: digits, name: digits, status: 'in-service', language: 'zh-CN', flowVersion: 1, flow: Flow.parse(flow) });

let rig: TelephonyRig;

beforeAll(async () => {
  rig = await TelephonyRig.start({
    numbers: [
      number('4001000', { noticePromptId: 'beep', start: 'service', steps: { service: announced } }),
      number('4001001', {
        noticePromptId: NOTICE.promptId,
        noticeMode: 'while-ringing',
        start: 'first',
        steps: {
          first: { kind: 'queue', queueId: 'full', onFull: 'wait' },
          wait: { kind: 'play', promptId: SECOND.promptId, then: 'second' },
          second: { kind: 'queue', queueId: 'service' },
        },
      }),
    ],
  });
  for (const { promptId, hertz, seconds } of [NOTICE, SECOND, MUSIC, LONG]) {
    const file = join(rig.folder, 'prompts', 'zh-CN', `${promptId}.wav`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, alawWav(linearToAlaw(tone(hertz, seconds * SAMPLE_RATE))));
  }
});
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

/** A caller who waits and hears an announcement that goes on for ten seconds. */
async function hearsAnnouncement() {
  const { caller, callId } = await rig.queued('4001000');
  await caller.sound.untilHears(MUSIC.hertz, WITHIN_MS);
  await caller.sound.untilHears(LONG.hertz, 8_000);
  return { caller, callId };
}

describe('an announcement in the queue', () => {
  test('ends when an agent answers: the caller hears the agent at once, and nothing of it later', async () => {
    const seat = await rig.seat('anna');
    const { caller, callId } = await hearsAnnouncement();
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await rig.offer(callId, 'anna');
    await rig.commands.send('call.answer', { callId, agentId: 'anna' });
    await caller.sound.untilHears(AGENT_HERTZ, 1_000);
    await seat.sound.untilHears(CALLER_HERTZ, 1_000);
    for (let turn = 1; turn <= 6; turn += 1) {
      seat.sound.play(AGENT_HERTZ + 100 * turn);
      await caller.sound.untilHears(AGENT_HERTZ + 100 * turn, 1_000);
    }
    caller.hangUp();
    await rig.ended(callId);
  });

  test('gives way to music when the agent declines', async () => {
    await rig.seat('bert');
    const { caller, callId } = await hearsAnnouncement();
    await rig.offer(callId, 'bert');
    await caller.sound.untilHears(MUSIC.hertz, 1_000);
    await rig.commands.send('call.decline', { callId, agentId: 'bert' });
    await rig.event('call.offer-ended', (event) => event['callId'] === callId);
    await caller.sound.untilHears(MUSIC.hertz, 1_000);
    caller.hangUp();
    await rig.ended(callId);
  });
});

describe('a notice beside a queue that is full', () => {
  test('is heard before the prompt that follows, and the agent of the next queue talks with the caller', async () => {
    rig.admitTo.set('full', 'queue-full');
    const seat = await rig.seat('carl');
    const caller = await rig.caller('4001001');
    expect(await caller.call()).toBe(200);
    await caller.sound.untilHears(NOTICE.hertz, WITHIN_MS);
    await caller.sound.untilHears(SECOND.hertz, 2 * WITHIN_MS);
    const queued = await rig.event('call.queued', (event) => event['queueId'] === 'service' && event['called'] === '4001001');
    const callId = String(queued['callId']);
    await caller.sound.untilHears(MUSIC.hertz, WITHIN_MS);
    await rig.offer(callId, 'carl');
    await rig.commands.send('call.answer', { callId, agentId: 'carl' });
    caller.sound.play(CALLER_HERTZ);
    seat.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
    await seat.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
    await rig.commands.send('call.hang-up', { callId, agentId: 'carl' });
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent' });
  });
});

describe('a mixer that dies', () => {
  test('is replaced under a watched call: caller, agent and supervisor hear each other again, the listener stays unheard', async () => {
    const [agent, supervisor] = [await rig.seat('dora'), await rig.seat('boss')];
    const { caller, callId } = await rig.talking('4001000', 'dora');
    await rig.commands.send('call.monitor', { callId, agentId: 'boss', mode: 'listen' });
    agent.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
    await supervisor.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
    await rig.startMixerAnew();
    agent.sound.play(AGENT_HERTZ + 300);
    supervisor.sound.play(3_100);
    await caller.sound.untilHears(AGENT_HERTZ + 300, WITHIN_MS);
    await supervisor.sound.untilHears(AGENT_HERTZ + 300, WITHIN_MS);
    agent.sound.play(undefined);
    caller.sound.play(CALLER_HERTZ);
    await agent.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
    await supervisor.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
    caller.hangUp();
    await rig.ended(callId);
  });
});

describe('an agent in charge whose seat is lost for good', () => {
  /** Two agents, of whom the second is consulted, and joined when `joins`. */
  async function two(first: string, second: string, joins: boolean) {
    const [one, other] = [await rig.seat(first), await rig.seat(second)];
    const { caller, callId } = await rig.talking('4001000', first);
    await rig.commands.send('call.consult', { callId, agentId: first, target: { to: 'seat', agentId: second } });
    await rig.commands.send('call.answer', { callId, agentId: second });
    if (joins) await rig.commands.send('call.consult-end', { callId, agentId: first, how: 'join' });
    return { one, other, caller, callId };
  }

  test.each([
    ['a conference', 'emma', 'fred', true],
    ['a consultation', 'gerd', 'hugo', false],
  ] as const)('leaves the caller of %s with the colleague, both ways', async (_what, first, second, joins) => {
    const { one, other, caller, callId } = await two(first, second, joins);
    one.hangUp();
    await rig.event('call.agent-left', (event) => event['callId'] === callId && event['agentId'] === first);
    caller.sound.play(CALLER_HERTZ);
    other.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
    await other.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
    expect(await rig.commands.send('calls.live', { agentId: second })).toMatchObject([{ callId, agentId: second }]);
    await rig.commands.send('call.hang-up', { callId, agentId: second });
    expect(await rig.ended(callId)).toMatchObject({ cause: 'completed', by: 'agent', agentId: second });
  });

  test('while another agent of the conference reloads the page: that one is still in it', async () => {
    const { one, other, caller, callId } = await two('ilse', 'jens', true);
    other.hangUp();
    await rig.event('seat.offline', (event) => event['agentId'] === 'jens');
    const again = await rig.seat('jens');
    one.sound.play(undefined);
    again.sound.play(AGENT_HERTZ);
    await caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
    await one.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
    caller.hangUp();
    await rig.ended(callId);
  });
});
