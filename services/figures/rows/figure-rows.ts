import { addFacts, zeroFacts, type FactCount } from '../../shared/domain/figures/count.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { isOfPlaces, kindsBehind, type FactKind, type ReportFilters } from '../../shared/domain/figures/filters.js';
import { figureOf, figureRegistry, type FigureKey, type FigureValue } from '../../shared/domain/figures/registry.js';
import type { ReportScope } from '../../shared/domain/figures/report.js';
import type { AgentId, CallId, QueueId } from '../../shared/domain/ids.js';
import { teamFinder, type TeamSpell } from '../../shared/domain/people/team.js';
import type { Reach } from '../../shared/platform/reach/reach.js';
import { readFacts, type FactReads } from '../facts.js';
import { createFold, type Counting, type FactPlace, type FactSink, type ReportedVisit } from '../fold.js';
import { createKept } from '../kept.js';
import { siteFinder, type SiteSpell } from '../number-sites.js';
import { createPlacing } from '../placing.js';
import type { Slot, Span } from '../report.js';

/** A longer list is of no use to anybody, and would fill the memory. */
export const MOST_FIGURE_ROWS = 200_000;

export interface FigureRowsQuestion {
  readonly key: FigureKey;
  readonly span: Span;
  readonly by: ReportScope;
  /** The line; undefined for the total of all lines. */
  readonly scope: string | undefined;
  readonly filters: ReportFilters;
  readonly reach: Reach;
  readonly withStates: boolean;
  /** Whether the calls of agents' states are shown. */
  readonly seesCalls: boolean;
  readonly hourOfWeek: string | undefined;
  readonly nowMs: number;
}

export interface FigureRowsNeeds {
  readonly reads: FactReads;
  readonly teams: readonly TeamSpell[];
  readonly sites: readonly SiteSpell[];
  /** Cuts time into the hours of the week, or not at all. */
  readonly slotOf: (atMs: number) => Slot;
  readonly dayEndOf: (atMs: number) => number;
}

export interface FigureFact {
  readonly id: string;
  readonly kind: FactKind;
  readonly atMs: number;
  readonly callId: CallId | undefined;
  readonly queueId: QueueId | undefined;
  readonly agentId: AgentId | undefined;
  readonly trunkId: string | undefined;
  readonly outcome: string | undefined;
  readonly lengthMs: number | undefined;
  readonly adds: number;
  readonly counts: number;
}

type Described = Pick<FigureFact, 'id' | 'callId' | 'outcome'>;
interface Counted {
  readonly atMs: number;
  readonly place: Partial<FactPlace>;
  readonly count: FactCount;
}

/** A percentile or the longest: each row has a value of its own, and the figure is one of them. */
const isMeasured = (key: FigureKey): boolean => figureRegistry[key].minimum === 0 && figureRegistry[key].unit !== 'count';

/** What a fact adds; undefined when the figure does not count it. */
function partOf(key: FigureKey, count: FactCount): Pick<FigureFact, 'adds' | 'counts'> | undefined {
  const { numerator, denominator } = figureOf(key, count);
  if (isMeasured(key)) return denominator === 0 ? undefined : { adds: numerator, counts: 1 };
  // The denominator of a count is always 1.
  const counts = figureRegistry[key].unit === 'count' ? 0 : denominator;
  return numerator === 0 && counts === 0 ? undefined : { adds: numerator, counts };
}

const kindOf = ({ entered, legs, callsIn, mediaCalls, handlings }: FactCount): FactKind =>
  entered > 0 ? 'visit' : legs > 0 ? 'leg' : callsIn + mediaCalls > 0 ? 'call' : handlings > 0 ? 'handling' : 'state';

function lengthOf(kind: FactKind, count: FactCount): number | undefined {
  switch (kind) {
    case 'visit':
      return count.waiting > 0 ? undefined : count.longestWaitMs;
    case 'leg': {
      const [tenths] = count.postDialDelays;
      return tenths === undefined ? undefined : tenths * 100;
    }
    case 'handling':
      return count.talkMs + count.holdMs + count.wrapMs;
    case 'state':
      return count.readyMs + count.ringMs + count.busyMs + count.wrapStateMs + count.breakMs + count.awayMs;
    case 'call':
      return undefined;
  }
}

/** Which visits can count at all; the rest is decided as in the report. */
function visitFilterOf({ by, scope, filters }: FigureRowsQuestion): object {
  const queues = [...(by === 'queue' && scope !== undefined ? [[scope]] : []), ...(filters.queue === undefined ? [] : [filters.queue])];
  const agents = [...(by === 'agent' && scope !== undefined ? [[scope]] : []), ...(filters.agent === undefined ? [] : [filters.agent])];
  return { $and: [{}, ...queues.map((some) => ({ queueId: { $in: some } })), ...agents.map((some) => ({ agentId: { $in: some } }))] };
}

