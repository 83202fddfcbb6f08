import { z } from 'zod';
import { addFacts, sumNames, zeroFacts, type FactCount, type SparseCount } from '../shared/domain/figures/count.js';
import { pairsOf } from '../shared/domain/figures/lengths.js';
import type { Counting, FactPlace } from './fold.js';
import type { AgentId } from '../shared/domain/ids.js';

/** Raised when a count gets a new field or counts differently: earlier sums are made again. */
export const SUMS_VERSION = 6;
/** Sums from this version on count the same as far as they go: they are read until they have been made again. */
export const READABLE_FROM = 3;
/** From this version on sums are also by result. */
export const RESULTS_FROM = 4;
/** From this version on sums know which handlings ended by a transfer. */
const TRANSFERS_FROM = 5;
/** From this version on sums know the audio of lines. */
const MEDIA_FROM = 6;
const ofMedia: readonly string[] = ['mediaCalls', 'mosSum', 'packetsDue', 'packetsLost', 'jitterUs'];
export const QUARTER_MS = 900_000;

/**
 * The sums of an interval. Agents' counts are in `agents` and, by the place of the call, in `places`;
 * the latter once more by the result of the call in `results`.
 */
export interface SumCells {
  readonly places: readonly (Omit<FactPlace, 'agentId' | 'result'> & { readonly count: FactCount })[];
  readonly results: readonly (Omit<FactPlace, 'agentId'> & { readonly count: FactCount })[];
  readonly agents: readonly { readonly agentId: AgentId; readonly count: FactCount }[];
  /** The states of all agents; undefined when nobody was signed in. */
  readonly states: FactCount | undefined;
}

/** The sums of an interval as they are read: zeros are left out. */
export interface ReadCells {
  readonly places: readonly (Omit<FactPlace, 'agentId' | 'result'> & { readonly count: FactCount | SparseCount })[];
  readonly results: readonly (Omit<FactPlace, 'agentId'> & { readonly count: FactCount | SparseCount })[];
  readonly agents: readonly { readonly agentId: AgentId; readonly count: FactCount | SparseCount }[];
  readonly states: FactCount | SparseCount | undefined;
}

/** The same as text: empty sums are left out and cells are ordered, so that equal sums are equal texts. */
export interface SumTexts {
  readonly places: string;
  readonly agents: string;
  /** Sums of earlier versions lack it. */
  readonly results?: string | undefined;
}

type Sums = Readonly<Partial<Record<(typeof sumNames)[number], number>>>;
type Lengths = readonly (readonly [length: number, number: number])[];
const isSumName: ReadonlySet<string> = new Set(sumNames);
// A report of a month reads hundreds of thousands of cells: their numbers are checked in place, and none is copied.
function isFit(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const [name, sum] of Object.entries(value)) if (!isSumName.has(name) || !Number.isFinite(sum)) return false;
  return true;
}
const unfit = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, sum]) => (isSumName.has(name) && typeof sum === 'number' && Number.isFinite(sum) ? [] : [name]))
    : ['everything'];
const Sums = z.custom<Sums>((value) => isFit(value), {
  error: ({ input }) => `these sums are unknown, or no numbers: ${unfit(input).join(', ')}`,
});
/** A length of time and the number of times it occurred. */
const Lengths = z
  .custom<Lengths>(
    (value) =>
      Array.isArray(value) &&
      value.every((pair) => Array.isArray(pair) && pair.length === 2 && Number.isSafeInteger(pair[0]) && Number.isSafeInteger(pair[1])),
  )
  .optional();
const Cell = z.strictObject({ sums: Sums, waits: Lengths, delays: Lengths, mos: Lengths });
const PlaceCell = Cell.extend({ q: z.string().optional(), n: z.string(), t: z.string(), u: z.string().optional() });
const PlaceCells = z.strictObject({ states: Cell.optional(), places: z.array(PlaceCell) });
const ResultCells = z.array(PlaceCell.extend({ r: z.string().optional() }));
const AgentCells = z.array(Cell.extend({ a: z.string() }));

