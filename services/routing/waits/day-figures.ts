import { addFacts, countVisit, zeroFacts, type CountedVisit, type FactCount } from '../../shared/domain/figures/count.js';
import { createDayLegs } from './day-legs.js';
import { createDayTransfers } from './day-transfers.js';
import type { RowScope } from '../../shared/domain/figures/scope-rows.js';
import type { ThresholdScope } from '../../shared/domain/figures/threshold.js';
import type { AgentId, QueueId } from '../../shared/domain/ids.js';
import { teamFinder, type TeamSpell } from '../../shared/domain/people/team.js';

/** "The last 30 minutes" of the wallboard. */
export const LATELY_MS = 1_800_000;

/** A service visit as the wallboard counts it. */
export interface BoardVisit extends CountedVisit {
  readonly visitId: string;
  readonly queueId: QueueId;
  readonly enteredAtMs: number;
  /** The service number, and its client unit at that time. A stored row has both, an event only the number. */
  readonly called?: string | undefined;
  readonly clientUnit?: string | undefined;
  readonly trunkId?: string | undefined;
  /** The agent who answered. */
  readonly agentId?: AgentId | undefined;
}

/** A scope for which visits are counted. */
export interface FigureScope {
  readonly of: ThresholdScope['of'] | RowScope;
  /** Empty for the whole site. */
  readonly id: string;
}

/** The visits of one scope. */
interface ScopeVisits {
  /** In the order of their first report, which is nearly the order of time. */
  readonly all: BoardVisit[];
  /** Ended visits of today; undefined when they must be counted again. */
  closed: FactCount | undefined;
  readonly open: Map<string, BoardVisit>;
}

/**
 * The visits of the site's day and of the last half hour, from which figures are counted. Events add them at once; stored rows decide: a
 * row that differs replaces what an event said. A visit counts on the day on which it began.
 */
