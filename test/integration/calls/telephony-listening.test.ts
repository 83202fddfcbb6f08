import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../../services/shared/contracts/calls/flow.js';
import { createNgClient, type NgReply } from '../../../services/shared/platform/network/rtpengine-ng.js';
import { shareOfTone } from '../../../services/shared/domain/sound/tone.js';
import { countFrames } from '../../support/phones/frame-count.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { TelephonyRig } from '../../support/servers/telephony-rig.js';
import { until } from '../../support/until.js';

// Somebody who only listens is given copies: on the real relay, SIP server and mixer the call must not notice.

const CALLER_HERTZ = 440;
const AGENT_HERTZ = 660;
const SUPERVISOR_HERTZ = 880;
/** What the agent plays after a change. */
const NEXT_HERTZ = 1_100;
/** Of two tones each has half of the energy. */
const LEAST_SHARE = 0.05;
const WITHIN_MS = 3_000;
const JOINS = 8;
/** Frames that pass with a listener, and without one. */
const FRAMES_EACH = 15;

let rig: TelephonyRig;
beforeAll(async () => {
  rig = await TelephonyRig.start({
    numbers: [
      ServiceNumber.parse({
        number: '4001000',
        name: 'service',
        status: 'in-service',
        language: 'zh-CN',
        flowVersion: 1,
        flow: Flow.parse({
          noticePromptId: 'beep',
          start: 'service',
          steps: { service: { kind: 'queue', queueId: 'service' } },
        }),
      }),
    ],
  });
}, 60_000);
afterAll(async () => {
  await rig[Symbol.asyncDispose]();
});

/** A call in which both talk. */
async function talking(agentId: string) {
  const supervisorId = `${agentId}-supervisor`;
  const [agent, supervisor] = [await rig.seat(agentId), await rig.seat(supervisorId)];
  const { caller, callId } = await rig.talking('4001000', agentId);
  caller.sound.play(CALLER_HERTZ, 0.3);
  agent.sound.play(AGENT_HERTZ, 0.3);
  await caller.sound.untilHears(AGENT_HERTZ, WITHIN_MS);
  await agent.sound.untilHears(CALLER_HERTZ, WITHIN_MS);
  const monitor = (mode: 'listen' | 'whisper' | 'stop'): Promise<unknown> =>
    rig.commands.send('call.monitor', { callId, agentId: supervisorId, mode });
  const over = async (): Promise<void> => {
    caller.hangUp();
    await rig.ended(callId);
    for (const seat of [agent, supervisor]) seat.hangUp();
  };
  return { supervisor, agent, caller, callId, monitor, over };
}

interface Tagged extends NgReply {
  readonly tags?: Readonly<Record<string, unknown>>;
}

/** The copies at the relay of all legs. */
async function copiesAtRelay(): Promise<readonly string[]> {
  const ng = createNgClient(rig.ngUrl);
  try {
    const { calls = [] } = (await ng.send({ command: 'list', limit: 100 })) as NgReply & { readonly calls?: readonly string[] };
    const replies: readonly Tagged[] = await Promise.all(calls.map((call) => ng.send({ command: 'query', 'call-id': call })));
    const sides = replies.flatMap(({ tags = {} }) => Object.entries(tags));
    // The relay goes on naming a copy whose ports it has closed.
    return sides.flatMap(([tag, side]) => (tag.startsWith('ear-') && JSON.stringify(side).includes('"local port"') ? [tag] : []));
  } finally {
    ng.close();
  }
}

/** All of these are heard at once, and nobody else. */
async function hears({ sound }: SipPhone, ...expected: readonly number[]): Promise<void> {
  await until(
    () => [CALLER_HERTZ, AGENT_HERTZ, NEXT_HERTZ, SUPERVISOR_HERTZ].filter((hertz) => shareOfTone(sound.newest, hertz) > LEAST_SHARE),
    (heard) => heard.join() === expected.join(),
    WITHIN_MS,
  );
}

test('listeners come and go, and caller and agent miss no frame and get none twice', async () => {
  const { supervisor, agent, caller, monitor, over } = await talking('anna');
  const ears = [countFrames(caller), countFrames(agent)];
  const frames = (): number => Math.min(...ears.map((ear) => ear().frames));
  let due = 0;
  const passed = async (): Promise<void> => {
    due = frames() + FRAMES_EACH;
    await until(frames, (now) => now >= due);
  };
  for (let turn = 0; turn < JOINS; turn += 1) {
    await passed();
    await monitor('listen');
    await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
    await passed();
    await monitor('stop');
    await until(copiesAtRelay, (copies) => copies.length === 0, WITHIN_MS);
    await passed();
  }
  expect(frames()).toBeGreaterThan(3 * JOINS * FRAMES_EACH);
  for (const ear of ears) expect(ear()).toMatchObject({ lost: 0, repeated: 0, breaks: 0 });
  await over();
});

