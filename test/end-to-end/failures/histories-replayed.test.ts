import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { CallHistory } from '../../simulation/replay/history.js';
import { historiesOf, namesOf } from '../../simulation/replay/replay.js';
import { Stand } from '../../simulation/replay/stand.js';

// Some calls of the simulated centre, done again on real SIP, relay, mixer and seats: what each party hears by tones is what the model says
// (docs/simulation.md). `npm run simulate -- --replay A..B` does it with as many as are wanted.

jest.setTimeout(240_000);

const SEEDS = 80;
const LEAST_HEARD = 3;
const wanted: Readonly<Record<string, readonly string[]>> = {
  'parked and fetched': ['call.park ""', 'call.fetch ""'],
  'held, and met by a supervisor': ['call.monitor ""', 'call.hold ""', 'call.resume ""'],
  'joined by a colleague, and held': ['call.consult-end "join"', 'call.hold ""'],
  'joined by a colleague, and sent on': ['call.consult-end "join"', 'call.transfer ""'],
  'handed to a colleague at the end of a consultation': ['call.consult-end "complete"'],
  'connected with a number outside': ['number-answers', 'call.hold ""'],
};
const found = new Map<string, CallHistory>();
let stand: Stand;

const heardIn = ({ steps }: CallHistory): number => steps.filter(({ heard }) => heard !== undefined).length;

/** The calls of a seed change with the product, so this takes the first call in which all the wanted actions were done. */
async function find(): Promise<void> {
  for (let seed = 1; seed <= SEEDS && found.size < Object.keys(wanted).length; seed += 1) {
    const histories = (await historiesOf(seed)).filter((history) => heardIn(history) >= LEAST_HEARD);
    for (const [what, actions] of Object.entries(wanted)) {
      const history = histories.find((each) => actions.every((action) => namesOf(each).has(action)));
      if (history !== undefined && !found.has(what)) found.set(what, history);
    }
  }
}

// The seeds first: they block the process for longer than a seat on the stand may be silent.
beforeAll(async () => {
  await find();
  stand = await Stand.start();
});
afterAll(() => stand[Symbol.asyncDispose]());

test.each(Object.keys(wanted))('a call is heard as the model says: %s', async (what) => {
  const history = found.get(what);
  if (history === undefined) throw new Error(`in none of ${SEEDS} seeds a call was ${what}`);
  const before = stand.compared;
  expect(await stand.replay(history)).toBeUndefined();
  expect(stand.compared - before).toBe(heardIn(history));
});
