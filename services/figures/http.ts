import { DateTime } from 'luxon';
import { OF_SERVICE } from '../shared/domain/facts.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { ReportInterval, ReportScope } from '../shared/domain/figures/report.js';
import { isScoped, withinReach, type ReachOf } from '../shared/platform/reach.js';
import { route, type Route } from '../shared/platform/route.js';
import type { Reads } from '../shared/records/reads.js';
import type { CheckStore } from './ports.js';
import { createReport, type Slot } from './report.js';

const LONGEST_DAYS = 400;
const MOST_ROWS = 3_000;
/** A call that begins so long before may have a handling of the time. */
const LONGEST_CALL_MS = 12 * 3_600_000;
/** An agent whose id has a colon is a part of the system. */
const isPerson = (agentId: string): boolean => !agentId.includes(':');

export interface FiguresHttp {
  readonly reads: Pick<Reads, 'calls' | 'visits' | 'agentStates' | 'serviceNumbers'>;
  readonly checks: Pick<CheckStore, 'of'>;
  readonly reachOf: ReachOf;
  readonly zone: string;
  readonly slotsOf: (
    interval: ReportInterval,
    zone: string,
    whole: { readonly fromMs: number; readonly untilMs: number },
  ) => (atMs: number) => Slot;
  readonly now: () => Date;
}

/** The field of a visit by which a scope is found. */
const fieldOf = { queue: 'queueId', number: 'called', trunk: 'trunkId', client: 'clientUnit', agent: 'agentId' } as const satisfies Record<
  Exclude<ReportScope, 'all'>,
  string
>;

export function createFiguresHttp({ reads, checks, reachOf, zone, slotsOf, now }: FiguresHttp): Route[] {
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
      handle: async ({ principal, query: { from, to, interval, by } }) => {
        const days = daysOf(from, to);
        const [fromMs, untilMs] = [days[0]?.toMillis() ?? 0, days.at(-1)?.plus({ days: 1 }).toMillis() ?? 0];
        const [start, end] = [new Date(fromMs), new Date(untilMs)];
        // States belong to the agents of the whole centre: who has a part of it does not see them.
        const withStates = !isScoped(principal);
        const report = createReport({
          slotOf: slotsOf(interval, zone, { fromMs, untilMs }),
          by,
          fromMs,
          untilMs,
          nowMs: now().getTime(),
          withStates,
        });
        const reach = await reachOf(principal);
        const fitting = (): void => {
          if (report.size > MOST_ROWS)
            throw new CallCentreError('invalid-request', `More than ${String(MOST_ROWS)} rows: choose a longer interval or fewer days.`);
        };
        const visits = reads.visits.batches(
          { enteredAt: { $gte: start, $lt: end }, ...OF_SERVICE },
          { fields: ['queueId', 'enteredAt', 'waitMs', 'outcome', 'agentId', 'thresholdMs', 'called', 'trunkId', 'clientUnit'] },
        );
        for await (const batch of visits) {
          for (const visit of batch) if (withinReach(reach, visit)) report.addVisit(visit);
          fitting();
        }
        const overlapping = { at: { $lt: end }, $or: [{ untilAt: null }, { untilAt: { $gt: start } }] };
        for await (const batch of reads.agentStates.batches(overlapping, { fields: ['agentId', 'at', 'untilAt', 'state', 'callId'] }))
          for (const state of batch) if (isPerson(state.agentId)) report.addState(state);
        const numbers = await reads.serviceNumbers.find({}, { fields: ['clientUnit'] });
        const unitOf = new Map(numbers.map(({ _id, clientUnit }) => [_id, clientUnit]));
        const calls = reads.calls.batches(
          { invitedAt: { $gte: new Date(fromMs - LONGEST_CALL_MS), $lt: end }, direction: 'inbound', class: 'service' },
          { fields: ['segments', 'called', 'trunkId', 'queueId'] },
        );
        for await (const batch of calls)
          for (const call of batch) if (withinReach(reach, call)) report.addCall(call, unitOf.get(call.called));
        fitting();
        const [oldest] = await reads.visits.find({}, { fields: ['enteredAt'], sort: { enteredAt: 1 }, limit: 1 });
        const { rows, total, accounted } = report.lines();
        return {
          from: start,
          until: end,
          madeAt: now(),
          rows,
          total,
          accounted,
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
