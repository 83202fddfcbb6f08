import { testMixedSeeds } from './seed-tests.js';

testMixedSeeds(251, 500);
