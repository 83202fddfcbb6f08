import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { CallHistory } from '../simulation/replay/history.js';
import { historiesOf, namesOf } from '../simulation/replay/replay.js';
import { Stand } from '../simulation/replay/stand.js';

// Some calls of the simulated centre, done again on real SIP, relay, mixer and seats: what each party hears by tones is what the model says
// (docs/simulation.md). `npm run simulate -- --replay A..B` does it with as many as are wanted.

jest.setTimeout(240_000);

const SEEDS = 80;
const known = new Map<number, readonly CallHistory[]>();
let stand: Stand;

beforeAll(async () => {
  stand = await Stand.start();
});
afterAll(() => stand[Symbol.asyncDispose]());

/** Which calls a seed has changes with the product: the first is taken in which all of this was done. */
async function historyWith(actions: readonly string[]): Promise<CallHistory> {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const histories = known.get(seed) ?? (await historiesOf(seed));
    known.set(seed, histories);
    const found = histories.find((history) => actions.every((action) => namesOf(history).has(action)));
    if (found !== undefined) return found;
  }
  throw new Error(`in none of ${SEEDS} seeds a call was moved by ${actions.join(', ')}`);
}

test.each([
  ['parked and fetched', ['call.park ""', 'call.fetch ""']],
  ['held, and met by a supervisor', ['call.monitor ""', 'call.hold ""', 'call.resume ""']],
  ['joined by a colleague, held and sent on to a queue', ['call.consult-end "join"', 'call.hold ""', 'call.transfer ""']],
  ['handed to a colleague at the end of a consultation', ['call.consult-end "complete"', 'call.transfer ""']],
  ['connected with a number outside', ['number-answers', 'call.hold ""']],
])('a call is heard as the model says: %s', async (_what, actions) => {
  const history = await historyWith(actions);
  const before = stand.compared;
  expect(await stand.replay(history)).toBeUndefined();
  expect(stand.compared - before).toBe(history.steps.filter(({ heard }) => heard !== undefined).length);
  expect(stand.compared - before).toBeGreaterThan(2);
});
