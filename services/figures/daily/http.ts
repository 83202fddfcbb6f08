import { CallCentreError } from '../../shared/domain/failure.js';
import type { DailyKey } from '../../shared/domain/figures/registry.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { isScoped, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import type { SiteDays } from '../ports.js';
import { keysSeen, readDaily, readDailyRows } from './daily-figures.js';
import type { DailyNeeds, DailySpan } from './daily-row.js';

/** All rows of the time are read each time it is asked for. */
export const MOST_DAYS = 31;

export interface DailyHttp extends DailyNeeds {
  readonly days: SiteDays;
  readonly now: () => Date;
  readonly reachOf: ReachOf;
}

/** The figures of whole days, and the rows behind each. */
export function createDailyRoutes({ days, now, reachOf, ...needs }: DailyHttp): Route[] {
  async function spanOf(from: string, to: string, principal: Principal): Promise<DailySpan> {
    const { span, dates } = days.daysOf(from, to);
    if (dates.length > MOST_DAYS)
      throw new CallCentreError('invalid-request', `These figures are of ${String(MOST_DAYS)} days at most: choose fewer days.`);
    return { ...span, reach: await reachOf(principal), nowMs: now().getTime() };
  }
  function assertSeen(key: DailyKey, principal: Principal): void {
    if (!keysSeen(isScoped(principal)).includes(key))
      throw new CallCentreError('invalid-request', 'This figure is of the whole centre: your scope is a part of it.');
  }

  return [
    route('GET /figures/daily', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to } }) => {
        const span = await spanOf(from, to, principal);
        return {
          from: new Date(span.fromMs),
          until: new Date(span.untilMs),
          madeAt: new Date(span.nowMs),
          figures: [...(await readDaily(needs, span, keysSeen(isScoped(principal))))],
        };
      },
    }),
    route('GET /figures/daily/rows', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, key, of, skip, limit } }) => {
        assertSeen(key, principal);
        const { total, sum, rows } = await readDailyRows(needs, await spanOf(from, to, principal), { key, of, skip, limit });
        return { total, sum, rows: rows.map(({ id, kind, at, callId, adds }) => ({ id, kind, at, callId: callId ?? null, adds })) };
      },
    }),
  ];
}