function cellOf(count: FactCount, version: number): z.input<typeof Cell> {
  const names = sumNames.filter(
    (name) => (version >= TRANSFERS_FROM || name !== 'transfers') && (version >= MEDIA_FROM || !ofMedia.includes(name)),
  );
  const sums = Object.fromEntries(names.flatMap((name) => (count[name] === 0 ? [] : [[name, count[name]]])));
  const [waits, delays, mos] = [count.waits, count.postDialDelays, version >= MEDIA_FROM ? count.mosValues : []].map(pairsOf);
  return {
    sums,
    ...(waits?.length === 0 ? {} : { waits }),
    ...(delays?.length === 0 ? {} : { delays }),
    ...(mos?.length === 0 ? {} : { mos }),
  };
}

const byText =
  <T>(textOf: (each: T) => string) =>
  (a: T, b: T) =>
    textOf(a) < textOf(b) ? -1 : 1;
/** The place without its agent and its result. */
const ofPlace = ({ queueId, called, trunkId, clientUnit }: FactPlace) => ({ queueId, called, trunkId, clientUnit });
const placeText = ({ queueId, called, trunkId, clientUnit, result }: FactPlace): string =>
  JSON.stringify([queueId, called, trunkId, clientUnit, result]);
const placeCell = ({ queueId, called, trunkId, clientUnit, count }: SumCells['places'][number], version: number) => ({
  ...{ q: queueId, n: called, t: trunkId, u: clientUnit },
  ...cellOf(count, version),
});
/** The cell itself is the count: none is copied. */
const placeOfCell = (cell: z.output<typeof PlaceCell>) => ({
  ...{ queueId: cell.q, called: cell.n, trunkId: cell.t, clientUnit: cell.u },
  count: cell,
});

/** `version`: the texts that an earlier version would have written. */
export function textsOf({ places, results, agents, states }: SumCells, version = SUMS_VERSION): SumTexts {
  return {
    places: JSON.stringify({
      ...(states === undefined ? {} : { states: cellOf(states, version) }),
      places: [...places].sort(byText(placeText)).map((place) => placeCell(place, version)),
    }),
    results: JSON.stringify(
      [...results].sort(byText(placeText)).map(({ result, ...place }) => ({ r: result, ...placeCell(place, version) })),
    ),
    agents: JSON.stringify(
      [...agents].sort(byText(({ agentId }) => agentId)).map(({ agentId, count }) => ({ a: agentId, ...cellOf(count, version) })),
    ),
  };
}

/** Reads what `textsOf` of a version wrote. A missing text has no cells. Fails for another shape. */
export function cellsOf({ places, results, agents }: Partial<SumTexts>, version = SUMS_VERSION): ReadCells {
  const read = places === undefined ? undefined : PlaceCells.parse(JSON.parse(places));
  const cells: ReadCells = {
    places: (read?.places ?? []).map(placeOfCell),
    results:
      results === undefined ? [] : ResultCells.parse(JSON.parse(results)).map(({ r, ...cell }) => ({ result: r, ...placeOfCell(cell) })),
    states: read?.states,
    agents: agents === undefined ? [] : AgentCells.parse(JSON.parse(agents)).map(({ a, ...cell }) => ({ agentId: a, count: cell })),
  };
  if (version >= TRANSFERS_FROM) return cells;
  const markedIn = <Each extends { readonly count: FactCount | SparseCount }>(all: readonly Each[]): Each[] =>
    all.map((each) => ({ ...each, count: markedUnknown(each.count) }));
  return { ...cells, places: markedIn(cells.places), results: markedIn(cells.results), agents: markedIn(cells.agents) };
}

/** The handlings of a sum that does not know how they ended. */
const markedUnknown = (count: FactCount | SparseCount): FactCount | SparseCount =>
  'sums' in count && count.sums.handlings !== undefined
    ? { ...count, sums: { ...count.sums, handlingsUnknown: count.sums.handlings } }
    : count;

/** The number of facts in a sum: visits, handlings and legs. */
export const factsIn = ({ places }: SumCells): number =>
  places.reduce((sum, { count }) => sum + count.entered + count.handlings + count.legs, 0);

