import { filtersIn } from '../shared/contracts/api/figures/filter-query.js';
import { OF_SERVICE } from '../shared/domain/figures/facts.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { DailyKey } from '../shared/domain/figures/registry.js';
import { chosenIn, gapsInLines, type ReportFilters } from '../shared/domain/figures/filters.js';
import type { ReportScope, VisitCount } from '../shared/domain/figures/report.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { isScoped, nobody, ofMembers, type MembersOf, type Reach, type ReachOf } from '../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { StoredVisit } from '../shared/records/visit.js';
import type { PutDaily } from './daily/daily-lines.js';
import type { Comparison } from '../shared/domain/figures/comparison.js';
import { daysBeside, pageBeside, putBeside } from './compared.js';
import { assertFit, onlyFit, onlyFitTotal } from './fit.js';
import type { MakeReportFile, ResultNames, Words } from './files/report-file.js';
import { sendFile } from './files/send-file.js';
import { reachFilter } from './lists/list-reads.js';
import type { SiteSpell } from './number-sites.js';
import type { CheckStore, SiteDays } from './ports.js';
import type { Report, Span } from './report.js';
import type { MadeReport, ReportQuestion, ReportReaderNeeds, SitesOf } from './report-reader.js';

export interface FiguresHttp extends Pick<ReportReaderNeeds, 'reads' | 'now'> {
  readonly checks: Pick<CheckStore, 'of'>;
  readonly readReport: (question: ReportQuestion) => Promise<MadeReport>;
  readonly withDaily: PutDaily;
  readonly makeFile: MakeReportFile;
  readonly days: SiteDays;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly membersOf?: MembersOf;
  readonly sitesOf?: SitesOf;
  readonly resultNames?: ResultNames;
}

/** The field of a visit that holds its scope. */
const fieldOf = {
  queue: 'queueId',
  number: 'called',
  trunk: 'trunkId',
  client: 'clientUnit',
  agent: 'agentId',
  result: 'result',
} as const satisfies Record<Exclude<ReportScope, 'all' | 'team' | 'site'>, string>;

/** The visits that a count of a report consists of. Refused ones are lost; a visit without an outcome is waiting. */
const countedVisits: Readonly<Record<VisitCount, object>> = {
  entered: {},
  answered: { outcome: 'answered' },
  abandoned: { outcome: 'abandoned' },
  overflowed: { outcome: 'overflow' },
  callbacks: { outcome: 'callback' },
  lost: { outcome: { $in: ['lost', 'refused'] } },
  waiting: { outcome: null },
};
/** More would be many years: reports cover 400 days at most. */
export const LONGEST_MS = 401 * 86_400_000;
const duringOf = ({ fromMs, untilMs }: Span) => ({ enteredAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } });

/** The findings of the nightly checks of these days. */
async function checksOf(dates: readonly string[], checks: Pick<CheckStore, 'of'>) {
  const found = (await Promise.all(dates.map((date) => checks.of(date)))).flatMap((check) => check ?? []);
  return {
    days: found.length,
    added: found.reduce((sum, { added }) => sum + added, 0),
    differences: found.reduce((sum, { differences }) => sum + differences.length, 0),
    unaccounted: found.reduce((sum, { unaccounted = 0 }) => sum + unaccounted, 0),
    overstated: found.reduce((sum, { overstated = 0 }) => sum + overstated, 0),
  };
}

/** States belong to the agents of the whole centre. People with a part of it do not see them, except for members of their own teams. */
export const seesStates = (person: Pick<Principal, 'scope'>, { members }: Reach): boolean => !isScoped(person) || members !== undefined;

/** The visits that members of a team answered, or people without a team. */
async function ofTeam(teamId: string, membersOf: NonNullable<FiguresHttp['membersOf']>): Promise<object> {
  const spells = await membersOf(teamId === '' ? undefined : [teamId]);
  const condition = ofMembers(spells, { agent: 'agentId', at: 'enteredAt' });
  if (teamId !== '') return condition;
  return { agentId: { $gt: '' }, ...(spells.length === 0 ? {} : { $nor: [condition] }) };
}

