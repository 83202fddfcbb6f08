import { testMixedSeeds } from './seed-tests.js';

testMixedSeeds(1, 250);
