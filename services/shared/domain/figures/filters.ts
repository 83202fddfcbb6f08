import { zeroFacts, type FactCount } from './count.js';
import { figureKeys, figureRegistry, isDaily, type AnyFigureKey, type FigureKey } from './registry.js';
import type { ReportScope } from './report.js';

/** What the facts of a report can be narrowed by. */
export const filterScopes = ['queue', 'number', 'trunk', 'client', 'result', 'agent', 'team'] as const;
export type FilterScope = (typeof filterScopes)[number];

/** A fact has to have one of the values of each scope that is named. An empty value: no client unit, no result, no team. */
export type ReportFilters = Readonly<Partial<Record<FilterScope, readonly string[] | undefined>>>;

/** The values of a scope as one text, separated by commas. In a value a comma is written `\,` and a backslash `\\`: names of firms have commas. */
export const joinValues = (values: readonly string[]): string => values.map((value) => value.replace(/[\\,]/g, '\\$&')).join();
export function splitValues(text: string): string[] {
  const values = [''];
  for (const [piece] of text.matchAll(/\\?[^]/g))
    if (piece === ',') values.push('');
    else values.push(`${values.pop() ?? ''}${piece.length === 1 ? piece : piece.slice(1)}`);
  return values;
}

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
  ...{ mediaCalls: 'call', mosSum: 'call', mosValues: 'call', packetsDue: 'call', packetsLost: 'call', jitterUs: 'call' },
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
  return named.find((scope) => counts.some((name) => !knownTo(name).includes(scope)) || (scope === 'result' && isOfUnanswered(key)));
}

/** A share or a mean over all visits. A call gets its result from the agent who answered it, so among calls with one nearly all were answered. */
const isOfUnanswered = (key: FigureKey): boolean =>
  figureRegistry[key].unit !== 'count' &&
  [...countsOf(key)].some((name) => (kindOfCount[name] ?? 'visit') === 'visit' && !ofAnswered.includes(name));

/**
 * Why lines of a report do not have a figure. `not-answered`: it is about all callers, and one whom nobody answered belongs to no agent;
 * `no-result`: the same of results; `no-place`: the states of agents belong to no queue, number, trunk, client unit, site or result.
 */
export const lineGaps = ['not-answered', 'no-result', 'no-place'] as const;
export type LineGap = (typeof lineGaps)[number];

/** The figures that the lines of a report do not have. `isOfMembers`: it is only of what the members of teams answered. */
export function gapsInLines(by: ReportScope, isOfMembers: boolean): ReadonlyMap<FigureKey, LineGap> {
  const isOfPeople = by === 'agent' || by === 'team' || isOfMembers;
  const gapOf = (key: FigureKey): LineGap | undefined => {
    const counts = [...countsOf(key)];
    if (isOfPeople && counts.some((name) => !knownTo(name).includes('agent'))) return 'not-answered';
    if (by === 'result' && isOfUnanswered(key)) return 'no-result';
    const isOfStates = counts.some((name) => kindOfCount[name] === 'state');
    return isOfStates && by !== 'all' && by !== 'agent' && by !== 'team' ? 'no-place' : undefined;
  };
  return new Map(
    figureKeys.flatMap((key) => {
      const gap = gapOf(key);
      return gap === undefined ? [] : [[key, gap] as const];
    }),
  );
}

/** The total of a report by result is of all visits, those without a result too. */
export const isInTotal = (gap: LineGap | undefined): boolean => gap === undefined || gap === 'no-result';