/** The visits of numbers while they were at a site, or while they were at none. */
function ofSite(site: string, spells: readonly SiteSpell[]): object {
  const during = spells
    .filter((spell) => site === '' || spell.site === site)
    .map(({ number, fromMs, untilMs }) => ({
      called: number,
      enteredAt: { $gte: new Date(fromMs), ...(untilMs === undefined ? {} : { $lt: new Date(untilMs) }) },
    }));
  if (site === '') return during.length === 0 ? {} : { $nor: during };
  // No number was ever there: no visit matches.
  return during.length === 0 ? { called: { $in: [] } } : { $or: during };
}

const VISIT_FIELDS = ['callId', 'queueId', 'called', 'enteredAt', 'waitMs', 'thresholdMs', 'outcome', 'detail', 'agentId'] as const;
type ShownVisit = Pick<StoredVisit, '_id' | (typeof VISIT_FIELDS)[number]>;
function shownVisit({ _id, waitMs, outcome, detail, agentId, ...visit }: ShownVisit) {
  return { visitId: _id, ...visit, waitMs: waitMs ?? null, outcome: outcome ?? null, detail: detail ?? null, agentId: agentId ?? null };
}

/** The names of the scopes of these lines that have one. */
const namesOf = (lines: readonly { readonly scope: string }[], names: ReadonlyMap<string, Words>): Record<string, Words> =>
  Object.fromEntries(
    lines.flatMap(({ scope }) => {
      const name = names.get(scope);
      return name === undefined ? [] : [[scope, name]];
    }),
  );

/** The visits of a line of a report. */
async function ofScope(
  by: ReportScope,
  scope: string,
  { membersOf, sitesOf }: { readonly membersOf: MembersOf; readonly sitesOf: SitesOf },
): Promise<object> {
  if (by === 'all') return {};
  if (by === 'team') return ofTeam(scope, membersOf);
  if (by === 'site') return ofSite(scope, await sitesOf());
  return { [fieldOf[by]]: scope === '' ? null : scope };
}

/** The visits that the filters of a report keep, scope by scope. */
const ofFilters = (filters: ReportFilters, needs: Parameters<typeof ofScope>[2]): Promise<object[]> =>
  Promise.all(
    chosenIn(filters).map(async ([scope, values]) => ({
      $or: await Promise.all(values.map((value) => ofScope(scope, value, needs))),
    })),
  );

interface PageAsked {
  readonly from: string;
  readonly to: string;
  readonly compare: Comparison | undefined;
  /** Figures of whole days. */
  readonly keys: readonly DailyKey[];
  readonly isScoped: boolean;
  readonly skip: number;
  readonly limit: number;
}

/** Makes a page of a report: its lines alone, unless figures of whole days are among them, whose lines may fall between the others. */
function createPageOf({ readReport, withDaily, days }: Pick<FiguresHttp, 'readReport' | 'withDaily' | 'days'>) {
  return async (question: ReportQuestion, { from, to, compare, keys, isScoped: isPart, skip, limit }: PageAsked) => {
    const beside = compare === undefined ? undefined : daysBeside({ from, to }, question.interval, compare);
    const earlier = beside === undefined ? undefined : { ...question, span: days.daysOf(beside.from, beside.to).span };
    const comparing = compare === undefined ? undefined : { from, to, interval: question.interval, comparison: compare };
    const { report, sources } = await readReport(question);
    if (keys.length === 0) {
      if (earlier === undefined || comparing === undefined) return { ...report.lines(skip, limit), notes: [], sources, size: report.size };
      const { report: reportBefore } = await readReport(earlier);
      return { ...pageBeside(report, reportBefore, comparing, { skip, limit }), notes: [], sources };
    }
    const dailyOf = async (of: Report, asked: ReportQuestion) => {
      const lines = of.lines();
      return { ...lines, ...(await withDaily(lines, { ...asked, keys, isScoped: isPart })) };
    };
    const own = await dailyOf(report, question);
    const all =
      earlier === undefined || comparing === undefined
        ? own
        : putBeside(own, await dailyOf((await readReport(earlier)).report, earlier), comparing);
    return { ...all, rows: all.rows.slice(skip, skip + limit), sources, size: all.rows.length };
  };
}