/** The counts that late facts can only raise. States are not among them, because their ends may be corrected. */
const growing = [
  'entered',
  'answered',
  'abandoned',
  'overflowed',
  'callbacks',
  'lost',
  'refused',
  'answeredInTime',
  'abandonedInTime',
  'abandonedShort',
  'answeredWaitMs',
  'abandonedWaitMs',
  'legs',
  'callsIn',
  'handlings',
] as const satisfies readonly (keyof FactCount)[];

/** Counts by queue, number and trunk only: the client unit of a number may change afterwards. */
function byPlace({ places }: Pick<ReadCells, 'places'>): Map<string, FactCount> {
  const found = new Map<string, FactCount>();
  for (const { queueId, called, trunkId, count } of places) {
    const key = JSON.stringify([queueId, called, trunkId]);
    const sum = found.get(key) ?? zeroFacts();
    addFacts(sum, count);
    found.set(key, sum);
  }
  return found;
}

/** Whether a stored sum is larger than its facts: late facts only add, so the sum is wrong, or rows are gone. */
export function saysMore(stored: ReadCells, counted: ReadCells): boolean {
  const now = byPlace(counted);
  return [...byPlace(stored)].some(([key, before]) => {
    const count = now.get(key) ?? zeroFacts();
    return growing.some((name) => before[name] > count[name]);
  });
}

/** Adds to the sums of one interval. */
function createCells() {
  type Cells = Map<string, { readonly place: FactPlace; readonly count: FactCount }>;
  const places: Cells = new Map();
  const results: Cells = new Map();
  const agents = new Map<string, FactCount>();
  let states: FactCount | undefined;
  const agentOf = (agentId: AgentId): FactCount => {
    let found = agents.get(agentId);
    if (found === undefined) agents.set(agentId, (found = zeroFacts()));
    return found;
  };
  const countIn = (cells: Cells, place: FactPlace): FactCount => {
    const key = placeText(place);
    let found = cells.get(key);
    if (found === undefined) cells.set(key, (found = { place, count: zeroFacts() }));
    return found.count;
  };
  const placeOf = (place: FactPlace): FactCount => countIn(places, ofPlace(place));
  const resultOf = (place: FactPlace): FactCount => countIn(results, { ...ofPlace(place), result: place.result });
  return {
    of: (place: FactPlace) => [...[placeOf(place), resultOf(place)], ...(place.agentId === undefined ? [] : [agentOf(place.agentId)])],
    ofState: (agentId: AgentId) => [agentOf(agentId), (states ??= zeroFacts())],
    add(cells: ReadCells): void {
      for (const { count, ...place } of cells.places) addFacts(placeOf(place), count);
      for (const { count, ...place } of cells.results) addFacts(resultOf(place), count);
      for (const { agentId, count } of cells.agents) addFacts(agentOf(agentId), count);
      if (cells.states !== undefined) addFacts((states ??= zeroFacts()), cells.states);
    },
    cells: (): SumCells => ({
      places: [...places.values()].map(({ place, count }) => ({ ...ofPlace(place), count })),
      results: [...results.values()].map(({ place, count }) => ({ ...place, count })),
      agents: [...agents].map(([agentId, count]) => ({ agentId, count })),
      states,
    }),
  };
}

/** Counts facts by quarters of an hour. */
export function createQuarterSums() {
  const quarters = new Map<number, ReturnType<typeof createCells>>();
  const startOf = (atMs: number): number => Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
  function quarterOf(atMs: number) {
    const startMs = startOf(atMs);
    let found = quarters.get(startMs);
    if (found === undefined) quarters.set(startMs, (found = createCells()));
    return found;
  }
  const counting: Counting = {
    of: (atMs, place) => quarterOf(atMs).of(place),
    ofState: (atMs, agentId) => quarterOf(atMs).ofState(agentId),
    endOf: (atMs) => startOf(atMs) + QUARTER_MS,
  };
  return { counting, cellsOf: (startMs: number): SumCells => (quarters.get(startMs) ?? createCells()).cells() };
}

/** Joins several intervals. */
export function addedUp(all: readonly ReadCells[]): SumCells {
  const sum = createCells();
  for (const cells of all) sum.add(cells);
  return sum.cells();
}
