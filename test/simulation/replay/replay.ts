import { runSeed } from '../run.js';
import type { World } from '../world.js';
import { watchHistories, type CallHistory } from './history.js';
import { Stand, type Difference } from './stand.js';

/** Faults of processes are tested elsewhere (test/soak, test/end-to-end): here only people move the calls. */
const profiles = ['transfers', 'conferences', 'outside', 'transfers'] as const;

/** What was done in a call, each action once. */
export const namesOf = ({ steps }: CallHistory): ReadonlySet<string> =>
  new Set(
    steps.map(({ action }) => (action.what === 'command' ? `${action.name} ${JSON.stringify(action.input['how'] ?? '')}` : action.what)),
  );
const weightOf = (history: CallHistory): number =>
  2 * namesOf(history).size + history.steps.filter(({ heard }) => heard !== undefined).length;

/** The calls of a seed in which something was done, the one with most different things first. */
export async function historiesOf(seed: number): Promise<readonly CallHistory[]> {
  let watched: ReturnType<typeof watchHistories> | undefined;
  const onStart = (world: World): void => {
    watched = watchHistories(world);
  };
  const profile = profiles[seed % profiles.length] ?? 'transfers';
  await runSeed({ seed, profile, onStart });
  return (watched?.take() ?? []).filter(({ steps }) => steps.length >= 2).toSorted((a, b) => weightOf(b) - weightOf(a));
}

export interface Replayed {
  readonly seeds: number;
  readonly steps: number;
  /** How often what everybody hears was compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Does one call of each seed again on real SIP, relay and seats, and compares what everybody hears after each step. */
export async function replay(from: number, to: number, tell: (line: string) => void): Promise<Replayed> {
  await using stand = await Stand.start();
  const differences: Difference[] = [];
  let [seeds, steps] = [0, 0];
  for (let seed = from; seed <= to; seed += 1) {
    const [history] = await historiesOf(seed);
    if (history === undefined) {
      tell(`seed ${seed}: no call to do again`);
      continue;
    }
    const difference = await stand.replay(history);
    seeds += 1;
    steps += history.steps.length;
    if (difference !== undefined) differences.push(difference);
    tell(
      difference === undefined
        ? `seed ${seed}: ${[...namesOf(history)].join(', ')}`
        : `seed ${seed}, step ${difference.step} ${difference.action}: ${difference.text}`,
    );
  }
  return { seeds, steps, compared: stand.compared, differences };
}
