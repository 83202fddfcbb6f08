import { doors } from './doors.js';
import { people } from './people.js';
import type { Mutant } from './mutant.js';

/** The walls that closed the findings of the attack of 27 November 2026, taken out one at a time. */
export const mutants: readonly Mutant[] = [...doors, ...people];