/**
 * The facts behind a figure, oldest first, and the figure computed from them alone. They are counted by the same code as the report, one by
 * one. Fails with `invalid-request` when there are too many.
 */
export async function readFigureRows(
  { reads, teams, sites, slotOf, dayEndOf }: FigureRowsNeeds,
  question: FigureRowsQuestion,
): Promise<{ readonly figure: FigureValue; readonly facts: readonly FigureFact[] }> {
  const { key, span, by, scope, filters, withStates, seesCalls, hourOfWeek, nowMs } = question;
  const teamOf = teamFinder(teams);
  const kept = createKept(question, teamOf);
  const placing = createPlacing({
    ...{ by, teamOf, siteOf: siteFinder(sites), isReached: kept.place, isMember: kept.agent },
    withStates: withStates && !isOfPlaces(filters),
  });
  const isIn = (atMs: number, found: string | undefined): boolean =>
    found !== undefined && (scope === undefined || found === scope) && (hourOfWeek === undefined || slotOf(atMs).key === hourOfWeek);
  let pending: Counted[] = [];
  const counted = (atMs: number, place: Partial<FactPlace>): readonly FactCount[] => {
    const count = zeroFacts();
    pending.push({ atMs, place, count });
    return [count];
  };
  const counting: Counting = {
    of: (atMs, place) => (isIn(atMs, placing.ofFact(atMs, place)) ? counted(atMs, place) : []),
    ofState: (atMs, agentId) => (isIn(atMs, placing.ofState(atMs, agentId)) ? counted(atMs, { agentId }) : []),
    endOf: (atMs) => Math.min(slotOf(atMs).untilMs, kept.isByDay || by === 'team' ? dayEndOf(atMs) : Number.POSITIVE_INFINITY),
  };
  const facts: FigureFact[] = [];
  const total = zeroFacts();
  /** Takes what has been counted since; a call may hold several handlings and legs. */
  function take(describe: (place: number, each: Counted) => Described): void {
    const all = pending;
    pending = [];
    for (const [place, each] of all.entries()) {
      addFacts(total, each.count);
      const part = partOf(key, each.count);
      if (part === undefined) continue;
      const kind = kindOf(each.count);
      const { queueId, agentId, trunkId } = each.place;
      facts.push({
        kind,
        atMs: each.atMs,
        queueId,
        agentId,
        trunkId,
        lengthMs: lengthOf(kind, each.count),
        ...part,
        ...describe(place, each),
      });
    }
    if (facts.length > MOST_FIGURE_ROWS)
      throw new CallCentreError('invalid-request', `More than ${String(MOST_FIGURE_ROWS)} rows: choose fewer days.`, {
        details: { limit: 'list-rows', most: MOST_FIGURE_ROWS },
      });
  }
  const kinds = kindsBehind(key);
  const agentIds = by === 'agent' && scope !== undefined ? [scope] : filters.agent;
  await readFacts(
    reads,
    { ...span, nowMs, kinds, agentIds, visitFilter: visitFilterOf(question), withResults: by === 'result' || filters.result !== undefined },
    describing(createFold({ ...span, nowMs, counting }), take, seesCalls),
  );
  facts.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  return { figure: figureOf(key, total), facts };
}

/** A sink that names each fact once the fold has counted it. */
function describing(fold: FactSink, take: (describe: (place: number, each: Counted) => Described) => void, seesCalls: boolean): FactSink {
  return {
    addState(state) {
      fold.addState(state);
      const callId = seesCalls ? state.callId : undefined;
      take((_place, { atMs }) => ({ id: `${state.agentId}/${String(atMs)}`, callId, outcome: state.state }));
    },
    addVisit(visit: ReportedVisit) {
      fold.addVisit(visit);
      take(() => ({ id: visit._id ?? '', callId: visit.callId, outcome: visit.outcome ?? 'waiting' }));
    },
    addCall(call, clientUnit, result) {
      fold.addCall(call, clientUnit, result);
      take((place, { atMs, count }) => {
        const leg = count.legs === 0 ? undefined : call.dialled.find(({ at }) => at.getTime() === atMs);
        const ended = leg === undefined ? undefined : leg.answeredAt ? 'answered' : leg.ringingAt ? 'rang' : (leg.failure ?? 'ended');
        return { id: `${call._id}/${String(atMs)}/${String(place)}`, callId: call._id, outcome: ended };
      });
    },
  };
}