function createVisitFigures() {
  let midnightMs = Number.NEGATIVE_INFINITY;
  const known = new Map<string, BoardVisit>();
  const scopes = new Map<string, ScopeVisits>();
  const unitOfNumber = new Map<string, string>();
  const visitKeys = createVisitKeys();

  function visitsOf(key: string): ScopeVisits {
    let found = scopes.get(key);
    if (found === undefined) scopes.set(key, (found = { all: [], closed: zeroFacts(), open: new Map() }));
    return found;
  }

  /** `places`: the visit's current index, by scope. */
  function add(visit: BoardVisit, places: ReadonlyMap<string, number> = new Map()): void {
    known.set(visit.visitId, visit);
    if (visit.called !== undefined && visit.clientUnit !== undefined) unitOfNumber.set(visit.called, visit.clientUnit);
    for (const key of visitKeys.of(visit)) {
      const { all, closed, open } = visitsOf(key);
      all[places.get(key) ?? all.length] = visit;
      if (visit.outcome === undefined) open.set(visit.visitId, visit);
      else if (closed !== undefined && visit.enteredAtMs >= midnightMs) countVisit(closed, visit);
    }
  }

  function replace(was: BoardVisit, visit: BoardVisit): void {
    const [keys, places] = [visitKeys.of(visit), new Map<string, number>()];
    for (const key of visitKeys.of(was)) {
      const of = visitsOf(key);
      of.open.delete(was.visitId);
      const place = of.all.lastIndexOf(was);
      // A visit that waited for hours keeps its place; otherwise the visits of the last half hour behind it would not be found.
      if (keys.includes(key)) places.set(key, place);
      else of.all.splice(place, 1);
      if (was.outcome !== undefined) of.closed = undefined;
    }
    add(visit, places);
  }

  function counted(key: string, nowMs: number): { readonly today: FactCount; readonly lately: FactCount } {
    const [today, lately] = [zeroFacts(), zeroFacts()];
    const of = scopes.get(key);
    if (of === undefined) return { today, lately };
    addFacts(today, closedOf(of, midnightMs));
    for (const visit of of.open.values())
      if (visit.enteredAtMs >= midnightMs) countVisit(today, visit, Math.max(0, nowMs - visit.enteredAtMs));
    for (let place = of.all.length - 1; place >= 0; place -= 1) {
      const visit = of.all[place];
      // A row that arrived late is a little behind its place in time.
      if (visit === undefined || visit.enteredAtMs < nowMs - 2 * LATELY_MS) break;
      if (visit.enteredAtMs >= nowMs - LATELY_MS) countVisit(lately, visit, Math.max(0, nowMs - visit.enteredAtMs));
    }
    return { today, lately };
  }

  return {
    /** Who was in which team when: a move counts for its whole day, so earlier visits of that day move along. False when nothing changed. */
    inTeams(spells: readonly TeamSpell[]): boolean {
      if (!visitKeys.follow(spells)) return false;
      const visits = [...known.values()];
      known.clear();
      scopes.clear();
      for (const visit of visits) add(visit);
      return true;
    },
    /** Begins the day with this midnight; true when it is a different day. */
    turnTo(beganMs: number): boolean {
      if (beganMs === midnightMs) return false;
      midnightMs = beganMs;
      const rest = [...known.values()].filter(({ outcome, enteredAtMs }) => outcome === undefined || enteredAtMs >= midnightMs - LATELY_MS);
      known.clear();
      scopes.clear();
      for (const visit of rest) add(visit);
      return true;
    },
    /** The threshold that applied when the visit was first reported. */
    thresholdMsOf: (visitId: string): number | undefined => known.get(visitId)?.thresholdMs,
    /** Takes an event or a stored row. One that reports a finished visit as still open is out of date and ignored. */
    saw(seen: BoardVisit): void {
      if (seen.outcome !== undefined && seen.enteredAtMs < midnightMs - LATELY_MS && !known.has(seen.visitId)) return;
      const was = known.get(seen.visitId);
      const visit = placed(seen, was, unitOfNumber);
      if (was === undefined) add(visit);
      else if (visit.outcome === undefined ? was.outcome === undefined && differs(was, visit) : differs(was, visit)) replace(was, visit);
    },
    of: (queueId: QueueId, nowMs: number) => counted(keyOf({ of: 'queue', id: queueId }), nowMs),
    /**
     * The figures of a queue, a number, a trunk, a client unit, an agent, a team or the whole site; an agent or a team has the visits that
     * they answered.
     */
    ofScope: (scope: FigureScope, nowMs: number) => counted(keyOf(scope), nowMs),
    /** The ids of this kind that have visits here. */
    idsOf: (of: RowScope): string[] => idsIn(of, [...scopes.keys()]),
    keysOf: visitKeys.of,
    /** The team of an agent at a moment. */
    teamOf: (agentId: AgentId, atMs: number): string | undefined => visitKeys.teamOf(agentId, atMs),
    /** The client unit of a number, according to the known visits. */
    clientUnitOf: (number: string): string | undefined => unitOfNumber.get(number),
  };
}

/** The visits of the day, the transfers beside them, and the legs to numbers outside beside those of a trunk. */
export function createDayFigures() {
  const [visits, legs] = [createVisitFigures(), createDayLegs(LATELY_MS)];
  /** A handling has the scopes of a visit that its agent answered. */
  const transfers = createDayTransfers(LATELY_MS, ({ atMs, called, ...transfer }) =>
    visits.keysOf({ ...transfer, called, clientUnit: called === undefined ? undefined : visits.clientUnitOf(called), enteredAtMs: atMs }),
  );
  return {
    ...visits,
    sawLeg: legs.saw,
    sawTransfer: transfers.saw,
    inTeams(spells: readonly TeamSpell[]): void {
      if (visits.inTeams(spells)) transfers.again();
    },
    turnTo(beganMs: number): boolean {
      if (!visits.turnTo(beganMs)) return false;
      legs.turnTo(beganMs);
      transfers.turnTo(beganMs);
      return true;
    },
    ofScope(scope: FigureScope, nowMs: number) {
      const count = visits.ofScope(scope, nowMs);
      const sentOn = transfers.of(keyOf(scope), nowMs);
      count.today.transfers += sentOn.today;
      count.lately.transfers += sentOn.lately;
      if (scope.of !== 'trunk') return count;
      const { today, lately } = legs.of(scope.id, nowMs);
      addFacts(count.today, today);
      addFacts(count.lately, lately);
      return count;
    },
    /** The numbers, trunks and other items of a kind that have visits, transfers or legs stored here. */
    idsOf: (of: RowScope): readonly string[] => [
      ...visits.idsOf(of),
      ...(of === 'trunk' ? legs.trunkIds() : []),
      ...idsIn(of, transfers.keys()),
    ],
  };
}
export type DayFiguresKeeper = ReturnType<typeof createDayFigures>;

