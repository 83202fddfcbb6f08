import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/rights.js';
import type { NumberHash } from '../../shared/platform/number-hash.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/route.js';
import { scopeOf, type CaseScope } from '../case-scope.js';
import { caseSheet, caseWorkbook } from '../adapters/case-sheet.js';
import type { Complaint } from '../complaint.js';
import { complaintKinds } from '../deadline-rule.js';
import { who } from '../http.js';
import type { ComplaintSearch, ComplaintStore } from '../ports.js';
import { shown } from '../shown.js';
import type { ComplaintFigures } from '../statistics.js';

export interface BoardHttp {
  readonly complaints: ComplaintStore;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  /** Ends of today and of this week at the site, and now. */
  readonly bounds: () => { readonly now: Date; readonly todayEnd: Date; readonly weekEnd: Date };
  readonly count: (from: Date, to: Date, asOf: Date, scope: CaseScope) => Promise<ComplaintFigures>;
}

/** More than that goes through `/exports`, where a second person approves. */
const FREE_EXPORT_ROWS = 100;

const Search = z.object({
  state: z.enum(['open', 'in-hand', 'answered', 'closed']).optional(),
  kind: z.enum(complaintKinds).optional(),
  owner: z.string().max(64).optional(),
  clientUnit: z.string().max(100).optional(),
  againstAgentId: z.string().max(64).optional(),
  number: z.string().max(24).optional(),
  callId: z.string().max(64).optional(),
  clock: z.enum(['overdue', 'today', 'week', 'later', 'was-overdue']).optional(),
  receivedFrom: z.coerce.date().optional(),
  receivedTo: z.coerce.date().optional(),
  skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** No case has this hash. */
const NOBODY = '';

/** Many cases: the board by clock, lists behind each figure, exports. */
export function createBoardRoutes({ complaints, hashNumber, bounds, audit, count }: BoardHttp): Route[] {
  const filterOf = ({ number, ...rest }: z.infer<typeof Search>, principal: Principal | undefined): ComplaintSearch => ({
    ...rest,
    ...(number === undefined ? {} : { numberHash: hashNumber(number) ?? NOBODY }),
    scope: scopeOf(principal),
  });

  /** The rows of a free export, refused when they are too many; their audit row is written. */
  async function rowsFor(
    principal: Principal | undefined,
    query: z.infer<typeof Search>,
    from: string,
    form: string,
  ): Promise<Complaint[]> {
    const filter = { ...filterOf(query, principal), skip: 0, limit: FREE_EXPORT_ROWS };
    const { complaints: rows, total } = await complaints.search(filter, bounds());
    if (total > FREE_EXPORT_ROWS)
      throw new CallCentreError('approval-needed', 'So many cases need the approval of a second person.', { details: { rows: total } });
    await audit({ who: who(principal), what: 'complaint.exported', object: form, from, success: true, after: { rows: rows.length } });
    return rows;
  }

  return [
    route({
      method: 'get',
      path: '/complaints',
      right: 'complaints.read',
      reach: { kind: 'filtered' },
      summary: 'Cases, by clock or newest first.',
      query: Search,
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query }) => {
        const { complaints: found, total } = await complaints.search(filterOf(query, principal), bounds());
        return { complaints: found.map(shown), total };
      },
    }),
    route({
      method: 'get',
      path: '/complaints/board',
      right: 'complaints.read',
      reach: { kind: 'filtered' },
      summary: 'How many cases are overdue, due today, this week, later, or ever ran out; by kind, client and agent.',
      handle: async ({ principal }) => complaints.counts(bounds(), scopeOf(principal)),
    }),
    route({
      method: 'get',
      path: '/complaints/figures',
      right: 'complaints.read',
      reach: { kind: 'filtered' },
      summary: 'The figures of a time as it stands now (regulation item 34).',
      query: z.object({ from: z.coerce.date(), to: z.coerce.date() }).refine(({ from, to }) => from < to, 'from must be before to'),
      handle: async ({ principal, query }) => count(query.from, query.to, bounds().now, scopeOf(principal)),
    }),
    route({
      method: 'get',
      path: '/complaints/export.csv',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: `Cases as CSV with masked numbers, ${FREE_EXPORT_ROWS} at most; more is asked for under /exports.`,
      query: Search,
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query, from, response }) => {
        response
          .attachment('complaints.csv')
          .type('text/csv')
          .end(caseSheet(await rowsFor(principal, query, from, 'csv')));
        return handled;
      },
    }),
    route({
      method: 'get',
      path: '/complaints/export.xlsx',
      right: 'complaints.work',
      reach: { kind: 'filtered' },
      summary: `The same as a workbook, ${FREE_EXPORT_ROWS} cases at most.`,
      query: Search,
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query, from, response }) => {
        const workbook = await caseWorkbook(await rowsFor(principal, query, from, 'xlsx'));
        response.attachment('complaints.xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(workbook);
        return handled;
      },
    }),
  ];
}