export function createFiguresHttp({
  checks,
  reachOf,
  reads,
  readReport,
  withDaily,
  makeFile,
  days,
  audit,
  membersOf = nobody,
  sitesOf = async () => [],
  resultNames = async () => new Map(),
  now,
}: FiguresHttp): Route[] {
  const pageOf = createPageOf({ readReport, withDaily, days });
  return [
    route('GET /figures/report', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => {
        const { from, to, interval, by, asOf: moment, compare, daily: keys = [], figures: named = [], skip, limit } = query;
        const { span, dates } = days.daysOf(from, to);
        const filters = filtersIn(query);
        assertFit([...named, ...keys], filters);
        const reach = await reachOf(principal);
        const asked = { interval, by, filters, reach, asOf: moment === undefined ? undefined : new Date(moment) };
        const { rows, total, notes, waits, accounted, sources, size } = await pageOf(
          { ...asked, span, withStates: seesStates(principal, reach) },
          { from, to, compare, keys, isScoped: isScoped(principal), skip, limit },
        );
        const fitting = { filters, gaps: gapsInLines(by, reach.members !== undefined) };
        const [oldest] = await reads.visits.find({}, { fields: ['enteredAt'], sort: { enteredAt: 1 }, limit: 1 });
        return {
          from: new Date(span.fromMs),
          until: new Date(span.untilMs),
          madeAt: now(),
          asOf: moment ?? null,
          waits,
          accounted,
          rows: rows.map((line) => onlyFit(line, fitting)),
          scopeNames: by === 'result' ? namesOf(rows, await resultNames()) : {},
          total: onlyFitTotal(total, fitting),
          gaps: [...fitting.gaps].map(([key, why]) => ({ key, why })),
          dailyNotes: [...notes],
          rowCount: size,
          sources,
          factsSince: oldest?.enteredAt ?? null,
          checks: await checksOf(dates, checks),
        };
      },
    }),
    route('GET /figures/report/file', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query, from, response }) => {
        const { userId, name, scope } = principal;
        const reach = await reachOf(principal);
        const asker = { name, scope, reach, withStates: seesStates(principal, reach) };
        return sendFile(await makeFile(query, asker), { userId, from, query, audit, response });
      },
    }),
    route('GET /figures/visits', {
      reach: { kind: 'filtered' },
      handle: async ({ principal, query }) => {
        const { from, until, by, scope, of, hourOfWeek, skip, limit } = query;
        const reach = await reachOf(principal);
        const span = { fromMs: Date.parse(from), untilMs: Date.parse(until) };
        if (span.untilMs - span.fromMs > LONGEST_MS)
          throw new CallCentreError('invalid-request', 'At most 400 days can be requested at once.');
        const hours = hourOfWeek === undefined ? [] : days.hoursIn(span, hourOfWeek);
        if (hourOfWeek !== undefined && hours.length === 0) return { total: 0, visits: [] };
        const filter = {
          ...duringOf(span),
          ...OF_SERVICE,
          ...countedVisits[of],
          $and: [
            reachFilter(reach),
            hours.length === 0 ? {} : { $or: hours.map(duringOf) },
            await ofScope(by, scope, { membersOf, sitesOf }),
            ...(await ofFilters(filtersIn(query), { membersOf, sitesOf })),
          ],
        };
        const [total, visits] = await Promise.all([
          reads.visits.count(filter),
          reads.visits.find(filter, { fields: VISIT_FIELDS, sort: { enteredAt: 1 }, skip, limit }),
        ]);
        return {
          total,
          visits: visits.map(shownVisit),
        };
      },
    }),
  ];
}
