import { expect, test } from '@jest/globals';
import { openSeeds } from './not-yet.js';
import { profileOf, runSeed } from './run.js';

/** Each seed is a run of five minutes and more of a centre's life; docs/simulation.md says how to look at one that fails. */
const TOGETHER = 25;
/** Thirteen seconds on a machine that does nothing else. */
export const LONGEST_MS = 300_000;

/** What does not hold in a seed, with its history; empty when all holds. */
export async function shownBy(seed: number, profile: string): Promise<string> {
  const { violation } = await runSeed({ seed, profile });
  return violation === undefined
    ? ''
    : [`seed ${seed} (${profileOf(seed, profile)})`, violation.text, violation.sentence, ...violation.history].join('\n');
}

/** Tests of the mixed seeds from `first` to `last`. They stand in two files, so that two cores share them. */
export function testMixedSeeds(first: number, last: number): void {
  test.each(Array.from({ length: Math.ceil((last - first + 1) / TOGETHER) }, (_, index) => first + index * TOGETHER))(
    'what the documents promise holds in the %s. seed and those after it',
    async (start) => {
      for (let seed = start; seed < Math.min(start + TOGETHER, last + 1); seed += 1) {
        if (openSeeds.has(seed)) continue;
        expect(await shownBy(seed, 'mixed')).toBe('');
      }
    },
    LONGEST_MS,
  );
}
