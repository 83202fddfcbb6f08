import type { FailureLimit } from '../../shared/domain/failure-details.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { filtersIn } from '../../shared/contracts/api/figures/filter-query.js';
import type { Comparison } from '../../shared/domain/figures/comparison.js';
import { chosenIn, gapsInLines, type FilterScope, type ReportFilters } from '../../shared/domain/figures/filters.js';
import { identityText } from '../../shared/domain/figures/identity.js';
import { isDaily, type AnyFigureKey } from '../../shared/domain/figures/registry.js';
import type { ReportForm, ReportInterval, ReportScope } from '../../shared/domain/figures/report.js';
import type { Language } from '../../shared/domain/language.js';
import type { Scope } from '../../shared/domain/people/rights.js';
import type { Team } from '../../shared/domain/people/team.js';
import { isScoped, type Reach } from '../../shared/platform/reach/reach.js';
import type { Reads } from '../../shared/records/reads.js';
import { daysBeside, putBeside, type ComparedLine } from '../compared.js';
import { assertFit, onlyFit, onlyFitTotal } from '../fit.js';
import type { PutDaily } from '../daily/daily-lines.js';
import type { Span } from '../report.js';
import type { RenderReport, ReportHeading, SiteDays } from '../ports.js';
import type { MadeReport, ReportQuestion } from '../report-reader.js';
import { reportSheet, type ReportSheet } from './report-sheet.js';

/** The largest number that fits on readable pages. */
export const MOST_PDF_ROWS = 1_000;
export const MOST_PDF_FIGURES = 14;
export const MOST_XLSX_CELLS = 400_000;

export interface ReportRequest extends ReportFilters {
  /** Days of the site. */
  readonly from: string;
  readonly to: string;
  readonly interval: ReportInterval;
  readonly by: ReportScope;
  readonly asOf?: string | undefined;
  readonly compare?: Comparison | undefined;
  readonly figures: readonly AnyFigureKey[];
  readonly form: ReportForm;
  readonly language: Language;
}

/** The person for whom it is made. */
export interface ReportAsker {
  readonly name: string;
  readonly scope: Scope;
  readonly reach: Reach;
  readonly withStates: boolean;
}

export interface ReportFile {
  readonly bytes: Uint8Array;
  /** The hash of the rows as CSV: the same in each form. */
  readonly sha256: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly rows: number;
}

/** A name in both languages. */
export type Words = Readonly<Record<Language, string>>;
/** The names of results: of each group on the way to it, as `codes/with/slashes`. */
export type ResultNames = () => Promise<ReadonlyMap<string, Words>>;

export interface ReportFileNeeds {
  readonly readReport: (question: ReportQuestion) => Promise<MadeReport>;
  readonly withDaily: PutDaily;
  readonly reads: Pick<Reads, 'accounts' | 'queues'>;
  readonly days: SiteDays;
  /** The teams of the site, including closed ones. */
  readonly teamsOf?: () => Promise<readonly Team[]>;
  readonly resultNames?: ResultNames;
  readonly headingOf: () => Promise<ReportHeading>;
  readonly render: RenderReport;
  readonly now: () => Date;
}

export const mediaTypeOf: Readonly<Record<ReportForm, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

/**
 * Makes files of reports, one after the other from the first read on, so that memory does not grow with the number of requests. Fails with
 * `too-large` when the form cannot hold the report.
 */
