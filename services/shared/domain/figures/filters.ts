import { zeroFacts, type FactCount } from './count.js';
import { figureRegistry, isDaily, type AnyFigureKey } from './registry.js';

/** What the facts of a report can be narrowed by. */
export const filterScopes = ['queue', 'number', 'trunk', 'client', 'result', 'agent', 'team'] as const;
export type FilterScope = (typeof filterScopes)[number];

/** A fact has to have one of the values of each scope that is named. An empty value: no client unit, no result, no team. */
export type ReportFilters = Readonly<Partial<Record<FilterScope, readonly string[] | undefined>>>;

/** The scopes that are named, with their values. */
export const chosenIn = (filters: ReportFilters): (readonly [FilterScope, readonly string[]])[] =>
  filterScopes.flatMap((scope) => {
    const values = filters[scope];
    return values === undefined ? [] : [[scope, values] as const];
  });

export const isFiltered = (filters: ReportFilters): boolean => chosenIn(filters).length > 0;

/** Whether people are chosen: the states of agents have no queue, and a visit that nobody answered has no agent. */
export const isOfAgents = ({ agent, team }: ReportFilters): boolean => agent !== undefined || team !== undefined;
export const isOfPlaces = (filters: ReportFilters): boolean => chosenIn(filters).some(([scope]) => scope !== 'agent' && scope !== 'team');

const places: readonly FilterScope[] = ['queue', 'number', 'trunk', 'client', 'result'];
const people: readonly FilterScope[] = ['agent', 'team'];

/** Which facts a count is made of. */
export const factKinds = ['visit', 'handling', 'leg', 'call', 'state'] as const;
export type FactKind = (typeof factKinds)[number];

const kindOfCount: Readonly<Partial<Record<keyof FactCount, FactKind>>> = {
  ...{ legs: 'leg', legsAnswered: 'leg', legsEffective: 'leg', postDialDelays: 'leg' },
  ...{ callsIn: 'call', noticesHeard: 'call' },
  ...{
    handlings: 'handling',
    transfers: 'handling',
    handlingsUnknown: 'handling',
    talkMs: 'handling',
    holdMs: 'handling',
    wrapMs: 'handling',
  },
  ...{ readyMs: 'state', ringMs: 'state', busyMs: 'state', wrapStateMs: 'state', breakMs: 'state', awayMs: 'state' },
};
/** A visit belongs to an agent once that agent has answered it. */
const ofAnswered: readonly (keyof FactCount)[] = ['answered', 'answeredWaitMs', 'answeredInTime'];

/** The scopes that the facts behind a count know. */
function knownTo(name: keyof FactCount): readonly FilterScope[] {
  const kind = kindOfCount[name] ?? 'visit';
  if (kind === 'state') return people;
  if (kind === 'call' || (kind === 'visit' && !ofAnswered.includes(name))) return places;
  return filterScopes;
}

/** The counts that a figure is computed from: those that its formula reads. */
function countsOf(key: AnyFigureKey): ReadonlySet<keyof FactCount> {
  const read = new Set<keyof FactCount>();
  if (isDaily(key)) return read;
  const counts = new Proxy(zeroFacts(), {
    get(target, name) {
      if (name in target) read.add(name as keyof FactCount);
      return Reflect.get(target, name) as unknown;
    },
  });
  (figureRegistry[key].parts as (count: FactCount) => unknown)(counts);
  return read;
}

/** The kinds of facts behind a figure; none for a figure of whole days. */
export const kindsBehind = (key: AnyFigureKey): readonly FactKind[] => [
  ...new Set([...countsOf(key)].map((name) => kindOfCount[name] ?? 'visit')),
];

/** A filter that makes no sense for a figure, because its rows do not know this scope; undefined when all do. */
export function unfitFilter(key: AnyFigureKey, filters: ReportFilters): FilterScope | undefined {
  const named = chosenIn(filters).map(([scope]) => scope);
  // Figures of whole days are counted from other rows, which are not filtered.
  if (isDaily(key)) return named[0];
  const counts = [...countsOf(key)];
  return named.find((scope) => counts.some((name) => !knownTo(name).includes(scope)));
}
