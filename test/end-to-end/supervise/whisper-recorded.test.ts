import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AGENT_HERTZ, CALLER_HERTZ, listenedCalls } from '../../support/centre/listened-calls.js';
import { recordedCall } from '../../support/centre/recorded-call.js';
import { countFrames } from '../../support/phones/frame-count.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { shareOfTone } from '../../../services/shared/domain/sound/tone.js';

const SUPERVISOR_HERTZ = 880;
/** Of two tones each has half of the energy. */
const LEAST_SHARE = 0.05;
/** What a codec leaves of a tone beside another one. */
const TRACE = 0.002;
const WITHIN_MS = 8_000;
const RATE = 8_000;
/** Three seconds, and one and a half. */
const WHISPERED_FRAMES = 150;
const BARGED_FRAMES = 75;
const TONES = [CALLER_HERTZ, AGENT_HERTZ, SUPERVISOR_HERTZ];

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const hears = async ({ sound }: SipPhone, ...expected: readonly number[]): Promise<unknown> =>
  until(
    () => TONES.filter((hertz) => shareOfTone(sound.newest, hertz) > LEAST_SHARE),
    (heard) => heard.join() === expected.join(),
    WITHIN_MS,
  );

async function passed(ear: SipPhone, count: number): Promise<void> {
  const frames = countFrames(ear);
  await until(
    () => frames().frames,
    (now) => now >= count,
    WITHIN_MS,
  );
}

/** The share of a tone in each half second. */
const sharesOf = (channel: Int16Array, hertz: number): readonly number[] =>
  Array.from({ length: Math.floor((2 * channel.length) / RATE) }, (_, place) =>
    shareOfTone(channel.subarray((place * RATE) / 2, ((place + 1) * RATE) / 2), hertz),
  );

test('a whisper is on neither channel of the recording; what a supervisor says to both is on the agent’s alone', async () => {
  const [call] = await listenedCalls(stack, 1);
  const { callId, caller, agent, supervisor, monitor } = call!;
  supervisor.phone.sound.play(SUPERVISOR_HERTZ, 0.3);
  await monitor('listen');
  await hears(supervisor.phone, CALLER_HERTZ, AGENT_HERTZ);
  await monitor('whisper');
  await hears(agent.phone, CALLER_HERTZ, SUPERVISOR_HERTZ);
  await hears(caller, AGENT_HERTZ);
  // Long enough to be found again in the recording.
  await passed(agent.phone, WHISPERED_FRAMES);
  await monitor('barge');
  await hears(caller, AGENT_HERTZ, SUPERVISOR_HERTZ);
  await passed(caller, BARGED_FRAMES);
  await monitor('stop');
  await hears(caller, AGENT_HERTZ);
  caller.hangUp();
  const { left, right, durationMs } = await recordedCall(stack, callId);
  expect(durationMs).toBeGreaterThan(4_000);
  // Left is what the caller sent, right is what the caller was sent.
  expect(Math.max(...sharesOf(left, SUPERVISOR_HERTZ))).toBeLessThan(TRACE);
  expect(Math.max(...sharesOf(left, AGENT_HERTZ))).toBeLessThan(TRACE);
  const spoken = sharesOf(right, SUPERVISOR_HERTZ).map((share) => share > LEAST_SHARE);
  const [first, last] = [spoken.indexOf(true), spoken.lastIndexOf(true)];
  expect(first).toBeGreaterThan(0);
  // One piece, which is the barging in, at the end: a whisper of three seconds before it would begin earlier.
  expect(spoken.slice(first, last + 1)).not.toContain(false);
  expect((last + 1 - first) / 2).toBeLessThan(3);
  for (const { socket, phone } of [agent, supervisor]) {
    socket.close();
    phone.close();
  }
}, 120_000);
