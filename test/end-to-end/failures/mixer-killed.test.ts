import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AGENT_HERTZ, listenedCalls, type ListenedCall } from '../../support/centre/listened-calls.js';
import { countFrames } from '../../support/phones/frame-count.js';
import { Stack } from '../../support/stack.js';
import { shareOfTone } from '../../../services/shared/domain/sound/tone.js';
import { until } from '../../support/until.js';

const LISTENED = 20;
const WHISPERED = 4;
const NEXT_HERTZ = 1_100;
const LEAST_SHARE = 0.05;
const JOINED_WITHIN_MS = 15_000;
const PROMISED_MS = 2_000;
/** Each call needs eight ports of the relay and more for its copies, and six of the mixer; a test's own range has a hundred. */
const RTP_PORTS = { RTPENGINE_PORT_MIN: '20000', RTPENGINE_PORT_MAX: '29999', MIXER_PORT_MIN: '30000', MIXER_PORT_MAX: '30999' };

let stack: Stack;

beforeAll(async () => {
  stack = await Stack.start({ layout: 'roles', env: RTP_PORTS });
}, 120_000);
afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const hears = ({ supervisor }: ListenedCall, hertz: number): Promise<boolean> =>
  until(
    () => shareOfTone(supervisor.phone.sound.newest, hertz) > LEAST_SHARE,
    (isHeard) => isHeard,
    JOINED_WITHIN_MS,
  );

test('the mixer killed: listened calls miss nothing, supervisors are told, and all are joined again', async () => {
  const calls = await listenedCalls(stack, LISTENED + WHISPERED);
  const [listened, whispered] = [calls.slice(0, LISTENED), calls.slice(LISTENED)];
  await Promise.all(listened.map(({ monitor }) => monitor('listen')));
  await Promise.all(whispered.map(({ monitor }) => monitor('whisper')));
  await Promise.all(calls.map((call) => hears(call, AGENT_HERTZ)));

  const ears = listened.flatMap(({ caller, agent }) => [countFrames(caller), countFrames(agent.phone)]);
  const killedAt = performance.now();
  const told = calls.map(
    ({ supervisor }) =>
      new Promise<number>((resolve) => {
        supervisor.socket.on('fact', ({ name }: { readonly name: string }) => {
          if (name === 'listening.interrupted') resolve(performance.now() - killedAt);
        });
      }),
  );
  process.kill(stack.pidOf('mixer'), 'SIGKILL');
  for (const { agent } of calls) agent.phone.sound.play(NEXT_HERTZ, 0.3);
  const joined = Promise.all(
    whispered.map(async ({ caller }) => {
      await caller.sound.untilHears(NEXT_HERTZ, JOINED_WITHIN_MS);
      return performance.now() - killedAt;
    }),
  );
  const heard = Promise.all(
    listened.map(async (call) => {
      await hears(call, NEXT_HERTZ);
      return performance.now() - killedAt;
    }),
  );
  const slowest = async (times: Promise<readonly number[]>): Promise<number> => Math.round(Math.max(...(await times)));
  const times = { told: await slowest(Promise.all(told)), whispered: await slowest(joined), listened: await slowest(heard) };
  for (const ear of ears) expect(ear()).toMatchObject({ lost: 0, repeated: 0, breaks: 0 });
  if (process.env['PROOFLINE_FIGURES'] !== undefined) process.stdout.write(`${JSON.stringify(times)}\n`);
  expect(times.told).toBeLessThan(PROMISED_MS);
  expect(times.whispered).toBeLessThan(PROMISED_MS);
  expect(times.listened).toBeLessThan(PROMISED_MS);
  for (const { caller, agent, supervisor } of calls) {
    caller.hangUp();
    for (const { socket, phone } of [agent, supervisor]) {
      socket.close();
      phone.close();
    }
  }
}, 240_000);
