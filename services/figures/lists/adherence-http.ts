import { ADHERENCE_TOLERANCE_MS } from '../../shared/domain/figures/adherence.js';
import type { AgentId } from '../../shared/domain/ids.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { isScoped } from '../../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/http/route.js';
import type { Reads } from '../../shared/records/reads.js';
import { sendFile } from '../files/send-file.js';
import type { MakeListFile } from '../files/list-file.js';
import type { SiteDays } from '../ports.js';
import type { Span } from '../report.js';
import { adherenceContent } from './adherence-file.js';
import { adherenceTotal, readAdherence, type AdherenceDay, type AdherenceList } from './adherence.js';
import { listDaysOf } from './list-reads.js';

export interface AdherenceHttp {
  readonly reads: Pick<Reads, 'accounts' | 'agentStates' | 'registerEntries'>;
  readonly days: SiteDays;
  readonly seesAgent: (principal: Principal) => Promise<(agentId: AgentId, atMs: number) => boolean>;
  readonly makeFile: MakeListFile;
  readonly audit: Audit;
  readonly now: () => Date;
}

const spanShown = ({ fromMs, untilMs }: Span) => ({ from: new Date(fromMs), until: new Date(untilMs) });
const rowOf = ({ shifts, gaps, ...day }: AdherenceDay) => ({
  ...day,
  shifts: shifts.map(({ shiftId, ...span }) => ({ shiftId, ...spanShown(span) })),
  gaps: gaps.map(({ kind, counts, ...span }) => ({ kind, counts, ...spanShown(span) })),
});

/** Adherence to the shifts of the register, as a list and as a file. */
export function createAdherenceRoutes({ reads, days, seesAgent, makeFile, audit, now }: AdherenceHttp): Route[] {
  async function listOf(principal: Principal, from: string, to: string): Promise<AdherenceList> {
    const { dates } = listDaysOf(days, from, to);
    const list = await readAdherence(reads, {
      ...{ dates, nowMs: now().getTime(), sees: await seesAgent(principal) },
      ...{ dayOf: (date) => days.daysOf(date, date).span, momentOf: (date, time) => days.momentOf(date, time) },
    });
    // A row that belongs to nobody belongs to no part of the centre.
    return isScoped(principal) ? { ...list, faults: [] } : list;
  }

  return [
    route('GET /figures/adherence', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query: { from, to, skip, limit } }) => {
        const list = await listOf(principal, from, to);
        return {
          madeAt: now(),
          toleranceMs: ADHERENCE_TOLERANCE_MS,
          total: list.days.length,
          sums: adherenceTotal(list.days),
          rows: list.days.slice(skip, skip + limit).map(rowOf),
          faults: [...list.faults],
        };
      },
    }),
    route('GET /figures/adherence/file', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        const file = await makeFile({
          ...{ list: 'adherence', request: query, asker: principal },
          read: async (names, say) => adherenceContent(await listOf(principal, query.from, query.to), names, say),
        });
        return sendFile(file, { userId: principal.userId, from, query, audit, response });
      },
    }),
  ];
}
