import { isOfAgents, isOfPlaces, type FilterScope, type ReportFilters } from '../shared/domain/figures/filters.js';
import type { AgentId } from '../shared/domain/ids.js';
import { isMember } from '../shared/domain/people/team.js';
import { withinReach, type Reach } from '../shared/platform/reach/reach.js';
import type { FactPlace } from './fold.js';

/** Decides which facts a report counts: those within the reach of the reader that have the attributes of the filters. */
export interface Kept {
  readonly place: (place: FactPlace, atMs: number) => boolean;
  /** Of sums and states of agents; undefined when all are counted. */
  readonly agent: ((agentId: AgentId, atMs: number) => boolean) | undefined;
  /** Whether an agent may be counted on one day and not on the next. */
  readonly isByDay: boolean;
}

const fields = {
  queue: ({ queueId }) => queueId,
  number: ({ called }) => called,
  trunk: ({ trunkId }) => trunkId,
  client: ({ clientUnit }) => clientUnit,
  result: ({ result }) => result,
} as const satisfies Partial<Record<FilterScope, (place: FactPlace) => string | undefined>>;

export function createKept(
  { reach, filters = {} }: { readonly reach: Reach; readonly filters?: ReportFilters | undefined },
  teamOf: (agentId: AgentId, atMs: number) => string | undefined,
): Kept {
  const { members } = reach;
  const { agent, team } = filters;
  const isChosen = (agentId: AgentId, atMs: number): boolean =>
    (agent === undefined || agent.includes(agentId)) && (team === undefined || team.includes(teamOf(agentId, atMs) ?? ''));
  const tests = Object.entries(fields).flatMap(([scope, valueOf]) => {
    const chosen = filters[scope as keyof typeof fields];
    return chosen === undefined ? [] : [(place: FactPlace): boolean => chosen.includes(valueOf(place) ?? '')];
  });
  const ofPeople = isOfAgents(filters);
  const isPlaced = isOfPlaces(filters) ? (place: FactPlace): boolean => tests.every((test) => test(place)) : (): boolean => true;
  return {
    place: (place, atMs) =>
      withinReach(reach, place, atMs) && isPlaced(place) && (!ofPeople || (place.agentId !== undefined && isChosen(place.agentId, atMs))),
    agent:
      members === undefined && !ofPeople
        ? undefined
        : (agentId, atMs) => (members === undefined || isMember(members, agentId, atMs)) && isChosen(agentId, atMs),
    isByDay: members !== undefined || team !== undefined,
  };
}