test('the mixer has the listener alone, whose sound goes nowhere; with a whisper it has the call, and keeps it', async () => {
  const { supervisor, agent, caller, callId, monitor, over } = await talking('bert');
  const towards = (): unknown => rig.media.export(callId)?.towards;
  const before = towards();
  supervisor.sound.play(SUPERVISOR_HERTZ, 0.3);
  await monitor('listen');
  await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
  expect(towards()).toEqual(before);
  expect(await copiesAtRelay()).toHaveLength(2);
  await monitor('whisper');
  await hears(agent, CALLER_HERTZ, SUPERVISOR_HERTZ);
  await hears(caller, AGENT_HERTZ);
  await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
  await until(copiesAtRelay, (copies) => copies.length === 0, WITHIN_MS);
  const mixed = towards();
  expect(mixed).not.toEqual(before);
  await monitor('listen');
  await hears(agent, CALLER_HERTZ);
  agent.sound.play(NEXT_HERTZ, 0.3);
  await hears(supervisor, CALLER_HERTZ, NEXT_HERTZ);
  expect(towards()).toEqual(mixed);
  expect(await copiesAtRelay()).toEqual([]);
  supervisor.sound.play(undefined);
  await over();
});

describe('while somebody listens', () => {
  test('the mixer is killed: the call misses nothing, and the listener hears it again', async () => {
    const { supervisor, agent, caller, monitor, over } = await talking('carl');
    await monitor('listen');
    await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
    const ears = [countFrames(caller), countFrames(agent)];
    await rig.startMixerAnew();
    agent.sound.play(NEXT_HERTZ, 0.3);
    await hears(supervisor, CALLER_HERTZ, NEXT_HERTZ);
    await until(copiesAtRelay, (copies) => copies.length === 2, WITHIN_MS);
    for (const ear of ears) expect(ear()).toMatchObject({ lost: 0, repeated: 0, breaks: 0 });
    await over();
  });

  test('telephony is started again: the copies of the process before end, and there are others', async () => {
    const { supervisor, agent, caller, monitor, over } = await talking('dora');
    await monitor('listen');
    await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
    const before = await copiesAtRelay();
    const ears = [countFrames(caller), countFrames(agent)];
    await rig.restartTelephony();
    const isAnew = (copies: readonly string[]): boolean => copies.length === 2 && !copies.some((copy) => before.includes(copy));
    await until(copiesAtRelay, isAnew, WITHIN_MS);
    agent.sound.play(NEXT_HERTZ, 0.3);
    await hears(supervisor, CALLER_HERTZ, NEXT_HERTZ);
    for (const ear of ears) expect(ear()).toMatchObject({ lost: 0, repeated: 0, breaks: 0 });
    await monitor('stop');
    await until(copiesAtRelay, (copies) => copies.length === 0, WITHIN_MS);
    await over();
  });

  test('the relay is killed: once it is back, caller, agent and listener hear each other as before', async () => {
    const { supervisor, agent, caller, monitor, over } = await talking('emma');
    // A copy that has ended must not be in the way when the relay reads its legs back.
    await monitor('listen');
    await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
    await monitor('stop');
    await until(copiesAtRelay, (copies) => copies.length === 0, WITHIN_MS);
    // Another tone than before: what is still in the listener's ear must not be taken for the second time.
    agent.sound.play(NEXT_HERTZ, 0.3);
    await monitor('listen');
    await hears(supervisor, CALLER_HERTZ, NEXT_HERTZ);
    const before = await copiesAtRelay();
    await rig.killRelay();
    await rig.startRelayAgain();
    agent.sound.play(AGENT_HERTZ, 0.3);
    await caller.sound.untilHears(AGENT_HERTZ, 3 * WITHIN_MS);
    await until(copiesAtRelay, (copies) => copies.length === 2 && !copies.some((copy) => before.includes(copy)), 3 * WITHIN_MS);
    await hears(supervisor, CALLER_HERTZ, AGENT_HERTZ);
    await over();
  });
});
