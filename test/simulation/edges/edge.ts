import type { Random } from '../random.js';

/**
 * A part of the product that stands beside the centre and takes part in no step of a call, in a small world of its own: each seed lives
 * through one. Judged as the centre is: by the documents, never by the code under test.
 */
export interface Edge {
  readonly name: string;
  /** The sentence of the documents that it enforces. */
  readonly sentence: string;
  /** What does not hold, in words; undefined when all holds. `isAlone`: the profile is of this world, which is not left out. */
  run(random: Random, isAlone: boolean): Promise<string | undefined>;
}
