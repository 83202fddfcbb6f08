import type { ReachesObject } from '../../services/shared/platform/reach/reach.js';

/** Gives the same verdict for every kind of object, for tests of a slice whose own reach decides. */
export function reachesAll(verdict: boolean): ReachesObject {
  const answer = async (): Promise<boolean> => verdict;
  return {
    call: answer,
    'live-call': answer,
    complaint: answer,
    customer: answer,
    agent: answer,
    queue: answer,
    number: answer,
    'client-unit': answer,
    team: answer,
    person: answer,
    export: answer,
  };
}