/**
 * An event does not name the client unit of the number. Until the row arrives, it is the last known one. An event of an earlier version does
 * not name the trunk.
 */
function placed(visit: BoardVisit, was: BoardVisit | undefined, unitOfNumber: ReadonlyMap<string, string>): BoardVisit {
  const called = visit.called ?? was?.called;
  const clientUnit = visit.clientUnit ?? was?.clientUnit ?? (called === undefined ? undefined : unitOfNumber.get(called));
  const trunkId = [visit.trunkId, was?.trunkId].find((id) => id !== undefined && id !== '');
  return { ...visit, called, clientUnit, trunkId, agentId: visit.agentId ?? was?.agentId };
}

const keyOf = ({ of, id }: FigureScope): string => `${of} ${id}`;
const idsIn = (of: RowScope, keys: readonly string[]): string[] =>
  keys.flatMap((key) => (key.startsWith(`${of} `) ? [key.slice(of.length + 1)] : []));

/** The ended visits of the day, counted again where necessary. */
function closedOf(of: ScopeVisits, midnightMs: number): FactCount {
  if (of.closed === undefined) {
    of.closed = zeroFacts();
    for (const visit of of.all) if (visit.outcome !== undefined && visit.enteredAtMs >= midnightMs) countVisit(of.closed, visit);
  }
  return of.closed;
}

/** What says for which scopes a visit or a handling counts. */
type PlacedVisit = Pick<BoardVisit, 'called' | 'clientUnit' | 'trunkId' | 'agentId' | 'enteredAtMs'> & {
  readonly queueId?: QueueId | undefined;
};

/** The scopes for which a visit counts. */
function createVisitKeys() {
  let known: readonly TeamSpell[] = [];
  let teamOf = teamFinder(known);
  return {
    of({ queueId, called, trunkId, clientUnit, agentId, enteredAtMs }: PlacedVisit): string[] {
      const teamId = agentId === undefined ? undefined : teamOf(agentId, enteredAtMs);
      return [
        keyOf({ of: 'site', id: '' }),
        ...(queueId === undefined ? [] : [keyOf({ of: 'queue', id: queueId })]),
        ...(called === undefined ? [] : [keyOf({ of: 'number', id: called })]),
        ...(trunkId === undefined ? [] : [keyOf({ of: 'trunk', id: trunkId })]),
        ...(clientUnit === undefined ? [] : [keyOf({ of: 'client-unit', id: clientUnit })]),
        ...(agentId === undefined ? [] : [keyOf({ of: 'agent', id: agentId })]),
        ...(teamId === undefined ? [] : [keyOf({ of: 'team', id: teamId })]),
      ];
    },
    teamOf: (agentId: AgentId, atMs: number) => teamOf(agentId, atMs),
    /** Takes over who was in which team when; false when nothing changed. */
    follow(spells: readonly TeamSpell[]): boolean {
      if (JSON.stringify(spells) === JSON.stringify(known)) return false;
      [known, teamOf] = [spells, teamFinder(spells)];
      return true;
    },
  };
}

const differs = (a: BoardVisit, b: BoardVisit): boolean =>
  a.queueId !== b.queueId ||
  a.enteredAtMs !== b.enteredAtMs ||
  a.outcome !== b.outcome ||
  a.waitMs !== b.waitMs ||
  a.thresholdMs !== b.thresholdMs ||
  a.called !== b.called ||
  a.trunkId !== b.trunkId ||
  a.clientUnit !== b.clientUnit ||
  a.agentId !== b.agentId;
