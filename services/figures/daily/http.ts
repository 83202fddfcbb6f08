import { CallCentreError } from '../../shared/domain/failure.js';
import { MOST_DAILY_DAYS } from '../../shared/domain/figures/daily.js';
import type { DailyKey } from '../../shared/domain/figures/registry.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { isScoped, type ReachOf } from '../../shared/platform/reach/reach.js';
import { route, type Route } from '../../shared/platform/http/route.js';
import type { SiteDays } from '../ports.js';
import { keysSeen, readDaily, readDailyRows } from './daily-figures.js';
import type { DailyReadings } from './daily-limit.js';
import type { DailyNeeds, DailySpan } from './daily-row.js';

export interface DailyHttp extends DailyNeeds {
  readonly days: SiteDays;
  readonly now: () => Date;
  readonly reachOf: ReachOf;
  readonly readings: DailyReadings;
}

/** The figures of whole days, and the rows behind each. */
export function createDailyRoutes({ days, now, reachOf, readings, ...needs }: DailyHttp): Route[] {
  async function spanOf(from: string, to: string, principal: Principal): Promise<DailySpan> {
    const { span, dates } = days.daysOf(from, to);
    if (dates.length > MOST_DAILY_DAYS)
      throw new CallCentreError('invalid-request', `These figures cover at most ${String(MOST_DAILY_DAYS)} days: choose fewer days.`);
    return { ...span, reach: await reachOf(principal), nowMs: now().getTime() };
  }
  /** The same question within the same reach; the time of asking is not part of it. */
  const questionOf = ({ nowMs: _nowMs, ...span }: DailySpan, ...more: readonly unknown[]): string => JSON.stringify([span, ...more]);
  function assertSeen(key: DailyKey, principal: Principal): void {
    if (!keysSeen(isScoped(principal)).includes(key))
      throw new CallCentreError('invalid-request', 'This figure covers the whole centre, and your scope is only a part of it.');
  }

  return [
    route('GET /figures/daily', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to } }) => {
        const span = await spanOf(from, to, principal);
        const keys = keysSeen(isScoped(principal));
        const { madeMs, figures } = await readings(questionOf(span, 'figures', keys), async (limit) => ({
          madeMs: span.nowMs,
          figures: await readDaily(needs, span, keys, limit),
        }));
        return { from: new Date(span.fromMs), until: new Date(span.untilMs), madeAt: new Date(madeMs), figures: [...figures] };
      },
    }),
    route('GET /figures/daily/rows', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, key, of, skip, limit } }) => {
        assertSeen(key, principal);
        const span = await spanOf(from, to, principal);
        const behind = { key, of, skip, limit };
        const { total, sum, rows } = await readings(questionOf(span, 'rows', behind), (time) => readDailyRows(needs, span, behind, time));
        return { total, sum, rows: rows.map(({ id, kind, at, callId, adds }) => ({ id, kind, at, callId: callId ?? null, adds })) };
      },
    }),
  ];
}