export function createReportFiles({
  readReport,
  withDaily,
  reads,
  days,
  teamsOf = async () => [],
  resultNames = async () => new Map<string, Words>(),
  headingOf,
  render,
  now,
}: ReportFileNeeds) {
  async function namesOf(by: ReportScope, language: Language): Promise<ReadonlyMap<string, string>> {
    if (by === 'queue') return new Map((await reads.queues.find({}, { fields: ['name'] })).map(({ _id, name }) => [_id, name[language]]));
    if (by === 'agent')
      return new Map((await reads.accounts.find({}, { fields: ['displayName'] })).map(({ _id, displayName }) => [_id, displayName]));
    if (by === 'team') return new Map((await teamsOf()).map(({ id, name }) => [id, name[language] ?? name['zh-CN']]));
    if (by === 'result') return new Map([...(await resultNames())].map(([result, name]) => [result, name[language]]));
    return new Map();
  }

  async function make(request: ReportRequest, asker: ReportAsker): Promise<ReportFile> {
    const { from, to, interval, by, asOf, compare, figures, form, language } = request;
    const { span } = days.daysOf(from, to);
    const filters = filtersIn(request);
    assertFit(figures, filters);
    const at = asOf === undefined ? undefined : new Date(asOf);
    const asked = { interval, by, filters, reach: asker.reach, asOf: at };
    const linesOf = async (during: Span) => {
      const { report, sources } = await readReport({ ...asked, span: during, withStates: asker.withStates });
      const lines = report.lines();
      const daily = await withDaily(lines, { ...asked, span: during, keys: figures.filter(isDaily), isScoped: isScoped(asker) });
      return { ...lines, ...daily, sources };
    };
    const own = await linesOf(span);
    const beside = compare === undefined ? undefined : daysBeside({ from, to }, interval, compare);
    const { sources, ...whole } =
      beside === undefined || compare === undefined
        ? own
        : putBeside(own, await linesOf(days.daysOf(beside.from, beside.to).span), { from, to, interval, comparison: compare });
    const gaps = gapsInLines(by, asker.reach.members !== undefined);
    const fitting = { filters, gaps };
    const lines = {
      ...whole,
      rows: whole.rows.map((line) => onlyFit<ComparedLine>(line, fitting)),
      total: onlyFitTotal<ComparedLine>(whole.total, fitting),
    };
    const names = await namesOf(by, language);
    const filterTexts: [FilterScope, readonly string[]][] = [];
    for (const [scope, values] of chosenIn(filters)) {
      const named = await namesOf(scope, language);
      filterTexts.push([scope, values.map((value) => named.get(value) ?? value)]);
    }
    const sheet = reportSheet({
      language,
      columns: figures,
      interval,
      by,
      span,
      lines,
      gaps,
      identity: identityText(whole.total.figures),
      ...(compare === undefined || beside === undefined ? {} : { comparison: { ...beside, compare } }),
      sources,
      madeAt: now(),
      madeBy: asker.name,
      asOf: at,
      filters: filterTexts,
      partOf: asker.scope,
      nameOf: (scope) => names.get(scope) ?? scope,
      timeText: days.timeText,
      zone: days.zone,
    });
    assertHolds(form, sheet, figures.length * (compare === undefined ? 1 : 2));
    const { bytes, sha256 } = await render(sheet, form, await headingOf());
    const fileName = `report_${from}_${to}_${by}_${interval}.${form}`;
    return { bytes, sha256, fileName, mediaType: mediaTypeOf[form], rows: sheet.rows.length };
  }

  let last: Promise<unknown> = Promise.resolve();
  return (request: ReportRequest, asker: ReportAsker): Promise<ReportFile> => {
    const made = last.then(() => make(request, asker));
    last = made.catch(() => undefined);
    return made;
  };
}
export type MakeReportFile = ReturnType<typeof createReportFiles>;

export function assertHolds(form: ReportForm, { rows, columns }: ReportSheet, figures: number): void {
  const over = (limit: FailureLimit, most: number): never => {
    throw new CallCentreError(
      'too-large',
      'This file format cannot hold that much: choose another one, a longer interval or fewer figures.',
      {
        details: { limit, most },
      },
    );
  };
  if (form === 'pdf' && rows.length > MOST_PDF_ROWS) over('pdf-rows', MOST_PDF_ROWS);
  if (form === 'pdf' && figures > MOST_PDF_FIGURES) over('pdf-figures', MOST_PDF_FIGURES);
  if (form === 'xlsx' && rows.length * columns.length > MOST_XLSX_CELLS) over('xlsx-cells', MOST_XLSX_CELLS);
}
