import { DateTime } from 'luxon';
import { OF_SERVICE } from '../shared/domain/facts.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { ReportScope } from '../shared/domain/figures/report.js';
import { isScoped, type ReachOf } from '../shared/platform/reach.js';
import { route, type Route } from '../shared/platform/route.js';
import type { CheckStore } from './ports.js';
import { createReportReader, type ReportReaderNeeds } from './report-reader.js';

const LONGEST_DAYS = 400;

export interface FiguresHttp extends ReportReaderNeeds {
  readonly checks: Pick<CheckStore, 'of'>;
  readonly reachOf: ReachOf;
}

/** The field of a visit by which a scope is found. */
const fieldOf = { queue: 'queueId', number: 'called', trunk: 'trunkId', client: 'clientUnit', agent: 'agentId' } as const satisfies Record<
  Exclude<ReportScope, 'all'>,
  string
>;

export function createFiguresHttp({ checks, reachOf, ...needs }: FiguresHttp): Route[] {
  const { reads, zone, now } = needs;
  const readReport = createReportReader(needs);

  /** The days of a report; fails with `invalid-request`. */
  function daysOf(from: string, to: string): DateTime[] {
    const [first, last] = [from, to].map((date) => DateTime.fromISO(date, { zone }));
    const length = first === undefined || last === undefined ? 0 : Math.round(last.diff(first, 'days').days) + 1;
    if (first === undefined || length < 1 || length > LONGEST_DAYS)
      throw new CallCentreError('invalid-request', `A report is of 1 to ${String(LONGEST_DAYS)} days, the first before the last.`);
    return Array.from({ length }, (_, day) => first.plus({ days: day }));
  }

  async function checksOf(days: readonly DateTime[]) {
    const found = (await Promise.all(days.map((day) => checks.of(day.toISODate() ?? '')))).flatMap((check) => check ?? []);
    return {
      days: found.length,
      added: found.reduce((sum, { added }) => sum + added, 0),
      differences: found.reduce((sum, { differences }) => sum + differences.length, 0),
    };
  }

  return [
    route('GET /figures/report', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, interval, by, asOf, skip, limit } }) => {
        const days = daysOf(from, to);
        const span = { fromMs: days[0]?.toMillis() ?? 0, untilMs: days.at(-1)?.plus({ days: 1 }).toMillis() ?? 0 };
        const { report, sources } = await readReport({
          span,
          interval,
          by,
          reach: await reachOf(principal),
          // States belong to the agents of the whole centre: who has a part of it does not see them.
          withStates: !isScoped(principal),
          asOf: asOf === undefined ? undefined : new Date(asOf),
        });
        const [oldest] = await reads.visits.find({}, { fields: ['enteredAt'], sort: { enteredAt: 1 }, limit: 1 });
        return {
          from: new Date(span.fromMs),
          until: new Date(span.untilMs),
          madeAt: now(),
          asOf: asOf ?? null,
          ...report.lines(skip, limit),
          rowCount: report.size,
          sources,
          factsSince: oldest?.enteredAt ?? null,
          checks: await checksOf(days),
        };
      },
    }),
    route('GET /figures/visits', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, until, by, scope, outcome, skip, limit } }) => {
        const { queues, numbers } = await reachOf(principal);
        const filter = {
          enteredAt: { $gte: new Date(from), $lt: new Date(until) },
          ...OF_SERVICE,
          $and: [
            queues.length === 0 ? {} : { queueId: { $in: [...queues] } },
            numbers === undefined ? {} : { called: { $in: [...numbers] } },
            by === 'all' ? {} : { [fieldOf[by]]: scope === '' ? null : scope },
          ],
          ...(outcome === undefined ? {} : { outcome }),
        };
        const [total, visits] = await Promise.all([
          reads.visits.count(filter),
          reads.visits.find(filter, {
            fields: ['callId', 'queueId', 'called', 'enteredAt', 'waitMs', 'thresholdMs', 'outcome', 'detail', 'agentId'],
            sort: { enteredAt: 1 },
            skip,
            limit,
          }),
        ]);
        return {
          total,
          visits: visits.map(({ _id, waitMs = null, outcome: ended = null, detail = null, agentId = null, ...visit }) => ({
            visitId: _id,
            ...visit,
            waitMs,
            outcome: ended,
            detail,
            agentId,
          })),
        };
      },
    }),
  ];
}
