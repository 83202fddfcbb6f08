import { addFacts, countVisit, zeroFacts, type CountedVisit, type FactCount } from '../../shared/domain/figures/count.js';
import type { ThresholdScope } from '../../shared/domain/figures/threshold.js';

/** "The last 30 minutes" of the wallboard. */
export const LATELY_MS = 1_800_000;

/** A visit of service as the wallboard counts it. */
export interface BoardVisit extends CountedVisit {
  readonly visitId: string;
  readonly queueId: string;
  readonly enteredAtMs: number;
  /** The service number, and whom it served then; a row knows both, an event the number alone. */
  readonly called?: string | undefined;
  readonly clientUnit?: string | undefined;
  /** Who answered. */
  readonly agentId?: string | undefined;
}

/** The visits of one scope. */
interface ScopeVisits {
  /** In the order in which they were heard of first, nearly that of time. */
  readonly all: BoardVisit[];
  /** Visits of today that are over; undefined when they must be counted anew. */
  closed: FactCount | undefined;
  readonly open: Map<string, BoardVisit>;
}

/**
 * The visits of the site's day, and of the half hour before now, as figures are made of them. Events bring them at once and the stored rows
 * decide: a row that says otherwise replaces what an event said. A visit counts on the day on which it began.
 */
export function createDayFigures() {
  let midnightMs = Number.NEGATIVE_INFINITY;
  const known = new Map<string, BoardVisit>();
  const scopes = new Map<string, ScopeVisits>();
  const unitOfNumber = new Map<string, string>();

  function visitsOf(key: string): ScopeVisits {
    let found = scopes.get(key);
    if (found === undefined) scopes.set(key, (found = { all: [], closed: zeroFacts(), open: new Map() }));
    return found;
  }

  /** `places`: where it stands already, by scope. */
  function add(visit: BoardVisit, places: ReadonlyMap<string, number> = new Map()): void {
    known.set(visit.visitId, visit);
    if (visit.called !== undefined && visit.clientUnit !== undefined) unitOfNumber.set(visit.called, visit.clientUnit);
    for (const key of keysOf(visit)) {
      const { all, closed, open } = visitsOf(key);
      all[places.get(key) ?? all.length] = visit;
      if (visit.outcome === undefined) open.set(visit.visitId, visit);
      else if (closed !== undefined && visit.enteredAtMs >= midnightMs) countVisit(closed, visit);
    }
  }

  function replace(was: BoardVisit, visit: BoardVisit): void {
    const [keys, places] = [keysOf(visit), new Map<string, number>()];
    for (const key of keysOf(was)) {
      const of = visitsOf(key);
      of.open.delete(was.visitId);
      const place = of.all.lastIndexOf(was);
      // One that waited for hours stays where it was: behind it, those of the last half hour would not be looked for.
      if (keys.includes(key)) places.set(key, place);
      else of.all.splice(place, 1);
      if (was.outcome !== undefined) of.closed = undefined;
    }
    add(visit, places);
  }

  /** An event does not say for whom the number is served: until the row does, it is whom it was served for the last time. */
  function placed(visit: BoardVisit, was: BoardVisit | undefined): BoardVisit {
    const called = visit.called ?? was?.called;
    const clientUnit = visit.clientUnit ?? was?.clientUnit ?? (called === undefined ? undefined : unitOfNumber.get(called));
    return { ...visit, called, clientUnit, agentId: visit.agentId ?? was?.agentId };
  }

  function counted(key: string, nowMs: number): { readonly today: FactCount; readonly lately: FactCount } {
    const [today, lately] = [zeroFacts(), zeroFacts()];
    const of = scopes.get(key);
    if (of === undefined) return { today, lately };
    addFacts(today, closedOf(of));
    for (const visit of of.open.values())
      if (visit.enteredAtMs >= midnightMs) countVisit(today, visit, Math.max(0, nowMs - visit.enteredAtMs));
    for (let place = of.all.length - 1; place >= 0; place -= 1) {
      const visit = of.all[place];
      // A row that came late stands a little behind its time.
      if (visit === undefined || visit.enteredAtMs < nowMs - 2 * LATELY_MS) break;
      if (visit.enteredAtMs >= nowMs - LATELY_MS) countVisit(lately, visit, Math.max(0, nowMs - visit.enteredAtMs));
    }
    return { today, lately };
  }

  function closedOf(of: ScopeVisits): FactCount {
    if (of.closed === undefined) {
      of.closed = zeroFacts();
      for (const visit of of.all) if (visit.outcome !== undefined && visit.enteredAtMs >= midnightMs) countVisit(of.closed, visit);
    }
    return of.closed;
  }

  return {
    /** Begins the day of this midnight; true when it is another than before. */
    turnTo(beganMs: number): boolean {
      if (beganMs === midnightMs) return false;
      midnightMs = beganMs;
      const rest = [...known.values()].filter(({ outcome, enteredAtMs }) => outcome === undefined || enteredAtMs >= midnightMs - LATELY_MS);
      known.clear();
      scopes.clear();
      for (const visit of rest) add(visit);
      return true;
    },
    /** The threshold that was noted when the visit was first reported. */
    thresholdMsOf: (visitId: string): number | undefined => known.get(visitId)?.thresholdMs,
    /** Takes an event or a stored row. One that says a finished visit goes on is out of date and ignored. */
    saw(seen: BoardVisit): void {
      if (seen.outcome !== undefined && seen.enteredAtMs < midnightMs - LATELY_MS && !known.has(seen.visitId)) return;
      const was = known.get(seen.visitId);
      const visit = placed(seen, was);
      if (was === undefined) add(visit);
      else if (visit.outcome === undefined ? was.outcome === undefined && differs(was, visit) : differs(was, visit)) replace(was, visit);
    },
    of: (queueId: string, nowMs: number) => counted(keyOf({ of: 'queue', id: queueId }), nowMs),
    /** Of a queue, a number, a client unit, what an agent answered, or the whole centre. */
    ofScope: (scope: ThresholdScope, nowMs: number) => counted(keyOf(scope), nowMs),
    /** For whom a number was served by the visits that are known. */
    clientUnitOf: (number: string): string | undefined => unitOfNumber.get(number),
  };
}
export type DayFiguresKeeper = ReturnType<typeof createDayFigures>;

const keyOf = ({ of, id }: ThresholdScope): string => `${of} ${id}`;

const keysOf = ({ queueId, called, clientUnit, agentId }: BoardVisit): string[] => [
  keyOf({ of: 'site', id: '' }),
  keyOf({ of: 'queue', id: queueId }),
  ...(called === undefined ? [] : [keyOf({ of: 'number', id: called })]),
  ...(clientUnit === undefined ? [] : [keyOf({ of: 'client-unit', id: clientUnit })]),
  ...(agentId === undefined ? [] : [keyOf({ of: 'agent', id: agentId })]),
];

const differs = (a: BoardVisit, b: BoardVisit): boolean =>
  a.queueId !== b.queueId ||
  a.enteredAtMs !== b.enteredAtMs ||
  a.outcome !== b.outcome ||
  a.waitMs !== b.waitMs ||
  a.thresholdMs !== b.thresholdMs ||
  a.called !== b.called ||
  a.clientUnit !== b.clientUnit ||
  a.agentId !== b.agentId;
