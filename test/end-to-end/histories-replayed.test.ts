import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { historyOf } from '../simulation/replay/replay.js';
import { Stand } from '../simulation/replay/stand.js';

// Some calls of the simulated centre, done again on real SIP, relay, mixer and seats: what each party hears by tones is what the model says
// (docs/simulation.md). `npm run simulate -- --replay A..B` does it with as many as are wanted.

jest.setTimeout(120_000);

let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand[Symbol.asyncDispose]());

test.each([
  ['parked, fetched, held and consulted about with a queue', 7],
  ['taken over by a supervisor, joined by two, parted and held', 21],
  ['consulted about with a number, held, handed over and parked', 24],
  ['handed to a colleague at the end of a consultation', 28],
  ['handed to a number, which hangs up', 60],
])('a call is heard as the model says: %s', async (_what, seed) => {
  const history = await historyOf(seed);
  if (history === undefined) throw new Error(`seed ${seed} has no call to do again`);
  const before = stand.compared;
  expect(await stand.replay(history)).toBeUndefined();
  expect(stand.compared - before).toBe(history.steps.filter(({ heard }) => heard !== undefined).length);
  expect(stand.compared - before).toBeGreaterThan(2);
});
