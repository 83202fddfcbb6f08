import type { z } from 'zod';
import { FREE_CASE_ROWS, type CaseSearch } from '../../shared/contracts/api/customers/complaints.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/http/route.js';
import { scopeOf, type CaseScope } from '../cases/case-scope.js';
import { caseSheet, caseWorkbook } from '../adapters/case-sheet.js';
import type { Complaint } from '../cases/complaint.js';
import { who } from '../http.js';
import type { ComplaintSearch, ComplaintStore } from '../ports.js';
import { shown } from '../cases/shown.js';
import type { ComplaintFigures } from '../statistics.js';

export interface BoardHttp {
  readonly complaints: ComplaintStore;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  /** The current time, and the end of today and of this week at the site. */
  readonly bounds: () => { readonly now: Date; readonly todayEnd: Date; readonly weekEnd: Date };
  readonly count: (from: Date, to: Date, asOf: Date, scope: CaseScope) => Promise<ComplaintFigures>;
}

/** A hash that no case has. */
const NOBODY = '';

/** Lists of cases: the board by clock, the lists behind each figure, exports. */
export function createBoardRoutes({ complaints, hashNumber, bounds, audit, count }: BoardHttp): Route[] {
  const filterOf = ({ number, ...rest }: z.infer<typeof CaseSearch>, principal: Principal | undefined): ComplaintSearch => ({
    ...rest,
    ...(number === undefined ? {} : { numberHash: hashNumber(number) ?? NOBODY }),
    scope: scopeOf(principal),
  });

  /** The rows of an export without approval; refused when there are too many. Their audit row is written. */
  async function rowsFor(
    principal: Principal | undefined,
    query: z.infer<typeof CaseSearch>,
    from: string,
    form: string,
  ): Promise<Complaint[]> {
    const filter = { ...filterOf(query, principal), skip: 0, limit: FREE_CASE_ROWS };
    const { complaints: rows, total } = await complaints.search(filter, bounds());
    if (total > FREE_CASE_ROWS)
      throw new CallCentreError('approval-needed', 'An export of this many cases needs the approval of a second person.', {
        details: { rows: total },
      });
    await audit({ who: who(principal), what: 'complaint.exported', object: form, from, success: true, after: { rows: rows.length } });
    return rows;
  }

  return [
    route('GET /complaints', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query }) => {
        const { complaints: found, total } = await complaints.search(filterOf(query, principal), bounds());
        return { complaints: found.map(shown), total };
      },
    }),
    route('GET /complaints/board', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => complaints.counts(bounds(), scopeOf(principal)),
    }),
    route('GET /complaints/figures', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => count(query.from, query.to, bounds().now, scopeOf(principal)),
    }),
    route('GET /complaints/export.csv', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query, from, response }) => {
        response
          .attachment('complaints.csv')
          .type('text/csv')
          .end(caseSheet(await rowsFor(principal, query, from, 'csv')));
        return handled;
      },
    }),
    route('GET /complaints/export.xlsx', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query, from, response }) => {
        const workbook = await caseWorkbook(await rowsFor(principal, query, from, 'xlsx'));
        response.attachment('complaints.xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(workbook);
        return handled;
      },
    }),
  ];
}
