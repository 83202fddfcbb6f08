import type { World } from '../world.js';
import { accountInvariant } from './account.js';
import { campaignsInvariant } from './campaigns.js';
import { carriersInvariant } from './carriers.js';
import { helpInvariant } from './help.js';
import { hoursInvariant, recordingInvariant, thirdPartyInvariant } from './consent.js';
import { copiesInvariant } from './copies.js';
import { earsInvariant } from './ears.js';
import { factsInvariant } from './facts.js';
import { figuresInvariant } from './figures.js';
import { gateInvariant } from './gate.js';
import type { Invariant } from './invariant.js';
import { boundedWorkInvariant, deadEndInvariant } from './limits.js';
import { listeningInvariant } from './listening.js';
import { contractInvariant, notesInvariant, ownPageInvariant } from './notes.js';
import { ownersInvariant } from './watching/owners.js';
import { placeInvariant } from './place.js';
import { countersInvariant, promisesInvariant } from './promises.js';
import { personsInvariant, recordsInvariant, secondsInvariant } from './records.js';
import { leadersInvariant, seatsInvariant } from './seats.js';
import { serviceInvariant } from './service.js';
import { spansInvariant } from './spans.js';
import { chatInvariant, teamsInvariant } from './supervision.js';
import { survivalInvariant, togetherInvariant } from './together.js';
import { breaksInvariant } from './watching/breaks.js';
import { thresholdsInvariant } from './watching/thresholds.js';
import { wallsInvariant } from './watching/walls.js';

export const createInvariants = (world: World): readonly Invariant[] =>
  [
    earsInvariant,
    seatsInvariant,
    listeningInvariant,
    copiesInvariant,
    leadersInvariant,
    serviceInvariant,
    deadEndInvariant,
    boundedWorkInvariant,
    gateInvariant,
    campaignsInvariant,
    carriersInvariant,
    helpInvariant,
    recordsInvariant,
    secondsInvariant,
    personsInvariant,
    placeInvariant,
    recordingInvariant,
    accountInvariant,
    thirdPartyInvariant,
    hoursInvariant,
    spansInvariant,
    promisesInvariant,
    countersInvariant,
    factsInvariant,
    ownersInvariant,
    figuresInvariant,
    survivalInvariant,
    togetherInvariant,
    teamsInvariant,
    chatInvariant,
    wallsInvariant,
    thresholdsInvariant,
    breaksInvariant,
    notesInvariant,
    ownPageInvariant,
    contractInvariant,
  ].map((make) => make(world));
