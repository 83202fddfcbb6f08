import { addFacts, countVisit, zeroFacts, type CountedVisit, type FactCount } from '../shared/domain/figures/count.js';

/** "The last 30 minutes" of the wallboard. */
export const LATELY_MS = 1_800_000;

/** A visit of service as the wallboard counts it. */
export interface BoardVisit extends CountedVisit {
  readonly visitId: string;
  readonly queueId: string;
  readonly enteredAtMs: number;
}

interface QueueVisits {
  /** In the order in which they were heard of, nearly that of time. */
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
  const queues = new Map<string, QueueVisits>();

  function visitsOf(queueId: string): QueueVisits {
    let found = queues.get(queueId);
    if (found === undefined) queues.set(queueId, (found = { all: [], closed: zeroFacts(), open: new Map() }));
    return found;
  }

  function add(visit: BoardVisit): void {
    const { all, closed, open } = visitsOf(visit.queueId);
    known.set(visit.visitId, visit);
    all.push(visit);
    if (visit.outcome === undefined) open.set(visit.visitId, visit);
    else if (closed !== undefined && visit.enteredAtMs >= midnightMs) countVisit(closed, visit);
  }

  function replace(was: BoardVisit, visit: BoardVisit): void {
    const { all, open } = visitsOf(was.queueId);
    open.delete(was.visitId);
    all.splice(all.lastIndexOf(was), 1);
    if (was.outcome !== undefined) visitsOf(was.queueId).closed = undefined;
    add(visit);
  }

  function closedOf(of: QueueVisits): FactCount {
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
      queues.clear();
      for (const visit of rest) add(visit);
      return true;
    },
    /** The threshold that was noted when the visit was first reported. */
    thresholdMsOf: (visitId: string): number | undefined => known.get(visitId)?.thresholdMs,
    /** Takes an event or a stored row. One that says a finished visit goes on is out of date and ignored. */
    saw(visit: BoardVisit): void {
      if (visit.outcome !== undefined && visit.enteredAtMs < midnightMs - LATELY_MS && !known.has(visit.visitId)) return;
      const was = known.get(visit.visitId);
      if (was === undefined) add(visit);
      else if (visit.outcome === undefined ? was.outcome === undefined && differs(was, visit) : differs(was, visit)) replace(was, visit);
    },
    of(queueId: string, nowMs: number): { readonly today: FactCount; readonly lately: FactCount } {
      const [today, lately] = [zeroFacts(), zeroFacts()];
      const of = queues.get(queueId);
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
    },
  };
}
export type DayFiguresKeeper = ReturnType<typeof createDayFigures>;

const differs = (a: BoardVisit, b: BoardVisit): boolean =>
  a.queueId !== b.queueId ||
  a.enteredAtMs !== b.enteredAtMs ||
  a.outcome !== b.outcome ||
  a.waitMs !== b.waitMs ||
  a.thresholdMs !== b.thresholdMs;
