import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { historyOf } from '../simulation/replay/replay.js';
import { Stand } from '../simulation/replay/stand.js';

/** A handful of the seeds of `npm run simulate -- --replay 1..70`: a hold, a hand-over outside, a consultation, a supervisor who listens. */
const SEEDS = [2, 4, 5, 7];

let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(async () => {
  await stand[Symbol.asyncDispose]();
});

test.each(SEEDS)('everybody hears on real SIP, relay and seats what the model heard in the call of seed %s', async (seed) => {
  const history = await historyOf(seed);
  if (history === undefined) throw new Error('the seed has no call to do again');
  expect(await stand.replay(history)).toBeUndefined();
});

test('a model that hears something else is found out', async () => {
  const history = await historyOf(6);
  if (history === undefined) throw new Error('the seed has no call to do again');
  const steps = history.steps.map((step) => ({ ...step, heard: step.heard && { ...step.heard, caller: ['prompt'] } }));
  expect(await stand.replay({ ...history, steps })).toMatchObject({ seed: 6, text: expect.stringContaining('and the model') });
});
