import type { World } from '../world.js';
import { earsInvariant } from './ears.js';
import { gateInvariant } from './gate.js';
import type { Invariant } from './invariant.js';
import { boundedWorkInvariant, deadEndInvariant } from './limits.js';
import { personsInvariant, recordsInvariant, secondsInvariant } from './records.js';
import { seatsInvariant } from './seats.js';
import { serviceInvariant } from './service.js';

export const createInvariants = (world: World): readonly Invariant[] =>
  [
    earsInvariant,
    seatsInvariant,
    serviceInvariant,
    deadEndInvariant,
    boundedWorkInvariant,
    gateInvariant,
    recordsInvariant,
    secondsInvariant,
    personsInvariant,
  ].map((make) => make(world));
