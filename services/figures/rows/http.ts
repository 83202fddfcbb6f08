import { filtersIn } from '../../shared/contracts/api/figures/filter-query.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { nobody, isScoped, type MembersOf, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import type { DailyReadings } from '../daily/daily-limit.js';
import type { FactReads } from '../facts.js';
import { assertFit } from '../fit.js';
import { LONGEST_MS, seesStates } from '../http.js';
import type { ReportReaderNeeds, SitesOf } from '../report-reader.js';
import { readFigureRows, type FigureFact } from './figure-rows.js';

export interface FigureRowsHttp extends Pick<ReportReaderNeeds, 'zone' | 'slotsOf' | 'now'> {
  readonly reads: FactReads;
  /** One reading at a time, with a limit of its time. */
  readonly readings: DailyReadings;
  readonly reachOf: ReachOf;
  readonly membersOf?: MembersOf;
  readonly sitesOf?: SitesOf;
}

const rowOf = ({ atMs, callId, queueId, agentId, trunkId, outcome, lengthMs, ...fact }: FigureFact) => ({
  ...fact,
  at: new Date(atMs),
  callId: callId ?? null,
  queueId: queueId ?? null,
  agentId: agentId ?? null,
  trunkId: trunkId ?? null,
  outcome: outcome ?? null,
  lengthMs: lengthMs ?? null,
});

/** The rows behind any figure of a report. */
export function createFigureRowsRoutes(needs: FigureRowsHttp): Route[] {
  const { reads, readings, reachOf, membersOf = nobody, sitesOf = async () => [], zone, slotsOf, now } = needs;
  const dayOf = slotsOf('day', zone);
  return [
    route('GET /figures/rows', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => {
        const { key, by, scope, hourOfWeek, skip, limit } = query;
        const span = { fromMs: Date.parse(query.from), untilMs: Date.parse(query.until) };
        if (span.untilMs - span.fromMs > LONGEST_MS)
          throw new CallCentreError('invalid-request', 'At most 400 days are asked for at once.');
        const filters = filtersIn(query);
        assertFit([key], filters);
        const reach = await reachOf(principal);
        const teams = by === 'team' || filters.team !== undefined ? await membersOf() : [];
        const sites = by === 'site' ? await sitesOf() : [];
        // Of whoever asks and of every part of the question: nobody gets the rows of another.
        const question = JSON.stringify(['rows', principal, query]);
        const read = readings(question, ({ within }) =>
          within(
            readFigureRows(
              {
                ...{ reads, teams, sites, dayEndOf: (atMs: number) => dayOf(atMs).untilMs },
                slotOf: slotsOf(hourOfWeek === undefined ? 'whole' : 'hour-of-week', zone, span),
              },
              {
                ...{ key, span, by, scope, filters, reach, hourOfWeek, nowMs: now().getTime() },
                ...{ withStates: seesStates(principal, reach), seesCalls: !isScoped(principal) },
              },
            ),
          ),
        );
        const { figure, facts } = await read;
        return { total: facts.length, figure, rows: facts.slice(skip, skip + limit).map(rowOf) };
      },
    }),
  ];
}
